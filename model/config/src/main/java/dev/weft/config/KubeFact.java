package dev.weft.config;

/** What the mesh keeps of an object of a member cluster, stripped at the edge. */
public sealed interface KubeFact
    permits KubeService, KubeEndpointSlice, KubePod, KubeNode, KubeNamespace {

  Key key();

  /** The kinds of facts. */
  enum Kind {
    SERVICE,
    ENDPOINT_SLICE,
    POD,
    NODE,
    NAMESPACE;

    boolean ofEndpoints() {
      return this == ENDPOINT_SLICE || this == POD;
    }
  }

  /**
   * Names a fact within a cluster.
   *
   * @param namespace empty for nodes and namespaces
   */
  record Key(Kind kind, String namespace, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byKind = kind.compareTo(other.kind);
      if (byKind != 0) {
        return byKind;
      }
      int byNamespace = namespace.compareTo(other.namespace);
      return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
  }
}
