package dev.weft.translate;

import dev.weft.config.GatewayConfig.Server;
import dev.weft.config.GatewayConfig.ServerTls;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.Credentials;
import dev.weft.snapshot.HostNames;
import dev.weft.translate.GatewayListenerInputs.Chain;
import dev.weft.translate.GatewayListenerInputs.Tls;
import dev.weft.translate.GatewayListenerInputs.Traffic;
import dev.weft.translate.GatewayServers.Bind;
import dev.weft.translate.GatewayServers.Served;
import dev.weft.translate.RouteTableInputs.Fallback;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.ServiceClusters.Passage;
import dev.weft.xds.RouteName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the listeners and routes of a gateway depend on. */
final class GatewayTraffic {
  private static final List<String> ANY_NAME = List.of("*");

  private final ProxyView view;
  private final ServiceClusters services;
  private final SortedMap<Bind, List<Served>> byBind = new TreeMap<>();

  GatewayTraffic(ProxyView view, ServiceClusters services) {
    this.view = view;
    this.services = services;
    for (Served served : GatewayServers.of(view)) {
      List<Served> sharing = byBind.computeIfAbsent(served.bind(), b -> new ArrayList<>());
      // A port is either passed through or not; the oldest object decides.
      if (sharing.isEmpty()
          || GatewayServers.passesThrough(sharing.getFirst().server())
              == GatewayServers.passesThrough(served.server())) {
        sharing.add(served);
      }
    }
  }

  /** The hosts of services whose TLS passes through one of the gateway's ports. */
  Set<String> passingHosts() {
    Set<String> hosts = new LinkedHashSet<>();
    byBind.values().stream()
        .flatMap(List::stream)
        .filter(s -> GatewayServers.passesThrough(s.server()))
        .forEach(s -> hosts.addAll(s.server().hosts()));
    return hosts;
  }

  /** Whether the gateway makes requests and connections of its own. */
  boolean callsServices() {
    return byBind.values().stream()
        .flatMap(List::stream)
        .anyMatch(s -> !GatewayServers.passesThrough(s.server()));
  }

  List<PassthroughListenerInputs> passthroughListeners() {
    List<PassthroughListenerInputs> listeners = new ArrayList<>();
    byBind.forEach(
        (bind, servers) -> {
          Set<String> hosts = new LinkedHashSet<>();
          servers.stream()
              .filter(s -> GatewayServers.passesThrough(s.server()))
              .forEach(s -> hosts.addAll(s.server().hosts()));
          List<String> names =
              services.passages(hosts).stream().map((Passage p) -> p.name().format()).toList();
          // Envoy refuses a listener without any chain.
          if (!names.isEmpty()) {
            listeners.add(
                new PassthroughListenerInputs(
                    bind.address(), bind.port(), names, authz(), view.telemetry(), view.dialect()));
          }
        });
    return listeners;
  }

  List<GatewayListenerInputs> listeners(VirtualServices virtualServices) {
    Patches patches = Patches.of(view);
    List<GatewayListenerInputs> listeners = new ArrayList<>();
    byBind.forEach(
        (bind, servers) -> {
          List<Chain> chains =
              servers.stream()
                  .filter(s -> !GatewayServers.passesThrough(s.server()))
                  .flatMap(s -> chains(s, virtualServices).stream())
                  .toList();
          if (!chains.isEmpty()) {
            listeners.add(
                new GatewayListenerInputs(
                    bind.address(),
                    bind.port(),
                    chains,
                    trustDomains(),
                    authz(),
                    JwtInputs.of(view.snapshot(), view.namespace(), view.labels(), true),
                    view.snapshot().settings().paths(),
                    view.telemetry(),
                    patches.of(bind.listener(), bind.port()),
                    view.dialect()));
          }
        });
    return listeners;
  }

  private AuthzInputs authz() {
    return AuthzInputs.of(view.snapshot(), view.namespace(), view.labels());
  }

  private List<String> trustDomains() {
    return Stream.concat(
            Stream.of(view.snapshot().settings().trustDomain()),
            view.snapshot().settings().trustDomainAliases().stream())
        .map(domain -> domain.value())
        .toList();
  }

  private List<Chain> chains(Served served, VirtualServices virtualServices) {
    Server server = served.server();
    if (handsOn(server)) {
      return passedOn(served, virtualServices);
    }
    return switch (server.port().protocol()) {
      case HTTP, HTTP2, GRPC, GRPC_WEB ->
          List.of(new Chain("", List.of(), new Tls.None(), new Traffic.Http(routeName(served))));
      case HTTPS ->
          tls(server)
              .map(
                  tls ->
                      List.of(
                          new Chain(
                              served.gateway(),
                              serverNames(server),
                              tls,
                              new Traffic.Http(routeName(served)))))
              .orElse(List.of());
      case TLS ->
          tls(server)
              .map(t -> tcpChain(served, serverNames(server), t, virtualServices))
              .orElse(List.of());
      case TCP, MONGO -> tcpChain(served, List.of(), new Tls.None(), virtualServices);
    };
  }

