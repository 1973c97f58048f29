package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.GatewayConfig;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MeshSettings;
import dev.weft.config.SharedMap;
import dev.weft.config.VirtualService;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One immutable picture of the whole mesh. Parts that did not change since the snapshot before keep
 * their identity, so what is computed from them can be reused; large maps share what did not change
 * ({@link SharedMap}).
 *
 * @param version counts up by one with every snapshot of a process that differs
 * @param workloads pods, keyed by cluster: addresses of different clusters may be the same
 * @param gateways Istio's Gateway objects
 * @param virtualServices the oldest first
 * @param namespaces of the config API
 * @param credentials the Secrets that gateways need for TLS, as far as they were read
 * @param servicesByWorkload the services that have an endpoint of a workload, in order
 * @param entryHosts the hosts of ServiceEntries
 * @param sidecars Sidecar objects
 * @param telemetries Telemetry objects
 * @param envoyFilters EnvoyFilter objects
 */
public record MeshSnapshot(
    long version,
    MeshSettings settings,
    Map<ClusterId, MemberCluster> clusters,
    Map<ServiceId, MeshService> services,
    Map<WorkloadKey, Workload> workloads,
    NetworkGateways networkGateways,
    PeerAuthentications peerAuthentications,
    AccessPolicies accessPolicies,
    DestinationRules destinationRules,
    List<GatewayConfig> gateways,
    List<VirtualService> virtualServices,
    List<IstioGatewaySpec> istioGateways,
    Map<String, KubeNamespace> namespaces,
    Map<CredentialKey, Credential> credentials,
    Map<WorkloadKey, List<ServiceId>> servicesByWorkload,
    EntryHosts entryHosts,
    Sidecars sidecars,
    Telemetries telemetries,
    EnvoyFilters envoyFilters) {

  public MeshSnapshot {
    clusters = Copies.map(clusters);
    services = SharedMap.copyOf(services);
    workloads = SharedMap.copyOf(workloads);
    gateways = List.copyOf(gateways);
    virtualServices = List.copyOf(virtualServices);
    istioGateways = List.copyOf(istioGateways);
    namespaces = SharedMap.copyOf(namespaces);
    credentials = SharedMap.copyOf(credentials);
    servicesByWorkload = SharedMap.copyOf(servicesByWorkload);
  }

  /** One that works out by itself which services its workloads stand behind. */
  public MeshSnapshot(
      long version,
      MeshSettings settings,
      Map<ClusterId, MemberCluster> clusters,
      Map<ServiceId, MeshService> services,
      Map<WorkloadKey, Workload> workloads,
      NetworkGateways networkGateways,
      PeerAuthentications peerAuthentications,
      AccessPolicies accessPolicies,
      DestinationRules destinationRules,
      List<GatewayConfig> gateways,
      List<VirtualService> virtualServices,
      List<IstioGatewaySpec> istioGateways,
      Map<String, KubeNamespace> namespaces,
      Map<CredentialKey, Credential> credentials) {
    this(
        version,
        settings,
        clusters,
        services,
        workloads,
        networkGateways,
        peerAuthentications,
        accessPolicies,
        destinationRules,
        gateways,
        virtualServices,
        istioGateways,
        namespaces,
        credentials,
        Mentions.of(services),
        EntryHosts.declared(services),
        Sidecars.none(settings.rootNamespace()),
        Telemetries.none(settings.rootNamespace()),
        EnvoyFilters.none(settings.rootNamespace()));
  }

  /** One that works that out, with objects that hold for some workloads. */
  public MeshSnapshot(
      long version,
      MeshSettings settings,
      Map<ClusterId, MemberCluster> clusters,
      Map<ServiceId, MeshService> services,
      Map<WorkloadKey, Workload> workloads,
      NetworkGateways networkGateways,
      PeerAuthentications peerAuthentications,
      AccessPolicies accessPolicies,
      DestinationRules destinationRules,
      List<GatewayConfig> gateways,
      List<VirtualService> virtualServices,
      List<IstioGatewaySpec> istioGateways,
      Map<String, KubeNamespace> namespaces,
      Map<CredentialKey, Credential> credentials,
      Sidecars sidecars,
      Telemetries telemetries,
      EnvoyFilters envoyFilters) {
    this(
        version,
        settings,
        clusters,
        services,
        workloads,
        networkGateways,
        peerAuthentications,
        accessPolicies,
        destinationRules,
        gateways,
        virtualServices,
        istioGateways,
        namespaces,
        credentials,
        Mentions.of(services),
        EntryHosts.declared(services),
        sidecars,
        telemetries,
        envoyFilters);
  }

  /** A mesh without anything in it. */
  public static MeshSnapshot empty(MeshSettings settings) {
    return new MeshSnapshot(
        0,
        settings,
        Map.of(),
        Map.of(),
        Map.of(),
        NetworkGateways.NONE,
        PeerAuthentications.none(settings.rootNamespace()),
        AccessPolicies.none(settings.rootNamespace()),
        DestinationRules.none(settings.rootNamespace()),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        EntryHosts.NONE,
        Sidecars.none(settings.rootNamespace()),
        Telemetries.none(settings.rootNamespace()),
        EnvoyFilters.none(settings.rootNamespace()));
  }

  public Optional<MeshService> service(ServiceId id) {
    return Optional.ofNullable(services.get(id));
  }

  public Optional<Workload> workload(ClusterId cluster, String namespace, String pod) {
    return Optional.ofNullable(workloads.get(new WorkloadKey(cluster, namespace, pod)));
  }

  /** The services that have an endpoint of a workload, in order. */
  public List<ServiceId> servicesOf(WorkloadKey workload) {
    return servicesByWorkload.getOrDefault(workload, List.of());
  }

  /** The network that a cluster is registered in; unnamed for unknown clusters. */
  public NetworkId networkOf(ClusterId cluster) {
    MemberCluster member = clusters.get(cluster);
    return member == null ? NetworkId.UNNAMED : member.network();
  }

  /**
   * The service of a host name, such as {@code httpbin.default.svc.cluster.local}: that of
   * clusters, else that of the oldest ServiceEntry.
   */
  public Optional<MeshService> serviceByHostname(String hostname) {
    return clusterName(hostname)
        .flatMap(this::service)
        .or(() -> entryHosts.of(hostname).stream().findFirst().flatMap(this::service));
  }

  /** The Service that a host name would be of by its form. */
  public Optional<ServiceId> clusterName(String hostname) {
    String suffix = ".svc." + settings.domainSuffix();
    if (!hostname.endsWith(suffix)) {
      return Optional.empty();
    }
    String stem = hostname.substring(0, hostname.length() - suffix.length());
    int dot = stem.indexOf('.');
    return dot <= 0
        ? Optional.empty()
        : Optional.of(new ServiceId(stem.substring(dot + 1), stem.substring(0, dot)));
  }

  /** A pod that DNS knows by a name of its own, below that of its service. */
  public record NamedPod(MeshService service, String name) {}

  /** The pod of a host name, such as {@code db-0.db.shop.svc.cluster.local}. */
  public Optional<NamedPod> podByHostname(String hostname) {
    int dot = hostname.indexOf('.');
    return dot <= 0
        ? Optional.empty()
        : serviceByHostname(hostname.substring(dot + 1))
            .filter(service -> service.podVips().containsKey(hostname.substring(0, dot)))
            .map(service -> new NamedPod(service, hostname.substring(0, dot)));
  }
}
