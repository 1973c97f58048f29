package dev.weft.proxy.stats;

import dev.weft.routing.Endpoint;
import dev.weft.routing.LoadAssignment;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.ProxyStatistics;
import dev.weft.server.worker.ClusterTotals;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** {@code envoy_cluster_*}, by cluster. Clusters that were never used are left out. */
public final class ClusterMetrics {
  private ClusterMetrics() {}

  /** Writes them. */
  public static void write(Exposition out, ProxyStatistics statistics, RuntimeConfig config) {
    Map<String, ClusterTotals.Total> used = new TreeMap<>();
    statistics
        .clusters()
        .forEach(
            (name, total) -> {
              if (total.connectionsTotal() > 0
                  || total.connectFailures() > 0
                  || total.overflows() > 0) {
                used.put(name, total);
              }
            });
    out.counters(
        "envoy_cluster_upstream_cx_total",
        "Connections to the cluster.",
        by(used, t -> t.connectionsTotal()));
    out.counters(
        "envoy_cluster_upstream_cx_connect_fail",
        "Connections to the cluster that failed.",
        by(used, t -> t.connectFailures()));
    out.counters(
        "envoy_cluster_upstream_rq_pending_overflow",
        "Requests that overflowed a circuit breaker and failed.",
        by(used, t -> t.overflows()));
    out.gauges(
        "envoy_cluster_upstream_cx_active",
        "Connections to the cluster that are open.",
        by(used, t -> t.connections()));
    out.gauges(
        "envoy_cluster_upstream_rq_active",
        "Requests to the cluster that are under way.",
        by(used, t -> t.requests()));
    out.gauges(
        "envoy_cluster_upstream_rq_pending_active",
        "Requests that wait for a connection to the cluster.",
        by(used, t -> t.pending()));
    out.gauges(
        "envoy_cluster_outlier_detection_ejections_active",
        "Endpoints that are ejected.",
        by(used, t -> t.ejected().size()));
    Map<String, Long> members = new LinkedHashMap<>();
    Map<String, Long> healthy = new LinkedHashMap<>();
    for (Map.Entry<String, ClusterTotals.Total> entry : used.entrySet()) {
      String name = entry.getKey();
      var cluster = config.clusters().get(name);
      LoadAssignment assignment = cluster == null ? null : config.assignmentOf(cluster);
      if (assignment != null) {
        members.put(label(name), (long) assignment.size());
        healthy.put(label(name), healthy(assignment, entry.getValue().ejected()));
      }
    }
    out.gauges("envoy_cluster_membership_total", "Endpoints of the cluster.", members);
    out.gauges(
        "envoy_cluster_membership_healthy", "Endpoints of the cluster that are healthy.", healthy);
  }

  private static long healthy(LoadAssignment assignment, Set<Endpoint.Key> ejected) {
    long healthy = 0;
    for (LoadAssignment.Group group : assignment.groups()) {
      for (Endpoint endpoint : group.endpoints()) {
        boolean well = endpoint.health() == Endpoint.Health.HEALTHY;
        healthy += well && !ejected.contains(endpoint.key()) ? 1 : 0;
      }
    }
    return healthy;
  }

  private static Map<String, Long> by(
      Map<String, ClusterTotals.Total> used, ToLongFunction<ClusterTotals.Total> value) {
    Map<String, Long> out = new LinkedHashMap<>();
    used.forEach((name, total) -> out.put(label(name), value.applyAsLong(total)));
    return out;
  }

  private static String label(String cluster) {
    return new Labels().add("cluster_name", cluster).toString();
  }
}
