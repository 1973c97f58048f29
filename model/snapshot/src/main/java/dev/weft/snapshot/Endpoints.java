package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeNode;
import dev.weft.snapshot.ServiceEndpoint.Health;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Endpoint slices of all clusters as endpoints of services. */
final class Endpoints {
  private final Networks networks;
  private final Map<WorkloadKey, Workload> workloads;
  private final Map<ServiceId, Map<ClusterId, Map<String, ServiceEndpoint>>> byService =
      new HashMap<>();

  private Endpoints(Networks networks, Map<WorkloadKey, Workload> workloads) {
    this.networks = networks;
    this.workloads = workloads;
  }

  static Endpoints of(ConfigSet config, Networks networks, Map<WorkloadKey, Workload> workloads) {
    Endpoints endpoints = new Endpoints(networks, workloads);
    for (ClusterFacts facts : config.clusters().values()) {
      for (KubeEndpointSlice slice : facts.slices().values()) {
        if (!slice.service().isEmpty()) {
          endpoints.add(facts, slice);
        }
      }
    }
    return endpoints;
  }

  /** In the order of cluster and address; only of clusters that have the Service itself. */
  List<ServiceEndpoint> of(ServiceId service, List<ClusterId> clusters) {
    Map<ClusterId, Map<String, ServiceEndpoint>> found = byService.getOrDefault(service, Map.of());
    List<ServiceEndpoint> list = new ArrayList<>();
    found.forEach(
        (cluster, byAddress) -> {
          if (clusters.contains(cluster)) {
            list.addAll(byAddress.values());
          }
        });
    return list;
  }

  private void add(ClusterFacts facts, KubeEndpointSlice slice) {
    Map<String, ServiceEndpoint> byAddress =
        byService
            .computeIfAbsent(
                new ServiceId(slice.namespace(), slice.service()), id -> new TreeMap<>())
            .computeIfAbsent(facts.id(), id -> new TreeMap<>());
    Map<String, Integer> ports = new LinkedHashMap<>();
    slice.ports().stream()
        .filter(p -> !p.protocol().equals("UDP"))
        .forEach(p -> ports.put(p.name(), p.port()));
    for (KubeEndpointSlice.Endpoint endpoint : slice.endpoints()) {
      if (!endpoint.addresses().isEmpty()) {
        ServiceEndpoint one =
            endpoint(facts, slice, endpoint, endpoint.addresses().getFirst(), ports);
        byAddress.merge(one.address(), one, Endpoints::together);
      }
    }
  }

  private ServiceEndpoint endpoint(
      ClusterFacts facts,
      KubeEndpointSlice slice,
      KubeEndpointSlice.Endpoint endpoint,
      String address,
      Map<String, Integer> ports) {
    Workload workload =
        endpoint.pod().isEmpty()
            ? null
            : workloads.get(new WorkloadKey(facts.id(), slice.namespace(), endpoint.pod()));
    NetworkId network = workload == null ? networks.of(facts.id(), address) : workload.network();
    return new ServiceEndpoint(
        facts.id(),
        address,
        ports,
        health(endpoint, workload),
        network,
        workload == null ? locality(facts, endpoint) : workload.locality(),
        endpoint.node(),
        workload == null ? topology(facts.id(), network) : workload.labels(),
        workload != null && workload.mtls(),
        endpoint.hostname(),
        workload);
  }

  private static Health health(KubeEndpointSlice.Endpoint endpoint, @Nullable Workload workload) {
    if (endpoint.terminating() || (workload != null && workload.terminating())) {
      return Health.TERMINATING;
    }
    return endpoint.ready() ? Health.READY : Health.NOT_READY;
  }

  private static Locality locality(ClusterFacts facts, KubeEndpointSlice.Endpoint endpoint) {
    KubeNode node = facts.nodes().get(endpoint.node());
    return node != null ? node.locality() : Locality.UNKNOWN;
  }

  private static Map<String, String> topology(ClusterId cluster, NetworkId network) {
    Map<String, String> labels = new TreeMap<>();
    labels.put("topology.istio.io/cluster", cluster.value());
    if (network.isNamed()) {
      labels.put(Networks.LABEL, network.value());
    }
    return labels;
  }

  /** An address that stands in two slices, which happens while it moves, or with ports apart. */
  private static ServiceEndpoint together(ServiceEndpoint a, ServiceEndpoint b) {
    Map<String, Integer> ports = new LinkedHashMap<>(a.ports());
    ports.putAll(b.ports());
    ServiceEndpoint better = a.health().compareTo(b.health()) <= 0 ? a : b;
    return new ServiceEndpoint(
        better.cluster(),
        better.address(),
        ports,
        better.health(),
        better.network(),
        better.locality(),
        better.node(),
        better.labels(),
        better.mtls(),
        better.hostname(),
        better.workload());
  }
}
