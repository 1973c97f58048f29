package dev.weft.translate;

import dev.weft.config.ObjectRef;
import dev.weft.config.Retries;
import dev.weft.config.StringMatch;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.TrafficPolicy.HashKey;
import dev.weft.config.TrafficPolicy.Policy;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpMatch;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.config.VirtualService.WeightedDestination;
import dev.weft.snapshot.Delegates;
import dev.weft.snapshot.Delegates.Routed;
import dev.weft.snapshot.HostNames;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RouteTableInputs.Destination;
import dev.weft.translate.RouteTableInputs.Mirror;
import dev.weft.translate.RouteTableInputs.Rule;
import dev.weft.xds.ClusterName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The VirtualServices that one proxy sees, and what their routes mean to it. Istio:
 * pilot/pkg/networking/core/route/route.go.
 */
final class VirtualServices {
  private final ProxyView view;
  private final Map<String, Visible> byHost = new HashMap<>();
  private final Aliases aliases;
  private final Delegates delegates;
  private final List<VirtualService> visible;
  private final List<VirtualService> withBytes;
  private final Map<String, VirtualService> meshByHost = new HashMap<>();
  private final Map<String, VirtualService> meshByPattern = new LinkedHashMap<>();

  VirtualServices(ProxyView view) {
    this(view, routes -> true);
  }

  /**
   * @param wanted of those that the proxy sees
   */
  VirtualServices(ProxyView view, Predicate<VirtualService> wanted) {
    this.view = view;
    this.aliases = new Aliases(view);
    this.delegates = Delegates.of(view.snapshot());
    view.services().forEach(v -> byHost.put(v.service().hostname(), v));
    this.visible =
        view.snapshot().virtualServices().stream()
            .filter(view.scope()::shows)
            .filter(wanted)
            .toList();
    this.withBytes =
        of(VirtualService.MESH).stream()
            .filter(v -> !v.tcp().isEmpty() || !v.tls().isEmpty())
            .toList();
    for (VirtualService service :
        of(VirtualService.MESH).stream().filter(v -> !v.http().isEmpty()).toList()) {
      for (String host : hosts(service)) {
        (host.startsWith("*") ? meshByPattern : meshByHost).putIfAbsent(host, service);
      }
    }
  }

  /** Those of the mesh that have TCP or TLS routes, the oldest first. */
  List<VirtualService> withBytes() {
    return withBytes;
  }

  /** Those of a gateway, {@code mesh} or {@code namespace/name}, the oldest first. */
  List<VirtualService> of(String gateway) {
    return visible.stream()
        .filter(v -> v.gateways().stream().anyMatch(g -> v.gateway(g).equals(gateway)))
        .toList();
  }

  /**
   * The one that routes the requests for a host inside the mesh: by the exact host, else by the
   * longest pattern; of equals the oldest.
   */
  Optional<VirtualService> forHost(String hostname) {
    VirtualService exact = meshByHost.get(hostname);
    if (exact != null || meshByPattern.isEmpty()) {
      return Optional.ofNullable(exact);
    }
    return meshByPattern.entrySet().stream()
        .filter(e -> HostNames.matches(e.getKey(), hostname))
        .reduce((a, b) -> b.getKey().length() > a.getKey().length() ? b : a)
        .map(Map.Entry::getValue);
  }

  /** What the services that the proxy sees are called, too. */
  Aliases aliases() {
    return aliases;
  }

  /** The one that somebody wrote for this very host, if anybody did. */
  Optional<VirtualService> forExactHost(String hostname) {
    return Optional.ofNullable(meshByHost.get(hostname));
  }

  /** Whether a host, or a host of the pattern, is that of a service which the proxy sees. */
  boolean servesAny(String host) {
    return host.startsWith("*")
        ? Stream.concat(byHost.keySet().stream(), aliases.names())
            .anyMatch(hostname -> HostNames.matches(host, hostname))
        : byHost.containsKey(aliases.target(host));
  }

  /** Full host names. */
  List<String> hosts(VirtualService service) {
    return service.hosts().stream().map(h -> full(h, service)).toList();
  }

