package dev.weft.topology.picture;

import java.util.Comparator;

/**
 * What a card stands for.
 *
 * @param cluster empty where there is none, or it is not known
 * @param namespace empty where there is none
 */
record Spot(NodeKind kind, String cluster, String namespace, String name)
    implements Comparable<Spot> {
  static final Spot OUTSIDE = new Spot(NodeKind.OUTSIDE, "", "", "");

  private static final Comparator<Spot> ORDER =
      Comparator.comparing(Spot::cluster)
          .thenComparing(Spot::namespace)
          .thenComparing(Spot::name)
          .thenComparing(Spot::kind);

  static Spot service(String cluster, String namespace, String name) {
    return new Spot(NodeKind.SERVICE, cluster, namespace, name);
  }

  String id() {
    return switch (kind) {
      case WORKLOAD, GATEWAY -> cluster + "/" + namespace + "/" + name;
      case SERVICE -> "svc:" + cluster + "/" + namespace + "/" + name;
      case OUTSIDE -> PictureNode.OUTSIDE;
      case NAMESPACE -> cluster + "/" + namespace;
      case CLUSTER -> cluster;
    };
  }

  /** The card that stands for it on a level. */
  Spot on(Level level) {
    if (kind == NodeKind.OUTSIDE) {
      return this;
    }
    if (cluster.isEmpty()) {
      return switch (level) {
        case WORKLOAD -> this;
        case NAMESPACE -> service("", namespace, "");
        case CLUSTER -> service("", "", "");
      };
    }
    return switch (level) {
      case WORKLOAD -> this;
      case NAMESPACE -> new Spot(NodeKind.NAMESPACE, cluster, namespace, namespace);
      case CLUSTER -> new Spot(NodeKind.CLUSTER, cluster, "", cluster);
    };
  }

  @Override
  public int compareTo(Spot other) {
    return ORDER.compare(this, other);
  }
}
