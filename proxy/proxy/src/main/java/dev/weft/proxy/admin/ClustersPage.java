package dev.weft.proxy.admin;

import dev.weft.routing.Endpoint;
import dev.weft.routing.LoadAssignment;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.ProxyStatistics;
import dev.weft.server.worker.ClusterTotals;
import dev.weft.types.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code /clusters} as text or JSON, in Envoy's form. */
final class ClustersPage {
  private ClustersPage() {}

  static String text(ProxyFacts facts) {
    RuntimeConfig config = facts.config();
    ProxyStatistics statistics = facts.statistics();
    StringBuilder out = new StringBuilder();
    new TreeMap<>(config.clusters())
        .forEach(
            (name, cluster) -> {
              ClusterTotals.Total total = statistics.clusters().get(name);
              line(
                  out,
                  name,
                  "default_priority::max_connections",
                  cluster.limits().maxConnections());
              line(
                  out,
                  name,
                  "default_priority::max_pending_requests",
                  cluster.limits().maxPendingRequests());
              line(out, name, "default_priority::max_requests", cluster.limits().maxRequests());
              line(out, name, "default_priority::max_retries", cluster.limits().maxRetries());
              if (total != null) {
                line(out, name, "cx_active", total.connections());
                line(out, name, "cx_total", total.connectionsTotal());
                line(out, name, "cx_connect_fail", total.connectFailures());
                line(out, name, "rq_active", total.requests());
              }
              LoadAssignment assignment = config.assignmentOf(cluster);
              if (assignment != null) {
                Set<Endpoint.Key> away = ejected(total);
                assignment.groups().forEach(group -> endpoints(out, name, group, away));
              }
            });
    return out.toString();
  }

  private static Set<Endpoint.Key> ejected(ClusterTotals.@Nullable Total total) {
    return total == null ? Set.of() : total.ejected();
  }

  private static void endpoints(
      StringBuilder out, String name, LoadAssignment.Group group, Set<Endpoint.Key> ejected) {
    for (Endpoint endpoint : group.endpoints()) {
      String host = name + "::" + endpoint.address();
      if (!endpoint.hop().isEmpty()) {
        host += "::" + endpoint.hop();
      }
      line(out, host, "hostname", endpoint.hostname());
      line(out, host, "health_flags", flags(endpoint, ejected.contains(endpoint.key())));
      line(out, host, "weight", endpoint.weight());
      line(out, host, "region", group.locality().region());
      line(out, host, "zone", group.locality().zone());
      line(out, host, "sub_zone", group.locality().subzone());
      line(out, host, "priority", group.priority());
      line(out, host, "workload", endpoint.workload());
    }
  }

  private static void line(StringBuilder out, String of, String what, Object value) {
    out.append(of).append("::").append(what).append("::").append(value).append('\n');
  }

  private static String flags(Endpoint endpoint, boolean ejected) {
    String outlier = ejected ? "/failed_outlier_check" : "";
    return switch (endpoint.health()) {
      case HEALTHY -> ejected ? outlier : "healthy";
      case DEGRADED -> outlier + "/degraded_eds_health";
      case UNHEALTHY, DRAINING -> outlier + "/failed_eds_health";
    };
  }

  static String json(ProxyFacts facts) {
    RuntimeConfig config = facts.config();
    ProxyStatistics statistics = facts.statistics();
    List<Object> statuses = new ArrayList<>();
    new TreeMap<>(config.clusters())
        .forEach(
            (name, cluster) ->
                statuses.add(
                    status(config, name, cluster, ejected(statistics.clusters().get(name)))));
    return Json.write(Map.of("cluster_statuses", statuses));
  }

  private static Map<String, @Nullable Object> status(
      RuntimeConfig config, String name, Cluster cluster, Set<Endpoint.Key> ejected) {
    List<Object> hosts = new ArrayList<>();
    LoadAssignment assignment = config.assignmentOf(cluster);
    if (assignment != null) {
      for (LoadAssignment.Group group : assignment.groups()) {
        for (Endpoint endpoint : group.endpoints()) {
          Map<String, @Nullable Object> host = new LinkedHashMap<>();
          host.put(
              "address",
              Map.of(
                  "socket_address",
                  Map.of(
                      "address", endpoint.address().host(),
                      "port_value", endpoint.address().port())));
          host.put(
              "health_status",
              ejected.contains(endpoint.key())
                  ? Map.of(
                      "eds_health_status", endpoint.health().name(), "failed_outlier_check", true)
                  : Map.of("eds_health_status", endpoint.health().name()));
          if (!endpoint.hop().isEmpty()) {
            host.put("hop", endpoint.hop());
          }
          host.put("weight", endpoint.weight());
          host.put("priority", group.priority());
          host.put(
              "locality",
              Map.of(
                  "region", group.locality().region(),
                  "zone", group.locality().zone(),
                  "sub_zone", group.locality().subzone()));
          hosts.add(host);
        }
      }
    }
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("name", name);
    out.put("added_via_api", true);
    out.put("host_statuses", hosts);
    return out;
  }
}
