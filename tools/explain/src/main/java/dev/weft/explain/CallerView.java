package dev.weft.explain;

import dev.weft.routing.ClusterChoice;
import dev.weft.routing.LoadAssignment;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TcpPipeline;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServicePort;
import dev.weft.xds.ClusterName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the proxy of one caller would do with requests for a service, in one state of the mesh.
 *
 * @param snapshot the state
 * @param config what the proxy holds in it
 */
record CallerView(MeshSnapshot snapshot, Client client, RuntimeConfig config) {

  /**
   * How likely a request for the service goes to each of its clusters, by the routes and
   * connections that lead to it, each taken to be as frequent as the others.
   *
   * @param host of the service
   */
  Map<ClusterName.Outbound, Double> clusters(String host) {
    Map<ClusterName.Outbound, Double> found = new LinkedHashMap<>();
    for (RouteTable table : config.routeTables().values()) {
      for (VirtualHost virtualHost : table.virtualHosts()) {
        for (Route route : virtualHost.routes()) {
          if (route.action() instanceof RouteAction.Forward forward) {
            add(forward.clusters(), host, found);
          }
        }
      }
    }
    for (Listener listener : config.listeners().values()) {
      listener
          .allChains()
          .forEach(
              chain -> {
                if (chain.pipeline() instanceof TcpPipeline tcp && !tcp.sniCluster()) {
                  add(tcp.clusters(), host, found);
                }
              });
    }
    double all = found.values().stream().mapToDouble(v -> v).sum();
    found.replaceAll((name, weight) -> weight / all);
    return found;
  }

  private static void add(
      ClusterChoice choice, String host, Map<ClusterName.Outbound, Double> found) {
    switch (choice) {
      case ClusterChoice.Single single -> add(single.cluster(), 1, host, found);
      case ClusterChoice.Weighted weighted ->
          weighted
              .clusters()
              .forEach(c -> add(c.cluster(), (double) c.weight() / weighted.total(), host, found));
      case ClusterChoice.ByHeader byHeader -> {}
    }
  }

  private static void add(
      String cluster, double weight, String host, Map<ClusterName.Outbound, Double> found) {
    if (ClusterName.parse(cluster).orElse(null) instanceof ClusterName.Outbound outbound
        && outbound.host().equals(host)) {
      found.merge(outbound, weight, Double::sum);
    }
  }

  /** Where the requests to a cluster go; shares that are together 1. */
  Map<Places.Spot, Double> shares(ClusterName.Outbound name) {
    Cluster cluster = config.clusters().get(name.format());
    if (cluster == null) {
      return Map.of(Places.Spot.NOWHERE, 1.0);
    }
    LoadAssignment assignment = config.assignmentOf(cluster);
    return Places.shares(
        client.pod().key().cluster().value(),
        cluster,
        assignment == null ? LoadAssignment.empty(cluster.name()) : assignment,
        decisions(name),
        Set.of());
  }

  /** Whether endpoints of the cluster that fail are left alone before anybody takes them out. */
  boolean ejects(ClusterName.Outbound name) {
    Cluster cluster = config.clusters().get(name.format());
    return cluster != null && cluster.outlier() != null;
  }

  /** Why nothing, or not all, of what goes to a cluster finds an endpoint. */
  Prediction.Reason reason(ClusterName.Outbound name) {
    Optional<MeshService> service = snapshot.serviceByHostname(name.host());
    if (service.isEmpty() || service.get().endpoints().isEmpty()) {
      return Prediction.Reason.NO_ENDPOINTS_ELSEWHERE;
    }
    int usable = 0;
    int byLabels = 0;
    int byNetwork = 0;
    for (EndpointDecision decision : decisions(name)) {
      if (!(decision instanceof EndpointDecision.Dropped dropped)) {
        usable++;
      } else if (dropped.reason() instanceof EndpointDecision.Reason.SubsetLabels) {
        byLabels++;
      } else if (dropped.reason() instanceof EndpointDecision.Reason.NoGateway) {
        byNetwork++;
      }
    }
    if (usable > 0) {
      return Prediction.Reason.DISTRIBUTE_ONLY_THERE;
    }
    return byNetwork > 0
        ? Prediction.Reason.NO_GATEWAY
        : byLabels > 0 ? Prediction.Reason.SUBSET_ONLY_THERE : Prediction.Reason.LEFT_OUT;
  }

  private List<EndpointDecision> decisions(ClusterName.Outbound name) {
    Optional<MeshService> service = snapshot.serviceByHostname(name.host());
    Optional<ServicePort> port = service.flatMap(s -> s.port(name.port()));
    return service.isEmpty() || port.isEmpty()
        ? List.of()
        : EndpointView.of(snapshot, service.get(), port.get(), name.subset(), client.asking());
  }
}
