package dev.weft.translate;

import dev.weft.config.TrafficPolicy;
import dev.weft.config.TrafficPolicy.ClientTls;
import dev.weft.snapshot.Credentials;
import dev.weft.snapshot.EndpointClient;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.translate.LoadAssignmentInputs.LbEndpoint;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import dev.weft.xds.ClusterName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the clusters of services and their endpoints depend on, for one proxy. */
final class ServiceClusters {
  private final ProxyView view;

  ServiceClusters(ProxyView view) {
    this.view = view;
  }

  /** The clusters for the proxy's own calls: each port of the service, and of each subset. */
  List<OutboundClusterInputs> outbound(Visible visible) {
    List<OutboundClusterInputs> clusters = new ArrayList<>();
    for (ServicePort port : visible.ports()) {
      for (String subset : visible.subsets()) {
        clusters.add(outbound(visible, port, subset));
      }
    }
    clusters.addAll(ofPods(visible));
    return clusters;
  }

  private OutboundClusterInputs outbound(Visible visible, ServicePort port, String subset) {
    MeshService service = visible.service();
    ClusterName.Outbound name = new ClusterName.Outbound(port.number(), subset, service.hostname());
    Reach reach = reach(visible, port, subset);
    return inputs(
        name, visible, port, subset, reach.endpoints(), security(visible, port, name, reach));
  }

  private Reach reach(Visible visible, ServicePort port, String subset) {
    return Reach.of(view, visible, port, subset, () -> named(visible, port, subset, view.client()));
  }

  /** Endpoints whose names proxies resolve. */
  private LoadAssignmentInputs named(
      Visible visible, ServicePort port, String subset, EndpointClient client) {
    MeshService service = visible.service();
    String name = new ClusterName.Outbound(port.number(), subset, service.hostname()).format();
    return service.externalName().isEmpty()
        ? endpoints(name, visible, port, subset, client, decision -> true)
        : LoadAssignmentInputs.of(name, new HostPort(service.externalName(), port.number()));
  }

  /** The clusters of pods that are behind a gateway and are called by their own names. */
  private List<OutboundClusterInputs> ofPods(Visible visible) {
    Reach told = Reach.TOLD;
    return Called.pods(view, visible.service()).stream()
        .flatMap(
            pod ->
                visible.ports().stream()
                    .map(
                        port ->
                            inputs(
                                pod.cluster(port.number()),
                                visible,
                                port,
                                "",
                                told.endpoints(),
                                security(visible, port, proper(visible, port), told))))
        .toList();
  }

  private static ClusterName.Outbound proper(Visible visible, ServicePort port) {
    return new ClusterName.Outbound(port.number(), "", visible.service().hostname());
  }

  /** The clusters for what passes through a cross-network gateway. */
  List<OutboundClusterInputs> passthrough(List<Passage> passages) {
    return passages.stream()
        .map(
            p ->
                inputs(
                    p.name(),
                    p.visible(),
                    p.port(),
                    p.name().subset(),
                    new EndpointSource.Told(),
                    new UpstreamSecurity.None()))
        .toList();
  }

  /** A service port or a subset of it that a cross-network gateway lets in. */
  record Passage(ClusterName.SniDnat name, Visible visible, ServicePort port) {}

  /** Everything that may be reached through a server with these hosts. */
  List<Passage> passages(Collection<String> hosts) {
    return view.services().stream().flatMap(v -> passages(v, hosts).stream()).toList();
  }

  /** What of a service may be reached through a server with these hosts. */
  static List<Passage> passages(Visible visible, Collection<String> hosts) {
    MeshService service = visible.service();
    // A service that stays inside its cluster has no callers beyond it, nor has one outside.
    if (service.clusterLocal()
        || service.outside()
        || service.unresolved()
        || hosts.stream().noneMatch(h -> admits(h, service))) {
      return List.of();
    }
    List<Passage> passages = new ArrayList<>();
    for (ServicePort port : visible.ports()) {
      for (String subset : visible.subsets()) {
        passages.add(
            new Passage(
                new ClusterName.SniDnat(port.number(), subset, service.hostname()), visible, port));
      }
    }
    return passages;
  }

  /** A server's host is {@code pattern} or {@code namespace/pattern}. */
  private static boolean admits(String host, MeshService service) {
    int slash = host.indexOf('/');
    String namespace = slash < 0 ? "*" : host.substring(0, slash);
    String pattern = slash < 0 ? host : host.substring(slash + 1);
    boolean here = namespace.equals("*") || namespace.equals(service.id().namespace());
    return here
        && (pattern.startsWith("*")
            ? service.hostname().endsWith(pattern.substring(1))
            : service.hostname().equals(pattern));
  }

