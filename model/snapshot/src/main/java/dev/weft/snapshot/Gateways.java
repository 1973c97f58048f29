package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeFact;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettings.GatewayAddress;
import dev.weft.snapshot.GatewaySigns.Watched;
import dev.weft.types.Cidr;
import dev.weft.types.ClusterId;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import dev.weft.types.MeshPorts;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ways between networks: the mesh's own cross-cluster proxies, Services labelled with a
 * network, and those written into the settings. Istio:
 * pilot/pkg/serviceregistry/kube/controller/network.go.
 */
final class Gateways {
  private static final String PORT_LABEL = "networking.istio.io/gatewayPort";
  private static final String NODE_SELECTOR = "traffic.istio.io/nodeSelector";

  private final ConfigSet config;
  private final Networks networks;
  private final List<NetworkGateway> gateways = new ArrayList<>();
  private final Map<ClusterId, CrossClusterProxy> proxies = new TreeMap<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final SortedSet<String> hostNames = new TreeSet<>();
  private final Set<Watched> watched = new HashSet<>();

  private Gateways(ConfigSet config, Networks networks) {
    this.config = config;
    this.networks = networks;
  }

  /**
   * What was found.
   *
   * @param hostNames of gateways, which somebody has to resolve
   * @param watched pods of which it depends
   */
  record Found(
      List<NetworkGateway> gateways,
      Map<ClusterId, CrossClusterProxy> proxies,
      List<Diagnostic> diagnostics,
      SortedSet<String> hostNames,
      Set<Watched> watched) {}

  static Found find(ConfigSet config, Networks networks, Map<WorkloadKey, Workload> workloads) {
    Gateways search = new Gateways(config, networks);
    for (ClusterFacts facts : config.clusters().values()) {
      search.ownProxy(facts, workloads);
      search.labelled(facts, workloads);
    }
    search.written();
    return new Found(
        search.gateways, search.proxies, search.diagnostics, search.hostNames, search.watched);
  }

  private void ownProxy(ClusterFacts facts, Map<WorkloadKey, Workload> workloads) {
    MemberClusterSpec spec = networks.specs().get(facts.id());
    String name = MemberClusterSpec.gatewayName(facts.id());
    boolean enabled = spec != null && spec.crossClusterProxy();
    HostPort custom = spec == null ? null : spec.customAddress();
    List<HostPort> addresses = new ArrayList<>();
    if (enabled && custom != null) {
      addresses.add(custom);
    } else if (enabled) {
      KubeService service = service(facts, ownService(facts.id()));
      if (service != null) {
        addresses.addAll(addresses(facts, service, MeshPorts.CROSS_NETWORK));
      }
    }
    int ready =
        enabled
            ? ready(
                workloads,
                watched(facts, config.settings().rootNamespace(), Map.of("app", "istio-" + name)))
            : 0;
    proxies.put(facts.id(), new CrossClusterProxy(enabled, name, custom, addresses, ready));
    if (!enabled) {
      return;
    }
    NetworkId network = networks.of(facts.id());
    if (!network.isNamed()) {
      diagnostics.add(
          Diagnostic.warning(
              "proxy-without-network",
              "MemberCluster " + facts.id(),
              "spec.network",
              "the cross-cluster proxy is on, but the cluster has no network name, so it is not used;"
                  + " set spec.network"));
    } else if (addresses.isEmpty()) {
      diagnostics.add(
          Diagnostic.warning(
              "proxy-without-address",
              "MemberCluster " + facts.id(),
              "spec.crossClusterProxy",
              "the cross-cluster proxy has no address yet; see the Service "
                  + ownService(facts.id())
                  + " in the cluster, or set spec.crossClusterProxy.address"));
    } else {
      // A written address, of a NAT or a load balancer, leads to this proxy and to no other, unless
      // another cluster gives the same one: then one in two connections meets the other's pods.
      boolean byEndpoint =
          byEndpoint(facts, service(facts, ownService(facts.id())))
              && (custom == null || sharers(custom) == 1);
      addresses.forEach(a -> add(network, facts.id(), a, byEndpoint));
    }
  }

  private Watched watched(ClusterFacts facts, String namespace, Map<String, String> selector) {
    Watched pods = new Watched(facts.id(), namespace, selector);
    watched.add(pods);
    return pods;
  }

  private static int ready(Map<WorkloadKey, Workload> workloads, Watched pods) {
    return (int)
        workloads.values().stream()
            .filter(w -> pods.is(w.key(), w) && w.ready() && !w.terminating())
            .count();
  }

