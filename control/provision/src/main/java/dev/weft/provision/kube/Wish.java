package dev.weft.provision.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.Manifest;
import dev.weft.provision.Ownership;
import dev.weft.provision.WebhookTrust;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of one API server.
 *
 * @param place whose objects they become; its mesh is empty until it is known
 * @param rootNamespace where most of them are
 * @param kinds what may be kept here: objects of these kinds that are not wanted go
 * @param trust the webhooks that a chart installed here; null for none
 * @param roots the mesh's trust bundle, PEM
 * @param observed what is known of the place: another value is a reason to look again
 */
record Wish(
    Ownership place,
    String rootNamespace,
    Set<ManagedKind> kinds,
    List<Manifest> objects,
    Map<Manifest.Key, ObjectNode> statuses,
    @Nullable WebhookTrust trust,
    String roots,
    Object observed) {
  Wish {
    kinds = Set.copyOf(kinds);
    objects = List.copyOf(objects);
    statuses = Map.copyOf(statuses);
  }

  /** The kinds in the order in which objects are made. */
  Set<ManagedKind> ordered() {
    return kinds.isEmpty() ? kinds : EnumSet.copyOf(kinds);
  }

  /** The same, with the mesh's name in it. */
  Wish of(String mesh) {
    return new Wish(
        new Ownership(mesh, place.revision(), place.cluster(), place.registered()),
        rootNamespace,
        kinds,
        objects,
        statuses,
        trust,
        roots,
        observed);
  }
}
