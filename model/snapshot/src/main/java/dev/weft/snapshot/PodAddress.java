package dev.weft.snapshot;

import dev.weft.types.ClusterId;

/** An address as a cluster uses it: that of another cluster may be somebody else's. */
record PodAddress(ClusterId cluster, String address) implements Comparable<PodAddress> {
  @Override
  public int compareTo(PodAddress other) {
    int byCluster = cluster.compareTo(other.cluster);
    return byCluster != 0 ? byCluster : address.compareTo(other.address);
  }
}