  /** Whether all pods behind a Service say that clients can name endpoints to them. */
  private boolean byEndpoint(ClusterFacts facts, @Nullable KubeService service) {
    if (service == null || service.selector().isEmpty()) {
      return false;
    }
    Watched behind = watched(facts, service.id().namespace(), service.selector());
    List<KubePod> pods =
        facts.pods().values().stream()
            .filter(p -> behind.is(facts.id(), p) && !p.terminating())
            .toList();
    return !pods.isEmpty()
        && pods.stream()
            .allMatch(p -> HopLabel.POD_VALUE.equals(p.labels().get(HopLabel.POD_LABEL)));
  }

  /** How many clusters say that their proxy is reached there. */
  private long sharers(HostPort address) {
    return networks.specs().values().stream()
        .filter(s -> s.crossClusterProxy() && address.equals(s.customAddress()))
        .count();
  }

  /**
   * Whether an address that somebody wrote is one at which a gateway of ours takes connections: the
   * address of a Service of the network's clusters, or the one that a cluster gives for its proxy.
   */
  private boolean leadsToOurs(NetworkId network, HostPort address) {
    for (ClusterFacts facts : config.clusters().values()) {
      if (!networks.of(facts.id()).equals(network)) {
        continue;
      }
      MemberClusterSpec spec = networks.specs().get(facts.id());
      if (spec != null && spec.crossClusterProxy() && address.equals(spec.customAddress())) {
        return sharers(address) == 1 && byEndpoint(facts, service(facts, ownService(facts.id())));
      }
      for (KubeService service : facts.services().values()) {
        boolean there =
            service.loadBalancerAddresses().contains(address.host())
                || service.externalIps().contains(address.host());
        if (there && service.ports().stream().anyMatch(p -> p.port() == address.port())) {
          return byEndpoint(facts, service);
        }
      }
    }
    return false;
  }

  private ServiceId ownService(ClusterId cluster) {
    return GatewaySigns.ownService(config.settings().rootNamespace(), cluster);
  }

  private void labelled(ClusterFacts facts, Map<WorkloadKey, Workload> workloads) {
    for (KubeService service : facts.services().values()) {
      String label = service.labels().getOrDefault(Networks.LABEL, "");
      // The mesh's own proxy follows the cluster's registration, whatever its label says.
      if (label.isEmpty() || service.id().equals(ownService(facts.id()))) {
        continue;
      }
      String object = "Service " + service.id() + " (cluster " + facts.id() + ")";
      if (!Names.isLabel(label)) {
        diagnostics.add(
            Diagnostic.warning(
                "bad-network-label",
                object,
                "metadata.labels",
                "'" + label + "' is no network name: a DNS label is needed"));
        continue;
      }
      int port = gatewayPort(service);
      if (service.ports().stream().noneMatch(p -> p.port() == port)) {
        diagnostics.add(
            Diagnostic.warning(
                "gateway-port-missing",
                object,
                "spec.ports",
                "it is labelled as gateway of network "
                    + label
                    + ", but has no port "
                    + port
                    + "; add it, or name another by the label "
                    + PORT_LABEL));
        continue;
      }
      List<HostPort> addresses = addresses(facts, service, port);
      NetworkId network = new NetworkId(label);
      boolean byEndpoint = byEndpoint(facts, service);
      addresses.forEach(a -> add(network, facts.id(), a, byEndpoint));
      if (network.equals(networks.of(facts.id()))) {
        byHand(facts, service, addresses, workloads);
      }
    }
  }

  /** A gateway that somebody installed by hand does what the mesh's own proxy would do. */
  private void byHand(
      ClusterFacts facts,
      KubeService service,
      List<HostPort> addresses,
      Map<WorkloadKey, Workload> workloads) {
    CrossClusterProxy known = proxies.get(facts.id());
    List<HostPort> all = new ArrayList<>(known == null ? List.of() : known.addresses());
    all.addAll(addresses);
    int ready =
        service.selector().isEmpty()
            ? 0
            : ready(workloads, watched(facts, service.id().namespace(), service.selector()));
    proxies.put(
        facts.id(),
        known != null && known.enabled()
            ? new CrossClusterProxy(
                true,
                known.gateway(),
                known.customAddress(),
                all.stream().distinct().toList(),
                known.readyReplicas() + ready)
            : new CrossClusterProxy(true, service.id().name(), null, all, ready));
  }

  private static int gatewayPort(KubeService service) {
    try {
      int port = Integer.parseInt(service.labels().getOrDefault(PORT_LABEL, ""));
      return port > 0 && port < 65536 ? port : MeshPorts.CROSS_NETWORK;
    } catch (NumberFormatException e) {
      return MeshPorts.CROSS_NETWORK;
    }
  }

