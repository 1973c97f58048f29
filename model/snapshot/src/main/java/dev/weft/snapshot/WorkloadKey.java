package dev.weft.snapshot;

import dev.weft.types.ClusterId;

/** Names a pod in the mesh. Never an address: those of different clusters may be the same. */
public record WorkloadKey(ClusterId cluster, String namespace, String pod)
    implements Comparable<WorkloadKey> {

  @Override
  public int compareTo(WorkloadKey other) {
    int byCluster = cluster.compareTo(other.cluster);
    if (byCluster != 0) {
      return byCluster;
    }
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : pod.compareTo(other.pod);
  }

  @Override
  public String toString() {
    return pod + "." + namespace + " (cluster " + cluster + ")";
  }
}
