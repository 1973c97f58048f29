package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettings.GatewayAddress;
import dev.weft.types.ClusterId;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import dev.weft.types.MeshPorts;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ways between networks: the mesh's own cross-cluster proxies, Services labelled with a
 * network, and those written into the settings. Reference 2.7.2.
 */
final class Gateways {
  private static final String PORT_LABEL = "networking.istio.io/gatewayPort";

  private final ConfigSet config;
  private final Networks networks;
  private final List<NetworkGateway> gateways = new ArrayList<>();
  private final Map<ClusterId, CrossClusterProxy> proxies = new TreeMap<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  private Gateways(ConfigSet config, Networks networks) {
    this.config = config;
    this.networks = networks;
  }

  /** What was found. */
  record Found(
      List<NetworkGateway> gateways,
      Map<ClusterId, CrossClusterProxy> proxies,
      List<Diagnostic> diagnostics) {}

  static Found find(ConfigSet config, Networks networks, Map<WorkloadKey, Workload> workloads) {
    Gateways search = new Gateways(config, networks);
    for (ClusterFacts facts : config.clusters().values()) {
      search.ownProxy(facts, workloads);
      search.labelled(facts);
    }
    search.written();
    return new Found(search.gateways, search.proxies, search.diagnostics);
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
        addresses.addAll(addresses(service, MeshPorts.CROSS_NETWORK));
      }
    }
    int ready =
        (int)
            workloads.values().stream()
                .filter(w -> w.key().cluster().equals(facts.id()))
                .filter(w -> w.key().namespace().equals(config.settings().rootNamespace()))
                .filter(w -> w.labels().getOrDefault("app", "").equals("istio-" + name))
                .filter(w -> w.ready() && !w.terminating())
                .count();
    proxies.put(
        facts.id(), new CrossClusterProxy(enabled, name, custom, addresses, enabled ? ready : 0));
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
              "the cross-cluster proxy is on, but the cluster has no network name, so nobody uses it;"
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
      // What is behind an address that somebody wrote is not known.
      boolean byEndpoint =
          custom == null && byEndpoint(facts, service(facts, ownService(facts.id())));
      addresses.forEach(a -> add(network, facts.id(), a, byEndpoint));
    }
  }

  /** Whether all pods behind a Service say that clients can name endpoints to them. */
  private static boolean byEndpoint(ClusterFacts facts, @Nullable KubeService service) {
    if (service == null || service.selector().isEmpty()) {
      return false;
    }
    List<KubePod> pods =
        facts.pods().values().stream()
            .filter(p -> p.namespace().equals(service.id().namespace()))
            .filter(p -> p.labels().entrySet().containsAll(service.selector().entrySet()))
            .filter(p -> !p.terminating())
            .toList();
    return !pods.isEmpty()
        && pods.stream().allMatch(p -> "1".equals(p.labels().get(HopLabel.POD_LABEL)));
  }

  private ServiceId ownService(ClusterId cluster) {
    return new ServiceId(
        config.settings().rootNamespace(), "istio-" + MemberClusterSpec.gatewayName(cluster));
  }

  private void labelled(ClusterFacts facts) {
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
      boolean byEndpoint = byEndpoint(facts, service);
      addresses(service, port).forEach(a -> add(new NetworkId(label), facts.id(), a, byEndpoint));
    }
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
                      add(network, null, address, false);
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
          addresses(service, port).forEach(a -> add(network, facts.id(), a, byEndpoint));
        }
      }
    }
  }

  /** Endpoints of proxies are addresses; a name would have to be resolved first. */
  private void add(
      NetworkId network, @Nullable ClusterId cluster, HostPort address, boolean byEndpoint) {
    if (Cidr.isAddress(address.host())) {
      gateways.add(new NetworkGateway(network, cluster, address, byEndpoint));
      return;
    }
    diagnostics.add(
        Diagnostic.warning(
            "gateway-host-name",
            "Network " + network,
            "",
            "the gateway "
                + address
                + (cluster == null ? "" : " of cluster " + cluster)
                + " is a host name, which is not resolved: nobody uses it; give an IP address"
                + (cluster == null
                    ? " in meshNetworks"
                    : " as spec.crossClusterProxy.address of the MemberCluster")));
  }

  private static List<HostPort> addresses(KubeService service, int port) {
    LinkedHashSet<String> hosts = new LinkedHashSet<>(service.loadBalancerAddresses());
    hosts.addAll(service.externalIps());
    return hosts.stream().map(h -> new HostPort(h, port)).toList();
  }

  private static @Nullable KubeService service(ClusterFacts facts, ServiceId id) {
    for (KubeService service : facts.services().values()) {
      if (service.id().equals(id)) {
        return service;
      }
    }
    return null;
  }
}
