package dev.weft.snapshot;

import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.NetworkId;
import org.jspecify.annotations.Nullable;

/**
 * A way into a network for mutual TLS by SNI.
 *
 * @param cluster the cluster it runs in; null where it is not known
 * @param address an IP address or a host name
 * @param byEndpoint whether a client can name the endpoint that it means ({@link
 *     dev.weft.types.HopLabel})
 */
public record NetworkGateway(
    NetworkId network, @Nullable ClusterId cluster, HostPort address, boolean byEndpoint)
    implements Comparable<NetworkGateway> {

  @Override
  public int compareTo(NetworkGateway other) {
    int byNetwork = network.compareTo(other.network);
    if (byNetwork != 0) {
      return byNetwork;
    }
    String mine = cluster == null ? "" : cluster.value();
    String theirs = other.cluster == null ? "" : other.cluster.value();
    int byCluster = mine.compareTo(theirs);
    return byCluster != 0 ? byCluster : address.compareTo(other.address);
  }

  @Override
  public String toString() {
    return address + " (network " + network + (cluster == null ? "" : ", cluster " + cluster) + ")";
  }
}