  /**
   * Whether TLS ends at the service, by the routes of VirtualServices: with protocol TLS and HTTPS
   * alike. Istio: pilot/pkg/networking/core/gateway.go.
   */
  private static boolean handsOn(Server server) {
    @Nullable ServerTls tls = server.tls();
    return tls != null
        && tls.mode() == ServerTls.Mode.PASSTHROUGH
        && switch (server.port().protocol()) {
          case HTTPS, TLS -> true;
          case HTTP, HTTP2, GRPC, GRPC_WEB, TCP, MONGO -> false;
        };
  }

  private List<Chain> passedOn(Served served, VirtualServices virtualServices) {
    int port = served.server().port().number();
    List<Chain> chains = new ArrayList<>();
    for (VirtualService service : virtualServices.of(served.gateway())) {
      for (L4Route route :
          new L4Routes(view, virtualServices).tls(service, port, served.gateway())) {
        List<String> written = route.serverNames().isEmpty() ? ANY_NAME : route.serverNames();
        List<String> names =
            written.stream().filter(h -> admitted(served.server(), service, h)).toList();
        if (!names.isEmpty()) {
          chains.add(
              new Chain(
                  names.getFirst(),
                  anyAsNone(names),
                  route.subnets(),
                  new Tls.Passthrough(),
                  new Traffic.Tcp(route.targets(), route.bySource())));
        }
      }
    }
    return chains;
  }

  private List<Chain> tcpChain(
      Served served, List<String> serverNames, Tls tls, VirtualServices virtualServices) {
    int port = served.server().port().number();
    List<Chain> chains = new ArrayList<>();
    for (VirtualService service : virtualServices.of(served.gateway())) {
      // Bytes name no host, but whose they are the server and the object still have to agree on.
      if (virtualServices.hosts(service).stream()
          .noneMatch(h -> admitted(served.server(), service, h))) {
        continue;
      }
      for (L4Route route :
          new L4Routes(view, virtualServices).tcp(service, port, served.gateway())) {
        chains.add(
            new Chain(
                served.gateway(),
                serverNames,
                route.subnets(),
                tls,
                new Traffic.Tcp(route.targets(), route.bySource())));
      }
    }
    return chains;
  }

  /** Empty where a server does not end TLS, or not with a certificate that there is. */
  private Optional<Tls> tls(Server server) {
    @Nullable ServerTls tls = server.tls();
    if (tls == null) {
      return Optional.empty();
    }
    return switch (tls.mode()) {
      case ISTIO_MUTUAL -> Optional.of(new Tls.Mesh());
      case SIMPLE, MUTUAL, OPTIONAL_MUTUAL -> own(tls);
      case PASSTHROUGH, AUTO_PASSTHROUGH -> Optional.empty();
    };
  }

  /**
   * A Secret that is not there yet is named all the same: its port is there, connections fail at
   * the handshake, and the Gateway's findings say why.
   */
  private static Optional<Tls> own(ServerTls tls) {
    boolean fromSecret = !tls.credentialName().isEmpty();
    if (!fromSecret && tls.serverCertificate().isEmpty()) {
      return Optional.empty();
    }
    String roots = "";
    if (tls.mode() != ServerTls.Mode.SIMPLE) {
      String secret = Credentials.roots(tls);
      roots =
          secret.isEmpty()
              ? TlsContexts.FILE_ROOTS + tls.caCertificates()
              : TlsContexts.KUBERNETES + secret;
    }
    return Optional.of(
        new Tls.Own(
            fromSecret
                ? TlsContexts.KUBERNETES + tls.credentialName()
                : TlsContexts.FILE_CERTIFICATE + tls.serverCertificate() + "~" + tls.privateKey(),
            roots,
            tls.mode() == ServerTls.Mode.MUTUAL,
            tls.subjectAltNames(),
            tls.clients(),
            tls.minProtocolVersion(),
            tls.maxProtocolVersion(),
            tls.cipherSuites()));
  }

  /** The Secrets that its servers name. */
  List<String> credentials() {
    return byBind.values().stream()
        .flatMap(List::stream)
        .flatMap(served -> Credentials.names(served.server()).stream())
        .distinct()
        .toList();
  }

