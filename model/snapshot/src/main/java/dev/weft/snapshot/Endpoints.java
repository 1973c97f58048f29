package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeNode;
import dev.weft.snapshot.ServiceEndpoint.Health;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Endpoint slices as endpoints of a service. Of an endpoint's addresses, which Kubernetes calls
 * interchangeable, the first one counts.
 */
final class Endpoints {
  private final Networks networks;
  private final Map<ClusterId, ClusterFacts> clusters;
  private final Map<WorkloadKey, Workload> workloads;
  private final PodsByAddress pods;

  Endpoints(
      Networks networks,
      Map<ClusterId, ClusterFacts> clusters,
      Map<WorkloadKey, Workload> workloads,
      PodsByAddress pods) {
    this.networks = networks;
    this.clusters = clusters;
    this.workloads = workloads;
    this.pods = pods;
  }

  /** In the order of cluster and address; only of clusters that have the Service itself. */
  List<ServiceEndpoint> of(List<SliceIndex.Placed> slices, List<ClusterId> declaring) {
    Map<ClusterId, Map<String, ServiceEndpoint>> found = new TreeMap<>();
    for (SliceIndex.Placed placed : slices) {
      ClusterFacts facts = clusters.get(placed.cluster());
      if (facts != null && declaring.contains(placed.cluster())) {
        add(facts, placed.slice(), found.computeIfAbsent(facts.id(), id -> new TreeMap<>()));
      }
    }
    return found.values().stream().flatMap(byAddress -> byAddress.values().stream()).toList();
  }

  private void add(
      ClusterFacts facts, KubeEndpointSlice slice, Map<String, ServiceEndpoint> byAddress) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    slice.ports().stream()
        .filter(p -> p.protocol().equals("TCP"))
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
            ? pods.at(facts.id(), address, workloads)
            : workloads.get(new WorkloadKey(facts.id(), slice.namespace(), endpoint.pod()));
    NetworkId network = workload == null ? networks.of(facts.id(), address) : workload.network();
    return new ServiceEndpoint(
        facts.id(),
        address,
        ports,
        health(endpoint, workload),
        network,
        workload == null ? locality(facts, endpoint) : workload.locality(),
        workload == null || !endpoint.node().isEmpty() ? endpoint.node() : workload.node(),
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

  /** A slice says the zone alone; which region that is, nodes in it know. */
  private static Locality locality(ClusterFacts facts, KubeEndpointSlice.Endpoint endpoint) {
    KubeNode node = facts.nodes().get(endpoint.node());
    if (node != null || endpoint.zone().isEmpty()) {
      return node == null ? Locality.UNKNOWN : node.locality();
    }
    return facts.nodes().values().stream()
        .map(KubeNode::locality)
        .filter(known -> known.zone().equals(endpoint.zone()))
        .findFirst()
        .map(known -> new Locality(known.region(), known.zone(), ""))
        .orElse(Locality.UNKNOWN);
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
