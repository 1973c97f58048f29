package dev.weft.install;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What an uninstall deletes, webhooks first: without its control plane, one would block pods. */
final class Removal {
  private static final List<String> CONSOLE_ACCOUNTS =
      List.of("weft-console-reader", "weft-console-admin");

  private final Cluster cluster;
  private final String namespace;

  Removal(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * What would be deleted, in order.
   *
   * @param wanted the revision; empty with {@code purge}: all of them
   * @param purge also what revisions share, the types, and what a control plane made by itself
   */
  List<KubeObject> objects(Optional<String> wanted, boolean purge) {
    List<KubeObject> found = new ArrayList<>();
    // Types and trust bundles are shared with other meshes of the cluster.
    boolean alone =
        cluster.list(KubeKind.DEPLOYMENT, Map.of(Marks.COMPONENT, Marks.CONTROL)).stream()
            .allMatch(d -> d.label(Marks.OWNER).equals(namespace));
    for (KubeKind kind : KubeKind.values()) {
      if (kind == KubeKind.NAMESPACE) {
        continue;
      }
      cluster.list(kind, Map.of(Marks.OWNER, namespace)).stream()
          .filter(o -> wanted.map(o.label(Marks.REVISION)::equals).orElse(purge))
          .forEach(found::add);
      if (purge) {
        cluster.list(kind, Map.of(Marks.KEPT, "weft")).stream()
            .filter(o -> alone || o.namespace().equals(namespace))
            .forEach(found::add);
      }
    }
    if (purge) {
      if (alone) {
        found.addAll(
            cluster.list(
                KubeKind.CUSTOM_RESOURCE_DEFINITION, Map.of(Marks.COMPONENT, Marks.TYPES)));
      }
      // The authority that a control plane made for itself; one that was plugged in stays.
      cluster.get(KubeKind.SECRET, namespace, "istio-ca-secret").ifPresent(found::add);
      // As whom `weft console` let people in.
      for (String account : CONSOLE_ACCOUNTS) {
        cluster.get(KubeKind.SERVICE_ACCOUNT, namespace, account).ifPresent(found::add);
        String role = account + "-" + namespace;
        cluster.get(KubeKind.CLUSTER_ROLE, "", role).ifPresent(found::add);
        cluster.get(KubeKind.CLUSTER_ROLE_BINDING, "", role).ifPresent(found::add);
      }
      for (String revision : revisions(found)) {
        String suffix = revision.equals("default") ? "" : "-" + revision;
        cluster
            .get(KubeKind.LEASE, namespace, "weft-control-leader" + suffix)
            .ifPresent(found::add);
      }
    }
    return found.stream()
        .distinct()
        .sorted(
            Comparator.comparing((KubeObject o) -> o.kind().webhook() ? 0 : 1)
                .thenComparing(KubeObject::kind, Comparator.reverseOrder()))
        .toList();
  }

  private static Set<String> revisions(List<KubeObject> objects) {
    Set<String> revisions = new TreeSet<>();
    objects.forEach(o -> revisions.add(o.label(Marks.REVISION)));
    revisions.remove("");
    return revisions;
  }

  void delete(List<KubeObject> objects, Progress progress) {
    for (KubeObject object : objects) {
      cluster.delete(object);
      progress.say(object.title() + " deleted");
      // A control plane that still runs would make again what is deleted after it.
      boolean writes =
          object.kind() == KubeKind.DEPLOYMENT
              && object.label(Marks.COMPONENT).equals(Marks.CONTROL);
      if (writes && !cluster.awaitEnd(object)) {
        progress.say("warning: pods of " + object.title() + " have not ended yet");
      }
    }
  }
}
