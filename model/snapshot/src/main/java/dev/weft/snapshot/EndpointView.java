package dev.weft.snapshot;

import dev.weft.config.MtlsMode;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.TrafficPolicy.ClientTls;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointDecision.Dropped;
import dev.weft.snapshot.EndpointDecision.Reason;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.types.Cidr;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one client is told of the endpoints of a service, and why: the split horizon. The endpoint
 * translator and {@code weft explain} both call it. Istio: pilot/pkg/xds/endpoints/ep_filters.go;
 * where the mesh decides otherwise, the reason says so.
 */
public final class EndpointView {
  /**
   * With more endpoints of a service on one network than this the gateway chooses: that many
   * connections of each client would cost more than the even balance is worth.
   */
  static final int MAX_NAMED = 128;

  private final MeshSnapshot snapshot;
  private final MeshService service;
  private final ServicePort port;
  private final String subset;
  private final EndpointClient client;
  private final Map<String, String> subsetLabels;
  private final boolean subsetKnown;
  private final @Nullable ClientTls tls;

  private EndpointView(
      MeshSnapshot snapshot,
      MeshService service,
      ServicePort port,
      String subset,
      EndpointClient client) {
    this.snapshot = snapshot;
    this.service = service;
    this.port = port;
    this.subset = subset;
    this.client = client;
    Optional<MergedDestinationRule> rule =
        snapshot
            .destinationRules()
            .find(client.namespace(), client.labels(), service.id(), service.hostname());
    this.subsetKnown = subset.isEmpty() || rule.flatMap(r -> r.subset(subset)).isPresent();
    this.subsetLabels = rule.flatMap(r -> r.subset(subset)).map(s -> s.labels()).orElse(Map.of());
    this.tls = rule.map(r -> r.policy(subset, port.number())).map(TrafficPolicy::tls).orElse(null);
  }

  /**
   * The decisions: direct ones in the order of the service's endpoints, then gateways by locality
   * and address, then what is left out.
   *
   * @param subset empty for the service itself
   */
  public static List<EndpointDecision> of(
      MeshSnapshot snapshot,
      MeshService service,
      ServicePort port,
      String subset,
      EndpointClient client) {
    return new EndpointView(snapshot, service, port, subset, client).decide();
  }