  /** Endpoints for the proxy's own calls; clusters by original destination have none. */
  List<LoadAssignmentInputs> outboundEndpoints(Visible visible) {
    List<LoadAssignmentInputs> assignments = new ArrayList<>();
    EndpointClient client = view.client();
    for (ServicePort port : visible.ports()) {
      for (String subset : visible.subsets()) {
        if (reach(visible, port, subset).told()) {
          String name =
              new ClusterName.Outbound(port.number(), subset, visible.service().hostname())
                  .format();
          assignments.add(endpoints(name, visible, port, subset, client, decision -> true));
        }
      }
    }
    for (CalledPod pod : Called.pods(view, visible.service())) {
      for (ServicePort port : visible.ports()) {
        String name = pod.cluster(port.number()).format();
        assignments.add(endpoints(name, visible, port, "", client, pod::isMeant));
      }
    }
    return assignments;
  }

  List<LoadAssignmentInputs> passthroughEndpoints(List<Passage> passages) {
    EndpointClient client = view.passthroughClient();
    return passages.stream()
        .map(
            p ->
                endpoints(
                    p.name().format(), p.visible(), p.port(), p.name().subset(), client, d -> true))
        .toList();
  }

  private LoadAssignmentInputs endpoints(
      String cluster,
      Visible visible,
      ServicePort port,
      String subset,
      EndpointClient client,
      Predicate<EndpointDecision> meant) {
    LocalityPreference preference =
        LocalityPreference.of(
            visible.policy(subset, port.number()),
            visible.service(),
            view.snapshot().settings().localityLoadBalancing());
    List<String> labels = preferredLabels(preference);
    List<LbEndpoint> endpoints = new ArrayList<>();
    for (EndpointDecision decision :
        EndpointView.of(view.snapshot(), visible.service(), port, subset, client)) {
      if (!meant.test(decision)) {
        continue;
      }
      switch (decision) {
        case EndpointDecision.Direct direct -> endpoints.add(direct(direct, labels));
        case EndpointDecision.ViaGateway via -> {
          if (Addresses.isIp(via.gateway().address().host())) {
            endpoints.add(via.label().isEmpty() ? via(via, labels) : named(via, labels));
          }
        }
        case EndpointDecision.Dropped dropped -> {}
      }
    }
    return new LoadAssignmentInputs(
        cluster, endpoints, preference, view.locality(), only(view.labels(), labels));
  }

  private static LbEndpoint direct(EndpointDecision.Direct direct, List<String> labels) {
    ServiceEndpoint endpoint = direct.endpoint();
    return new LbEndpoint(
        direct.address(),
        endpoint.locality(),
        direct.weight(),
        direct.mtls(),
        telemetry(endpoint),
        healthy(endpoint),
        only(endpoint.labels(), labels),
        "");
  }

  private static String telemetry(ServiceEndpoint endpoint) {
    @Nullable Workload workload = endpoint.workload();
    ClusterId cluster = endpoint.cluster();
    return workload == null
        ? ";;;;" + (cluster.equals(ServiceEndpoint.NO_CLUSTER) ? "" : cluster)
        : String.join(
            ";",
            workload.workloadName(),
            workload.key().namespace(),
            workload.canonicalService(),
            workload.canonicalRevision(),
            cluster.value());
  }

  private static boolean healthy(ServiceEndpoint endpoint) {
    return switch (endpoint.health()) {
      case READY -> true;
      // Sent only where the service publishes addresses that are not ready: as good as others.
      case NOT_READY -> true;
      case TERMINATING -> false;
    };
  }

  /** An endpoint that the client names to the gateway: all but the address is its own. */
  private static LbEndpoint named(EndpointDecision.ViaGateway via, List<String> labels) {
    ServiceEndpoint endpoint = via.behind().getFirst();
    return new LbEndpoint(
        via.gateway().address(),
        endpoint.locality(),
        via.weight(),
        true,
        telemetry(endpoint),
        healthy(endpoint),
        only(endpoint.labels(), labels),
        via.label());
  }

  private static LbEndpoint via(EndpointDecision.ViaGateway via, List<String> labels) {
    HostPort address = via.gateway().address();
    String cluster = via.gateway().cluster() == null ? "" : via.gateway().cluster().value();
    return new LbEndpoint(
        address,
        via.locality(),
        via.weight(),
        true,
        ";;;;" + cluster,
        true,
        only(
            Map.of(
                "topology.istio.io/network",
                via.gateway().network().value(),
                "topology.istio.io/cluster",
                cluster),
            labels),
        "");
  }