  /**
   * The routes on a port, for requests that come through a gateway.
   *
   * @param host whose routes they are, for traces
   */
  List<Rule> rules(VirtualService service, String host, int port, String gateway) {
    List<Rule> rules = new ArrayList<>();
    for (Routed routed : delegates.http(service)) {
      if (routed.route().matches().isEmpty()) {
        rules.add(rule(routed, null, host, port));
        continue;
      }
      for (HttpMatch match : routed.route().matches()) {
        if (applies(match, routed.by(), port, gateway)) {
          rules.add(rule(routed, match, host, port));
        }
      }
    }
    return rules;
  }

  /** How the endpoints of a service port are chosen by a hash; null where they are not. */
  @Nullable HashKey hash(String host, String subset, int port) {
    Visible found = byHost.get(host);
    if (found == null) {
      return null;
    }
    TrafficPolicy.@Nullable LoadBalancer balancer = found.policy(subset, port).loadBalancer();
    return balancer != null && balancer.policy() instanceof Policy.ConsistentHash hash
        ? hash.key()
        : null;
  }

  /** The source is the proxy itself: a gateway does not know whose requests it passes on. */
  private boolean applies(HttpMatch match, VirtualService service, int port, String gateway) {
    return (match.port() == 0 || match.port() == port)
        && names(match.gateways(), service, gateway)
        && view.hasLabels(match.sourceLabels(), match.sourceNamespace());
  }

  /** Whether a match is for a gateway; one that names none is for all of its object's. */
  static boolean names(List<String> gateways, VirtualService service, String gateway) {
    return gateways.isEmpty()
        || gateways.stream().anyMatch(g -> service.gateway(g).equals(gateway));
  }

  private Rule rule(Routed routed, @Nullable HttpMatch match, String host, int port) {
    VirtualService service = routed.by();
    HttpRoute route = routed.route();
    List<Destination> destinations =
        switch (route.action()) {
          case HttpAction.Forward forward -> destinations(forward, service, port);
          case HttpAction.Redirect redirect -> List.of();
          case HttpAction.DirectResponse direct -> List.of();
          case HttpAction.Delegate delegate -> List.of();
        };
    List<Mirror> mirrors =
        route.mirrors().stream()
            .map(m -> new Mirror(cluster(m.destination(), service, port).format(), m.percentage()))
            .toList();
    String suffix = match == null || match.name().isEmpty() ? "" : "." + match.name();
    ObjectRef ref = service.meta().ref();
    @Nullable Retries retries = route.retries();
    return new Rule.Written(
        route.name() + suffix,
        match,
        route,
        retries == null ? view.snapshot().settings().retries() : retries,
        destinations,
        mirrors,
        host + ":" + port + operationPath(match),
        ObjectPath.of(ref));
  }

  private List<Destination> destinations(
      HttpAction.Forward forward, VirtualService service, int port) {
    List<WeightedDestination> all = forward.destinations();
    return all.stream()
        .filter(d -> d.weight() > 0 || all.size() == 1)
        .map(
            d -> {
              ClusterName.Outbound name = cluster(d.destination(), service, port);
              return new Destination(
                  name.format(),
                  d.weight(),
                  d.headers(),
                  hash(name.host(), name.subset(), name.port()));
            })
        .toList();
  }

  /**
   * The cluster of a destination; of an alias, that of what it stands for. Without a port it is the
   * service's only one, else the port that the request came for; a service that is not there gives
   * a cluster that is not there ({@code NC}).
   */
  ClusterName.Outbound cluster(
      VirtualService.Destination destination, VirtualService service, int listenerPort) {
    String host = aliases.target(full(destination.host(), service));
    int port = destination.port();
    if (port == 0) {
      Visible found = byHost.get(host);
      port =
          found != null && found.ports().size() == 1
              ? found.ports().getFirst().number()
              : listenerPort;
    }
    return new ClusterName.Outbound(port, destination.subset(), host);
  }

  private String full(String host, VirtualService service) {
    return HostNames.full(
        host, service.meta().namespace(), view.snapshot().settings().domainSuffix());
  }

  private static String operationPath(@Nullable HttpMatch match) {
    @Nullable StringMatch uri = match == null ? null : match.uri();
    return switch (uri) {
      case null -> "/*";
      case StringMatch.Exact exact -> exact.value();
      case StringMatch.Prefix prefix -> prefix.value() + "*";
      case StringMatch.Regex regex -> regex.value();
      case StringMatch.Present present -> "/*";
    };
  }
}