  private void written() {
    MeshSettings settings = config.settings();
    settings
        .networks()
        .forEach(
            (network, written) -> {
              for (GatewayAddress gateway : written.gateways()) {
                switch (gateway) {
                  case GatewayAddress.Address(HostPort address) ->
                      add(network, null, address, leadsToOurs(network, address));
                  case GatewayAddress.Registry(String hostname, int port) ->
                      fromRegistry(network, hostname, port);
                }
              }
            });
  }

  private void fromRegistry(NetworkId network, String hostname, int port) {
    for (ClusterFacts facts : config.clusters().values()) {
      if (!networks.of(facts.id()).equals(network)) {
        continue;
      }
      for (KubeService service : facts.services().values()) {
        if (service.id().hostname(config.settings().domainSuffix()).equals(hostname)) {
          boolean byEndpoint = byEndpoint(facts, service);
          addresses(facts, service, port).forEach(a -> add(network, facts.id(), a, byEndpoint));
        }
      }
    }
  }

  /** Endpoints of proxies are addresses; names have been resolved before, or nobody uses them. */
  private void add(
      NetworkId network, @Nullable ClusterId cluster, HostPort address, boolean byEndpoint) {
    if (Cidr.isAddress(address.host())) {
      gateways.add(new NetworkGateway(network, cluster, address, byEndpoint));
      return;
    }
    hostNames.add(address.host());
    List<String> addresses = config.resolved().getOrDefault(address.host(), List.of());
    addresses.forEach(
        a ->
            gateways.add(
                new NetworkGateway(network, cluster, new HostPort(a, address.port()), byEndpoint)));
    if (addresses.isEmpty()) {
      diagnostics.add(
          Diagnostic.warning(
              "gateway-host-name",
              "Network " + network,
              "",
              "the gateway "
                  + address
                  + (cluster == null ? "" : " of cluster " + cluster)
                  + " is a host name that has no address yet, so it is not used; correct the name,"
                  + " or give an IP address"
                  + (cluster == null
                      ? " in meshNetworks"
                      : " as spec.crossClusterProxy.address of the MemberCluster")));
    }
  }

  private List<HostPort> addresses(ClusterFacts facts, KubeService service, int port) {
    LinkedHashSet<HostPort> found = new LinkedHashSet<>();
    service.loadBalancerAddresses().forEach(h -> found.add(new HostPort(h, port)));
    service.externalIps().forEach(h -> found.add(new HostPort(h, port)));
    String selector = service.annotations().getOrDefault(NODE_SELECTOR, "");
    if (service.type() == KubeService.Type.NODE_PORT && !selector.isEmpty()) {
      found.addAll(onNodes(facts, service, port, selector));
    }
    return List.copyOf(found);
  }

  private List<HostPort> onNodes(
      ClusterFacts facts, KubeService service, int port, String selector) {
    String object = "Service " + service.id() + " (cluster " + facts.id() + ")";
    Map<String, String> labels = FlatJson.read(selector).orElse(null);
    if (labels == null) {
      diagnostics.add(
          Diagnostic.warning(
              "bad-node-selector",
              object,
              "metadata.annotations",
              NODE_SELECTOR
                  + " is '"
                  + selector
                  + "', but has to be node labels such as {\"kubernetes.io/os\": \"linux\"}"));
      return List.of();
    }
    int nodePort =
        service.ports().stream()
            .filter(p -> p.port() == port)
            .mapToInt(KubeService.Port::nodePort)
            .findFirst()
            .orElse(0);
    List<HostPort> found = new ArrayList<>();
    if (nodePort != 0) {
      facts.nodes().values().stream()
          .filter(n -> n.labels().entrySet().containsAll(labels.entrySet()))
          .flatMap(n -> n.addresses().stream().filter(Cidr::isAddress).limit(1))
          .forEach(a -> found.add(new HostPort(a, nodePort)));
    }
    if (found.isEmpty()) {
      diagnostics.add(
          Diagnostic.warning(
              "gateway-without-nodes",
              object,
              "metadata.annotations",
              nodePort == 0
                  ? "port " + port + " has no node port yet"
                  : NODE_SELECTOR + " selects no node that has an address"));
    }
    return found;
  }

  private static @Nullable KubeService service(ClusterFacts facts, ServiceId id) {
    return facts.services().get(new KubeFact.Key(KubeFact.Kind.SERVICE, id.namespace(), id.name()));
  }
}
