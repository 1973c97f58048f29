package dev.weft.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What has to be written so that what is there becomes what is wanted: a pure comparison. */
public final class Applying {
  private Applying() {}

  /** One write. */
  public sealed interface Step {
    Manifest.Key key();

    record Create(Manifest.Key key, ObjectNode body) implements Step {}

    /**
     * @param body with the resource version that it was computed from
     */
    record Replace(Manifest.Key key, ObjectNode body) implements Step {}

    record Delete(Manifest.Key key) implements Step {}
  }

  /**
   * Compares.
   *
   * @param live objects of the kinds concerned: all that carry the owner label, and those among the
   *     wanted that do not
   */
  public static List<Step> steps(Collection<Manifest> wanted, Map<Manifest.Key, ObjectNode> live) {
    List<Step> steps = new ArrayList<>();
    SortedMap<Manifest.Key, ObjectNode> obsolete = new TreeMap<>(live);
    for (Manifest manifest : wanted) {
      obsolete.remove(manifest.key());
      step(manifest, live).ifPresent(steps::add);
    }
    obsolete.forEach(
        (key, body) -> {
          if (owned(body) && !leaving(body)) {
            steps.add(release(key, body));
          }
        });
    return steps;
  }

  /** A namespace holds what others put into it: only the mesh's labels go. */
  private static Step release(Manifest.Key key, ObjectNode body) {
    if (key.kind() != ManagedKind.NAMESPACE) {
      return new Step.Delete(key);
    }
    ObjectNode bare = Objects.named(ManagedKind.NAMESPACE, "", key.name());
    bare.withObject("/metadata").remove("labels");
    return new Step.Replace(key, ThreeWay.merge(body, bare, ThreeWay.Winner.MESH));
  }

  private static Optional<Step> step(Manifest manifest, Map<Manifest.Key, ObjectNode> live) {
    ObjectNode there = live.get(manifest.key());
    if (there == null) {
      return Optional.of(new Step.Create(manifest.key(), ThreeWay.create(manifest.body())));
    }
    if (leaving(there)) {
      // It comes back when it is gone.
      return Optional.empty();
    }
    ObjectNode merged = ThreeWay.merge(there, manifest.body(), winner(manifest.key().kind()));
    return merged.equals(there)
        ? Optional.empty()
        : Optional.of(new Step.Replace(manifest.key(), merged));
  }

  private static ThreeWay.Winner winner(ManagedKind kind) {
    return kind == ManagedKind.ISTIO_GATEWAY ? ThreeWay.Winner.USER : ThreeWay.Winner.MESH;
  }

  /**
   * Whether the mesh wrote it. The label alone does not say so: a cluster's own controllers copy
   * the labels of a Service to its EndpointSlices.
   */
  private static boolean owned(ObjectNode body) {
    JsonNode metadata = body.path("metadata");
    return metadata.path("labels").path(Ownership.LABEL).asText("").equals(Ownership.MESH)
        && metadata.path("annotations").has(Ownership.LAST_APPLIED);
  }

  private static boolean leaving(ObjectNode body) {
    return body.path("metadata").has("deletionTimestamp");
  }
}
