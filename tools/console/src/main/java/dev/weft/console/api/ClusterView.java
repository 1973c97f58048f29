package dev.weft.console.api;

import dev.weft.topology.picture.ClusterState;
import java.util.List;

/**
 * A member cluster.
 *
 * @param message why it is in this state; empty where there is nothing to say
 * @param server the address of its API server; empty where it is not known
 * @param secret of its registration; empty for the control plane's own cluster
 * @param version of its Kubernetes; empty while it does not say
 * @param region of its nodes; empty where they have none or several
 * @param workloads that have pods, not the pods
 */
public record ClusterView(
    String id,
    ClusterState state,
    String message,
    String server,
    String secret,
    String version,
    String network,
    String region,
    List<String> zones,
    CrossClusterProxyView crossClusterProxy,
    int services,
    int endpoints,
    int workloads,
    ProxyCounts proxies,
    List<ConditionView> conditions) {
  public ClusterView {
    zones = List.copyOf(zones);
    conditions = List.copyOf(conditions);
  }

  /** The way into the cluster's network from others. */
  public record CrossClusterProxyView(
      boolean enabled, String gateway, List<String> addresses, int readyReplicas) {
    public CrossClusterProxyView {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * How many proxies there are.
   *
   * @param synced those that have taken everything that they were sent
   */
  public record ProxyCounts(int connected, int synced) {}

  /** A condition of the status of its MemberCluster object. */
  public record ConditionView(
      String type, String status, String reason, String message, String since) {}
}
