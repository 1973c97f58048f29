package dev.weft.install;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Tags of revisions: an injector of its own for each. */
final class Tags {
  private final Cluster cluster;
  private final Charts charts;
  private final String namespace;

  Tags(Cluster cluster, Charts charts, String namespace) {
    this.cluster = cluster;
    this.charts = charts;
    this.namespace = namespace;
  }

  List<Tag> list() {
    List<KubeObject> namespaces = cluster.list(KubeKind.NAMESPACE, Map.of());
    return injectors().stream()
        .map(
            i -> {
              String tag = i.label(Marks.TAG);
              TreeSet<String> asking = new TreeSet<>();
              for (KubeObject each : namespaces) {
                boolean plain =
                    tag.equals("default") && each.label("istio-injection").equals("enabled");
                if (each.label(Marks.REVISION).equals(tag) || plain) {
                  asking.add(each.name());
                }
              }
              return new Tag(tag, i.label(Marks.REVISION), asking);
            })
        .toList();
  }

  /**
   * @param overwrite whether a tag may move from another revision
   */
  void set(String tag, String revision, boolean overwrite) {
    String suffix = revision.equals("default") ? "" : "-" + revision;
    KubeObject control =
        cluster
            .get(KubeKind.DEPLOYMENT, namespace, "istiod" + suffix)
            .filter(d -> d.label(Marks.OWNER).equals(namespace))
            .orElseThrow(
                () ->
                    new InstallException(
                        "namespace "
                            + namespace
                            + " has no control plane of revision "
                            + revision));
    Optional<KubeObject> before =
        injectors().stream().filter(i -> i.label(Marks.TAG).equals(tag)).findFirst();
    if (before.isPresent() && !before.get().label(Marks.REVISION).equals(revision) && !overwrite) {
      throw new InstallException(
          "tag "
              + tag
              + " is one of revision "
              + before.get().label(Marks.REVISION)
              + ": say --overwrite to move it");
    }
    Map<String, Object> values =
        Map.of(
            "revision",
            control.label(Marks.REVISION).equals("default") ? "" : revision,
            "revisionTags",
            List.of(tag));
    for (KubeObject object :
        charts.render(new Release("control", "istiod" + suffix, namespace, values))) {
      if (object.label(Marks.TAG).equals(tag)) {
        for (KubeObject other :
            cluster.list(
                KubeKind.MUTATING_WEBHOOK_CONFIGURATION, Map.of("app", "sidecar-injector"))) {
          Takeover.sameRevision(object, other)
              .ifPresent(
                  reason -> {
                    throw new InstallException(reason);
                  });
        }
        cluster.apply(object);
      }
    }
  }

  /** Whether there was such a tag. */
  boolean remove(String tag) {
    Optional<KubeObject> found =
        injectors().stream().filter(i -> i.label(Marks.TAG).equals(tag)).findFirst();
    found.ifPresent(cluster::delete);
    return found.isPresent();
  }

  private List<KubeObject> injectors() {
    return cluster
        .list(
            KubeKind.MUTATING_WEBHOOK_CONFIGURATION,
            Map.of(Marks.OWNER, namespace, "app", "sidecar-injector"))
        .stream()
        .filter(i -> !i.label(Marks.TAG).isEmpty())
        .toList();
  }
}
