package dev.weft.install;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an uninstall deletes, webhooks first: without its control plane, one would block pods. */
final class Removal {
  private final Cluster cluster;
  private final String namespace;

  Removal(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * What would be deleted, in order.
   *
   * @param revision empty with {@code purge}: all of them
   * @param purge also what revisions share, the types, and what a control plane made by itself
   */
  List<KubeObject> objects(Optional<String> revision, boolean purge) {
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
          .filter(o -> revision.map(o.label(Marks.REVISION)::equals).orElse(purge))
          .forEach(found::add);
      if (purge) {
        cluster.list(kind, Map.of(Marks.KEPT, "weft")).stream()
            .filter(o -> o.namespace().equals(namespace) || (alone && o.kind().namespaced()))
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
      cluster.get(KubeKind.LEASE, namespace, "weft-control-leader").ifPresent(found::add);
    }
    return found.stream()
        .distinct()
        .sorted(
            Comparator.comparing((KubeObject o) -> o.kind().webhook() ? 0 : 1)
                .thenComparing(KubeObject::kind, Comparator.reverseOrder()))
        .toList();
  }

  void delete(List<KubeObject> objects, Progress progress) {
    for (KubeObject object : objects) {
      cluster.delete(object);
      progress.say(object.title() + " deleted");
    }
  }
}
