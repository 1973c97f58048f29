package dev.weft.snapshot;

import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All known ways between networks, in their order.
 *
 * @param scale the weight that one endpoint has, so that every number of gateways divides it: least
 *     common multiple of the gateways by network and by network and cluster. Istio:
 *     pilot/pkg/model/network.go.
 */
public record NetworkGateways(List<NetworkGateway> all, int scale) {
  public static final NetworkGateways NONE = new NetworkGateways(List.of(), 1);
  // Beyond this a weight carries no meaning any more and sums could overflow.
  private static final long MAX_SCALE = 1 << 20;

  public NetworkGateways {
    all = List.copyOf(all);
  }

  public static NetworkGateways of(List<NetworkGateway> gateways) {
    List<NetworkGateway> sorted = gateways.stream().distinct().sorted().toList();
    if (sorted.isEmpty()) {
      return NONE;
    }
    record ByCluster(NetworkId network, String cluster) {}
    Map<NetworkId, Long> byNetwork =
        sorted.stream()
            .collect(
                Collectors.groupingBy(
                    NetworkGateway::network, TreeMap::new, Collectors.counting()));
    Map<ByCluster, Long> byCluster =
        sorted.stream()
            .filter(g -> g.cluster() != null)
            .collect(
                Collectors.groupingBy(
                    g -> new ByCluster(g.network(), String.valueOf(g.cluster())),
                    Collectors.counting()));
    long scale = 1;
    for (long count : byNetwork.values()) {
      scale = lcm(scale, count);
    }
    for (long count : byCluster.values()) {
      scale = lcm(scale, count);
    }
    return new NetworkGateways(sorted, (int) Math.min(scale, MAX_SCALE));
  }

  /** The gateways of a cluster in a network, else all gateways of the network. */
  public List<NetworkGateway> into(NetworkId network, ClusterId cluster) {
    List<NetworkGateway> own =
        all.stream()
            .filter(g -> g.network().equals(network) && cluster.equals(g.cluster()))
            .toList();
    return own.isEmpty() ? all.stream().filter(g -> g.network().equals(network)).toList() : own;
  }

  private static long lcm(long a, long b) {
    long x = a;
    long y = b;
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    return Math.min(a / x * b, MAX_SCALE);
  }
}