  /**
   * What a client reaches that dials addresses of endpoints itself, ready or not, and whether it
   * speaks mutual TLS to each: endpoints of the port that are not behind a gateway.
   *
   * @param subset empty for the service itself
   */
  public static List<Direct> dialled(
      MeshSnapshot snapshot,
      MeshService service,
      ServicePort port,
      String subset,
      EndpointClient client) {
    EndpointView view = new EndpointView(snapshot, service, port, subset, client);
    List<Direct> all = new ArrayList<>();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      Direct.Cause cause = view.directCause(endpoint);
      if (cause != null && !view.elsewhere(endpoint) && !endpoint.address().isEmpty()) {
        int target = endpoint.ports().getOrDefault(port.name(), port.number());
        all.add(
            new Direct(
                endpoint,
                new HostPort(endpoint.address(), target),
                view.whyNoMtls(endpoint, target) == null,
                1,
                cause));
      }
    }
    return all;
  }

  private List<EndpointDecision> decide() {
    List<EndpointDecision> decisions = new ArrayList<>();
    List<Dropped> dropped = new ArrayList<>();
    List<Remote> remote = new ArrayList<>();
    int scale = snapshot.networkGateways().scale();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      Reason unfit = unfit(endpoint);
      if (unfit != null) {
        dropped.add(new Dropped(endpoint, unfit));
        continue;
      }
      int target = endpoint.ports().getOrDefault(port.name(), 0);
      String noMtls = whyNoMtls(endpoint, target);
      Direct.Cause cause = directCause(endpoint);
      if (cause != null) {
        if (client.onlyMtls() && noMtls != null) {
          dropped.add(new Dropped(endpoint, new Reason.NoMtls(noMtls)));
        } else {
          decisions.add(
              new Direct(
                  endpoint,
                  new HostPort(endpoint.address(), target),
                  noMtls == null,
                  weight(scale, endpoint),
                  cause));
        }
        continue;
      }
      List<NetworkGateway> gateways =
          snapshot.networkGateways().into(endpoint.network(), endpoint.cluster());
      if (gateways.isEmpty()) {
        dropped.add(new Dropped(endpoint, new Reason.NoGateway(endpoint.network())));
      } else if (noMtls != null) {
        dropped.add(new Dropped(endpoint, new Reason.NoMtls(noMtls)));
      } else {
        remote.add(new Remote(endpoint, target, gateways));
      }
    }
    decisions.addAll(viaGateways(remote, scale));
    decisions.addAll(dropped);
    return List.copyOf(decisions);
  }

  private static int weight(int scale, ServiceEndpoint endpoint) {
    return (int) Math.min((long) scale * endpoint.weight(), Integer.MAX_VALUE);
  }

  /** An endpoint of another network, and the ways there. */
  private record Remote(ServiceEndpoint endpoint, int port, List<NetworkGateway> gateways) {}

  private List<ViaGateway> viaGateways(List<Remote> remote, int scale) {
    Map<NetworkId, Integer> sizes = new HashMap<>();
    remote.forEach(r -> sizes.merge(r.endpoint().network(), 1, Integer::sum));
    List<ViaGateway> named = new ArrayList<>();
    Map<Locality, Map<NetworkGateway, Behind>> together = new TreeMap<>();
    for (Remote one : remote) {
      ServiceEndpoint endpoint = one.endpoint();
      int share = weight(scale, endpoint) / one.gateways().size();
      boolean few = sizes.getOrDefault(endpoint.network(), 0) <= MAX_NAMED;
      for (NetworkGateway gateway : one.gateways()) {
        if (client.byEndpoint()
            && gateway.byEndpoint()
            && few
            && Cidr.isAddress(endpoint.address())) {
          String label = HopLabel.of(new HostPort(endpoint.address(), one.port()));
          named.add(
              new ViaGateway(
                  gateway, endpoint.locality(), List.of(endpoint), Math.max(1, share), label));
        } else {
          together
              .computeIfAbsent(endpoint.locality(), l -> new TreeMap<>())
              .computeIfAbsent(gateway, g -> new Behind())
              .add(endpoint, share);
        }
      }
    }
    named.sort(
        Comparator.comparing(ViaGateway::locality)
            .thenComparing(ViaGateway::gateway)
            .thenComparing(ViaGateway::label));
    List<ViaGateway> all = new ArrayList<>();
    together.forEach(
        (locality, byGateway) ->
            byGateway.forEach(
                (gateway, behind) ->
                    all.add(
                        new ViaGateway(
                            gateway, locality, behind.endpoints, Math.max(1, behind.weight), ""))));
    all.addAll(named);
    return all;
  }

  private boolean elsewhere(ServiceEndpoint endpoint) {
    return service.clusterLocal() && !endpoint.cluster().equals(client.cluster());
  }

  /** Why the endpoint is of no use to the client, whatever the network; null where it is of use. */
  private @Nullable Reason unfit(ServiceEndpoint endpoint) {
    if (elsewhere(endpoint)) {
      return new Reason.ClusterLocal();
    }
    if (service.nodeLocal()
        && !(endpoint.cluster().equals(client.cluster())
            && endpoint.node().equals(client.node()))) {
      return new Reason.OtherNode();
    }
    List<NetworkId> view = client.networkView();
    if (!view.isEmpty() && !view.contains(endpoint.network())) {
      return new Reason.OutsideNetworkView(endpoint.network(), view);
    }
    if (!endpoint.ports().containsKey(port.name())) {
      return new Reason.PortNameDiffers(
          port.number(), port.name(), endpoint.ports().keySet().stream().sorted().toList());
    }
    if (endpoint.address().isEmpty() && directCause(endpoint) != null) {
      return new Reason.NoAddress("only the gateways of its network know its address");
    }
    if (!service.resolvesNames() && named(endpoint)) {
      return new Reason.NoAddress(
          "its address is the name " + endpoint.address() + ", which needs resolution DNS");
    }
    if (!subsetKnown) {
      return new Reason.UnknownSubset(subset);
    }
    if (!endpoint.labels().entrySet().containsAll(subsetLabels.entrySet())) {
      return new Reason.SubsetLabels(subset);
    }
    return switch (endpoint.health()) {
      case READY -> null;
      case NOT_READY -> service.publishNotReady() ? null : new Reason.NotReady();
      case TERMINATING -> new Reason.Terminating();
    };
  }

  private static boolean named(ServiceEndpoint endpoint) {
    return !endpoint.address().isEmpty()
        && endpoint.workload() == null
        && !Cidr.isAddress(endpoint.address());
  }

  /** Why the client can dial the endpoint; null where it needs a gateway. */
  private Direct.@Nullable Cause directCause(ServiceEndpoint endpoint) {
    NetworkId here = client.network();
    NetworkId there = endpoint.network();
    if (here.equals(there)) {
      return Direct.Cause.SAME_NETWORK;
    }
    if (!there.isNamed()) {
      return Direct.Cause.UNNAMED_NETWORK;
    }
    boolean reachable = !snapshot.networkGateways().into(there, endpoint.cluster()).isEmpty();
    if (!here.isNamed()) {
      return reachable ? null : Direct.Cause.UNNAMED_NETWORK;
    }
    if (reachable) {
      return null;
    }
    return switch (snapshot.settings().unknownNetworks()) {
      case ISTIO -> Direct.Cause.ISTIO_COMPATIBILITY;
      case WITHHOLD -> null;
    };
  }

  /** Why no mutual TLS is spoken to the endpoint; null where it is. Istio: mtls_checker.go. */
  private @Nullable String whyNoMtls(ServiceEndpoint endpoint, int target) {
    if (tls != null) {
      return tls.mode() == ClientTls.Mode.ISTIO_MUTUAL
          ? null
          : "the DestinationRule that the client sees sets TLS mode " + tls.mode();
    }
    if (!snapshot.settings().autoMtls()) {
      return "automatic mutual TLS is off (enableAutoMtls), and no DestinationRule sets ISTIO_MUTUAL";
    }
    if (service.outside()) {
      return "it is outside of the mesh";
    }
    if (!endpoint.mtls()) {
      return "it has no sidecar (label security.istio.io/tlsMode: istio)";
    }
    Workload workload = endpoint.workload();
    MtlsMode mode =
        workload == null
            ? snapshot
                .peerAuthentications()
                .mode(service.id().namespace(), endpoint.labels(), target)
            : snapshot
                .peerAuthentications()
                .mode(workload.key().namespace(), workload.labels(), target);
    return mode == MtlsMode.DISABLE ? "a PeerAuthentication sets DISABLE on port " + target : null;
  }

  /** Groups the decisions' addresses by what a proxy would dial; for views and tests. */
  public static Map<HostPort, Integer> weights(List<EndpointDecision> decisions) {
    Map<HostPort, Integer> weights = new LinkedHashMap<>();
    for (EndpointDecision decision : decisions) {
      switch (decision) {
        case Direct d -> weights.merge(d.address(), d.weight(), Integer::sum);
        case ViaGateway v -> weights.merge(v.gateway().address(), v.weight(), Integer::sum);
        case Dropped d -> {}
      }
    }
    return weights;
  }

  /** Confined to one decision run. */
  private static final class Behind {
    private final List<ServiceEndpoint> endpoints = new ArrayList<>();
    private int weight;

    void add(ServiceEndpoint endpoint, int share) {
      endpoints.add(endpoint);
      weight = (int) Math.min((long) weight + share, Integer.MAX_VALUE);
    }
  }
}