  private static List<String> preferredLabels(LocalityPreference preference) {
    return switch (preference) {
      case LocalityPreference.Ignored ignored -> List.of();
      case LocalityPreference.Shares shares -> List.of();
      case LocalityPreference.Nearest nearest ->
          nearest.labels().stream().map(label -> label.split("=", 2)[0]).toList();
    };
  }

  private static Map<String, String> only(Map<String, String> all, List<String> keys) {
    Map<String, String> some = new TreeMap<>();
    for (String key : keys) {
      String value = all.get(key);
      if (value != null) {
        some.put(key, value);
      }
    }
    return some;
  }

  private OutboundClusterInputs inputs(
      ClusterName name,
      Visible visible,
      ServicePort port,
      String subset,
      EndpointSource endpoints,
      UpstreamSecurity security) {
    TrafficPolicy policy = visible.policy(subset, port.number());
    return new OutboundClusterInputs(
        name,
        endpoints,
        port.protocol(),
        name instanceof ClusterName.SniDnat ? policy.shared() : policy,
        security,
        endpoints instanceof EndpointSource.Dialled
            ? new LocalityPreference.Ignored()
            : LocalityPreference.of(
                policy, visible.service(), view.snapshot().settings().localityLoadBalancing()),
        visible.service().id(),
        visible.service().hostname(),
        visible.rule() == null || visible.rule().sources().isEmpty()
            ? ""
            : ObjectPath.of(visible.rule().sources().getFirst()),
        view.snapshot().settings().connectTimeout(),
        view.dialect());
  }

  private UpstreamSecurity security(
      Visible visible, ServicePort port, ClusterName.Outbound name, Reach reach) {
    @Nullable ClientTls tls = visible.policy(name.subset(), port.number()).tls();
    if (tls != null) {
      return switch (tls.mode()) {
        case DISABLE -> new UpstreamSecurity.None();
        case ISTIO_MUTUAL ->
            new UpstreamSecurity.Mesh(
                tls.sni().isEmpty() ? name.sni().format() : tls.sni(),
                tls.subjectAltNames().isEmpty()
                    ? identities(visible.service())
                    : tls.subjectAltNames());
        case SIMPLE, MUTUAL ->
            new UpstreamSecurity.Outside(
                named(visible.service(), getsSecrets(visible) ? tls : tls.withoutCredential()));
      };
    }
    boolean mesh = view.snapshot().settings().autoMtls() && !visible.service().outside();
    return mesh
        ? reach.security(name.sni().format(), identities(visible.service()))
        : new UpstreamSecurity.None();
  }

  /** A ServiceEntry says whom its endpoints may be, where the rule does not. */
  private ClientTls named(MeshService service, ClientTls tls) {
    return service.entry().isPresent() && tls.subjectAltNames().isEmpty()
        ? tls.withSubjectAltNames(identities(service))
        : tls;
  }

  /** Gateways do, and the clients that a rule selects. */
  private boolean getsSecrets(Visible visible) {
    return !view.sidecar()
        || (visible.rule() != null && !visible.rule().workloadSelector().isEmpty());
  }

  /**
   * The Secrets by which the proxy shows who it is, or knows who others are, as DestinationRules
   * say.
   */
  List<String> credentials() {
    return view.services().stream()
        .filter(visible -> visible.rule() != null && getsSecrets(visible))
        .flatMap(visible -> Stream.ofNullable(visible.rule()))
        .flatMap(rule -> Credentials.names(rule).stream())
        .distinct()
        .toList();
  }

  /** Of all endpoints in all clusters, in every trust domain that counts as ours. */
  private List<String> identities(MeshService service) {
    TreeSet<String> uris = new TreeSet<>();
    TrustDomain own = view.snapshot().settings().trustDomain();
    for (SpiffeId identity : service.identities()) {
      uris.add(identity.uri());
      if (identity.trustDomain().equals(own)) {
        for (TrustDomain alias : view.snapshot().settings().trustDomainAliases()) {
          uris.add(new SpiffeId(alias, identity.namespace(), identity.serviceAccount()).uri());
        }
      }
    }
    service.entry().ifPresent(entry -> uris.addAll(entry.subjectAltNames()));
    return List.copyOf(uris);
  }
}
