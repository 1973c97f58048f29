package dev.weft.topology.history;

import dev.weft.config.GatewayConfig;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.snapshot.CrossClusterProxy;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServiceEndpoint.Health;
import dev.weft.snapshot.Workload;
import dev.weft.topology.Place;
import dev.weft.topology.history.ClusterFact.GatewayFact;
import dev.weft.topology.history.ServiceFact.Endpoints;
import dev.weft.topology.history.WorkloadFact.Role;
import dev.weft.types.ClusterId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a snapshot shows of the mesh. */
public final class MeshStates {
  /** On pods of a gateway that the mesh runs: its name. */
  private static final String MANAGED = "mesh.weft.dev/gateway";

  /** On pods of gateways that were installed as Istio's charts do. */
  private static final String INSTALLED = "istio";

  private static final String EAST_WEST = "eastwestgateway";

  private final MeshSnapshot snapshot;
  private final Set<String> crossCluster;
  private final List<Map<String, String>> selectors;
  private final Map<Place, WorkloadFact> workloads = new TreeMap<>();
  private final Map<ClusterId, Map<String, Integer>> regions = new TreeMap<>();
  private final Map<ClusterId, Set<String>> zones = new TreeMap<>();

  private MeshStates(MeshSnapshot snapshot) {
    this.snapshot = snapshot;
    this.crossCluster =
        Stream.concat(
                snapshot.istioGateways().stream()
                    .filter(g -> g.type() == IstioGatewaySpec.GatewayType.CROSS_NETWORK)
                    .map(g -> g.meta().name()),
                snapshot.clusters().values().stream().map(m -> m.crossClusterProxy().gateway()))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    this.selectors =
        snapshot.gateways().stream()
            .map(GatewayConfig::selector)
            .filter(selector -> !selector.isEmpty())
            .distinct()
            .toList();
  }

  /** What there is. Pods on their way out are not. */
  public static MeshState of(MeshSnapshot snapshot) {
    MeshStates states = new MeshStates(snapshot);
    snapshot.workloads().values().stream().filter(w -> !w.terminating()).forEach(states::add);
    Map<String, ClusterFact> clusters = new TreeMap<>();
    snapshot.clusters().values().forEach(m -> clusters.put(m.id().value(), states.cluster(m)));
    Map<String, ServiceFact> services = new TreeMap<>();
    snapshot.services().values().forEach(s -> services.put(s.hostname(), service(s)));
    return new MeshState(clusters, states.workloads, services);
  }

  /** Where a pod's traffic is counted. */
  public static Place place(Workload workload) {
    return new Place(
        workload.key().cluster().value(), workload.key().namespace(), workload.workloadName());
  }

  private void add(Workload pod) {
    Place place = place(pod);
    WorkloadFact fact =
        new WorkloadFact(
            place,
            role(pod),
            pod.canonicalService(),
            pod.canonicalRevision(),
            pod.network().value(),
            1,
            pod.ready() ? 1 : 0,
            pod.injected() || pod.mtls() || role(pod) != Role.WORKLOAD ? 1 : 0);
    workloads.merge(place, fact, WorkloadFact::plus);
    ClusterId cluster = pod.key().cluster();
    if (!pod.locality().region().isEmpty()) {
      regions
          .computeIfAbsent(cluster, c -> new TreeMap<>())
          .merge(pod.locality().region(), 1, Integer::sum);
    }
    if (!pod.locality().zone().isEmpty()) {
      zones.computeIfAbsent(cluster, c -> new TreeSet<>()).add(pod.locality().zone());
    }
  }

  private Role role(Workload pod) {
    String managed = pod.labels().getOrDefault(MANAGED, "");
    String installed = pod.labels().getOrDefault(INSTALLED, "");
    if (crossCluster.contains(managed) || installed.equals(EAST_WEST)) {
      return Role.CROSS_CLUSTER_PROXY;
    }
    boolean gateway =
        !managed.isEmpty()
            || selectors.stream().anyMatch(s -> pod.labels().entrySet().containsAll(s.entrySet()));
    return gateway ? Role.GATEWAY : Role.WORKLOAD;
  }

  private ClusterFact cluster(MemberCluster member) {
    CrossClusterProxy proxy = member.crossClusterProxy();
    String region =
        regions.getOrDefault(member.id(), Map.of()).entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse("");
    int pods =
        workloads.values().stream()
            .filter(w -> w.role() == Role.CROSS_CLUSTER_PROXY)
            .filter(w -> w.place().cluster().equals(member.id().value()))
            .mapToInt(WorkloadFact::pods)
            .sum();
    return new ClusterFact(
        member.id().value(),
        member.network().value(),
        member.state(),
        member.message(),
        region,
        List.copyOf(zones.getOrDefault(member.id(), new TreeSet<>())),
        new GatewayFact(
            proxy.enabled(),
            proxy.gateway(),
            ways(member, proxy),
            Math.max(pods, proxy.readyReplicas()),
            proxy.readyReplicas()));
  }

  /** As clients are told, whether by the registration or by hand. */
  private List<String> ways(MemberCluster member, CrossClusterProxy proxy) {
    Set<String> addresses = new TreeSet<>();
    proxy.addresses().forEach(a -> addresses.add(a.toString()));
    snapshot.networkGateways().all().stream()
        .filter(g -> member.id().equals(g.cluster()))
        .forEach(g -> addresses.add(g.address().toString()));
    return List.copyOf(addresses);
  }

  private static ServiceFact service(MeshService service) {
    Map<String, Endpoints> endpoints = new TreeMap<>();
    service.clusters().forEach(c -> endpoints.put(c.value(), Endpoints.NONE));
    Set<Place> workloads = new TreeSet<>();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      if (endpoint.health() != Health.TERMINATING) {
        String cluster = endpoint.cluster().value();
        endpoints.put(
            cluster,
            endpoints
                .getOrDefault(cluster, Endpoints.NONE)
                .plus(endpoint.health() == Health.READY));
        if (endpoint.workload() != null) {
          workloads.add(place(endpoint.workload()));
        }
      }
    }
    return new ServiceFact(
        service.hostname(),
        service.id().namespace(),
        service.id().name(),
        service.clusters().stream().map(ClusterId::value).toList(),
        endpoints,
        List.copyOf(workloads));
  }
}