  /** What clients name in TLS. */
  private static List<String> serverNames(Server server) {
    return anyAsNone(
        server.hosts().stream().map(GatewayTraffic::withoutNamespace).distinct().toList());
  }

  /** Envoy has no name that stands for every name: a chain that names none takes them. */
  private static List<String> anyAsNone(List<String> names) {
    return names.contains("*") ? List.of() : names;
  }

  private static String withoutNamespace(String host) {
    return host.substring(host.indexOf('/') + 1);
  }

  private static String routeName(Served served) {
    Server server = served.server();
    int slash = served.gateway().indexOf('/');
    return switch (server.port().protocol()) {
      case HTTPS ->
          new RouteName.GatewayHttps(
                  server.port().number(),
                  server.port().name(),
                  served.gateway().substring(slash + 1),
                  served.gateway().substring(0, slash))
              .format();
      case HTTP, HTTP2, GRPC, GRPC_WEB, TCP, TLS, MONGO ->
          new RouteName.GatewayHttp(server.port().number()).format();
    };
  }

  /** The route tables: one for all plain servers of a port, one for each that ends TLS. */
  List<RouteTableInputs> routeTables(VirtualServices virtualServices) {
    SortedMap<String, List<Served>> byRoute = new TreeMap<>();
    byBind
        .values()
        .forEach(
            servers ->
                servers.stream()
                    .filter(this::servesHttp)
                    .forEach(
                        s -> byRoute.computeIfAbsent(routeName(s), r -> new ArrayList<>()).add(s)));
    List<RoutePatch> patches = Patches.of(view).routes();
    List<RouteTableInputs> tables = new ArrayList<>();
    byRoute.forEach(
        (name, servers) ->
            tables.add(
                RoutePatch.apply(
                    new RouteTableInputs(
                        name, hosts(servers, virtualServices), new Fallback.None(), false),
                    patches,
                    UnaryOperator.identity())));
    return tables;
  }

  private boolean servesHttp(Served served) {
    return switch (served.server().port().protocol()) {
      case HTTP, HTTP2, GRPC, GRPC_WEB -> true;
      case HTTPS -> tls(served.server()).isPresent();
      case TCP, TLS, MONGO -> false;
    };
  }

  /** Several VirtualServices of one host are taken together, the oldest first. */
  private List<Host> hosts(List<Served> servers, VirtualServices virtualServices) {
    Map<String, RouteOrder> rules = new TreeMap<>();
    Set<String> tlsOnly = new LinkedHashSet<>();
    int port = servers.getFirst().server().port().number();
    for (Served served : servers) {
      for (VirtualService service : virtualServices.of(served.gateway())) {
        if (service.http().isEmpty()) {
          continue;
        }
        for (String host : virtualServices.hosts(service)) {
          for (String common : common(served.server(), service, host)) {
            rules
                .computeIfAbsent(common, h -> new RouteOrder())
                .add(virtualServices.rules(service, common, port, served.gateway()));
            if (redirects(served.server())) {
              tlsOnly.add(common);
            }
          }
        }
      }
      if (redirects(served.server())) {
        // Redirected whether there is a route or not.
        for (String host : served.server().hosts()) {
          tlsOnly.add(withoutNamespace(host));
          rules.computeIfAbsent(withoutNamespace(host), h -> new RouteOrder());
        }
      }
    }
    if (rules.isEmpty()) {
      return List.of(new Host("blackhole:" + port, List.of("*"), List.of(), false));
    }
    List<Host> hosts = new ArrayList<>();
    rules.forEach(
        (host, found) ->
            hosts.add(
                new Host(host + ":" + port, List.of(host), found.rules(), tlsOnly.contains(host))));
    return hosts;
  }

  private static boolean redirects(Server server) {
    return server.tls() != null && server.tls().httpsRedirect();
  }

  /** The hosts that a server and a VirtualService have in common: the narrower of each pair. */
  private static List<String> common(Server server, VirtualService service, String host) {
    List<String> common = new ArrayList<>();
    for (String written : server.hosts()) {
      if (!namespaceAdmits(written, service)) {
        continue;
      }
      String pattern = withoutNamespace(written);
      if (HostNames.matches(pattern, host)) {
        common.add(host);
      } else if (HostNames.matches(host, pattern)) {
        common.add(pattern);
      }
    }
    return common.stream().distinct().toList();
  }

  private static boolean admitted(Server server, VirtualService service, String host) {
    return !common(server, service, host).isEmpty();
  }

  private static boolean namespaceAdmits(String written, VirtualService service) {
    int slash = written.indexOf('/');
    String namespace = slash < 0 ? "*" : written.substring(0, slash);
    return namespace.equals("*") || namespace.equals(service.meta().namespace());
  }
}
