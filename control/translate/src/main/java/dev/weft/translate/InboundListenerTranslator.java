package dev.weft.translate;

import com.google.protobuf.UInt32Value;
import dev.weft.config.MtlsMode;
import dev.weft.translate.InboundListenerInputs.Place;
import dev.weft.translate.InboundListenerInputs.Port;
import dev.weft.types.AppProtocol;
import dev.weft.types.MeshPorts;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ListenerName;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.type.v3.Int32Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The listener where all captured connections to a workload arrive, and those with sockets of their
 * own. Istio: pilot/pkg/networking/core/listener_inbound.go and filterchain_options.go.
 */
final class InboundListenerTranslator {
  private static final List<String> ISTIO_HTTP_ALPN =
      List.of("istio-http/1.0", "istio-http/1.1", "istio-h2");
  private static final List<String> ISTIO_TCP_ALPN = List.of("istio-peer-exchange", "istio");
  private static final List<String> HTTP_IN_PLAINTEXT = List.of("http/1.0", "http/1.1", "h2c");
  private static final String CATCH_ALL = "virtualInbound";
  private static final String CATCH_ALL_HTTP = "virtualInbound-catchall-http";

  private final InboundListenerInputs in;
  private final Reports reports;
  private final Guards guards;
  private final List<FilterChain> chains = new ArrayList<>();

  private InboundListenerTranslator(InboundListenerInputs in) {
    this.in = in;
    this.reports = Reports.of(in.telemetry());
    this.guards = Guards.of(in.authz(), in.jwt());
  }

  static Listener translate(InboundListenerInputs in) {
    return new InboundListenerTranslator(in).listener();
  }

  /** What a chain matches besides the port. */
  private enum Traffic {
    MTLS,
    MTLS_HTTP,
    MTLS_TCP,
    ANY_TLS,
    PLAIN,
    PLAIN_HTTP
  }

  /** Whether TLS ends at the chain. */
  private enum Transport {
    TERMINATE,
    AS_IS
  }

  /**
   * Where a chain leads. Port 0 is any.
   *
   * @param patches of its listener
   * @param http its filters for requests, by the patches of a chain
   */
  private record Destination(
      int port,
      String name,
      String httpName,
      List<FilterPatch> patches,
      Function<List<FilterPatch>, List<Filter>> http,
      List<Filter> tcp) {
    List<Filter> http(FilterChainMatch match) {
      return http.apply(FilterPatch.of(patches, httpName, match));
    }
  }

  private Listener listener() {
    Listener.Builder listener =
        Listener.newBuilder()
            .setTrafficDirection(TrafficDirection.INBOUND)
            .setListenerFiltersTimeout(Durations.ZERO)
            .setContinueOnListenerFiltersTimeout(true)
            .addAllAccessLog(AccessLogs.ofListener(in.telemetry().logs()));
    switch (in.place()) {
      case Place.Captured captured -> captured(listener, captured);
      case Place.Bound bound -> bound(listener, bound);
    }
    in.ports().forEach(this::port);
    return listener
        .addListenerFilters(Filters.tlsInspector())
        .addListenerFilters(httpInspector())
        .addAllFilterChains(chains)
        .build();
  }

  private void captured(Listener.Builder listener, Place.Captured captured) {
    listener
        .setName(ListenerName.Capture.INBOUND.format())
        .setAddress(Addresses.of(OutboundListenerTranslator.ANY, MeshPorts.INBOUND_CAPTURE))
        .addListenerFilters(Filters.originalDst());
    OutboundListenerTranslator.beside(listener, captured.beside());
    blackHole();
    // Envoy prefers the chain of a port, so these only get what no port takes.
    auto(passthrough(0), captured.mode());
    captured.otherPorts().forEach((port, mode) -> auto(passthrough(port), mode));
  }

  private static void bound(Listener.Builder listener, Place.Bound bound) {
    String first = bound.addresses().getFirst();
    listener.setName(bound.name()).setAddress(Addresses.of(first, bound.port()));
    for (String more : bound.addresses().subList(1, bound.addresses().size())) {
      listener.addAdditionalAddresses(
          AdditionalAddress.newBuilder().setAddress(Addresses.of(more, bound.port())));
    }
  }

  private void blackHole() {
    String cluster = ClusterName.Special.BLACK_HOLE.format();
    chains.add(
        FilterChain.newBuilder()
            .setName("virtualInbound-blackhole")
            .setFilterChainMatch(
                FilterChainMatch.newBuilder()
                    .setDestinationPort(UInt32Value.of(MeshPorts.INBOUND_CAPTURE)))
            .addAllFilters(tcp(Guards.NONE, cluster, Duration.ZERO, reports.unlogged()))
            .build());
  }

  private void port(Port port) {
    Destination to = destination(port);
    if (port.protocol().isHttp()) {
      http(to, port.mode());
    } else if (port.protocol() == AppProtocol.AUTO) {
      auto(to, port.mode());
    } else {
      tcp(to, port.mode());
    }
  }

  private void http(Destination to, MtlsMode mode) {
    switch (mode) {
      case PERMISSIVE -> {
        http(to, Traffic.MTLS, Transport.TERMINATE);
        http(to, Traffic.PLAIN, Transport.AS_IS);
      }
      case STRICT -> http(to, Traffic.ANY_TLS, Transport.TERMINATE);
      case DISABLE -> http(to, Traffic.PLAIN, Transport.AS_IS);
    }
  }

  private void tcp(Destination to, MtlsMode mode) {
    switch (mode) {
      case PERMISSIVE -> {
        tcp(to, Traffic.MTLS, Transport.TERMINATE);
        tcp(to, Traffic.ANY_TLS, Transport.AS_IS);
        tcp(to, Traffic.PLAIN, Transport.AS_IS);
      }
      case STRICT -> tcp(to, Traffic.ANY_TLS, Transport.TERMINATE);
      case DISABLE -> {
        tcp(to, Traffic.PLAIN, Transport.AS_IS);
        // The application's own TLS.
        tcp(to, Traffic.ANY_TLS, Transport.AS_IS);
      }
    }
  }

  private void auto(Destination to, MtlsMode mode) {
    switch (mode) {
      case PERMISSIVE -> {
        http(to, Traffic.MTLS_HTTP, Transport.TERMINATE);
        http(to, Traffic.PLAIN_HTTP, Transport.AS_IS);
        tcp(to, Traffic.MTLS_TCP, Transport.TERMINATE);
        tcp(to, Traffic.PLAIN, Transport.AS_IS);
        tcp(to, Traffic.ANY_TLS, Transport.AS_IS);
      }
      case STRICT -> {
        http(to, Traffic.MTLS_HTTP, Transport.TERMINATE);
        tcp(to, Traffic.ANY_TLS, Transport.TERMINATE);
      }
      case DISABLE -> {
        http(to, Traffic.PLAIN_HTTP, Transport.AS_IS);
        tcp(to, Traffic.PLAIN, Transport.AS_IS);
        tcp(to, Traffic.ANY_TLS, Transport.AS_IS);
      }
    }
  }

  private void http(Destination to, Traffic traffic, Transport transport) {
    FilterChainMatch match = match(to, traffic);
    add(match, to.httpName(), transport, true, to.http(match));
  }

  private void tcp(Destination to, Traffic traffic, Transport transport) {
    add(match(to, traffic), to.name(), transport, false, to.tcp());
  }

  private static FilterChainMatch match(Destination to, Traffic traffic) {
    FilterChainMatch.Builder match = FilterChainMatch.newBuilder();
    if (to.port() != 0) {
      match.setDestinationPort(UInt32Value.of(to.port()));
    }
    switch (traffic) {
      case MTLS ->
          match
              .setTransportProtocol("tls")
              .addAllApplicationProtocols(ISTIO_TCP_ALPN)
              .addAllApplicationProtocols(ISTIO_HTTP_ALPN);
      case MTLS_HTTP ->
          match.setTransportProtocol("tls").addAllApplicationProtocols(ISTIO_HTTP_ALPN);
      case MTLS_TCP -> match.setTransportProtocol("tls").addAllApplicationProtocols(ISTIO_TCP_ALPN);
      case ANY_TLS -> match.setTransportProtocol("tls");
      case PLAIN -> match.setTransportProtocol("raw_buffer");
      case PLAIN_HTTP ->
          match.setTransportProtocol("raw_buffer").addAllApplicationProtocols(HTTP_IN_PLAINTEXT);
    }
    return match.build();
  }

  private void add(
      FilterChainMatch match,
      String name,
      Transport transport,
      boolean http,
      List<Filter> filters) {
    FilterChain.Builder chain =
        FilterChain.newBuilder().setName(name).setFilterChainMatch(match).addAllFilters(filters);
    switch (transport) {
      case TERMINATE -> {
        TransportSocket socket = TlsContexts.meshServer(http, in.trustDomains());
        chain.setTransportSocket(socket);
      }
      case AS_IS -> {}
    }
    chains.add(chain.build());
  }

  private Destination destination(Port port) {
    String cluster = new ClusterName.Inbound(port.number()).format();
    String bound = new ListenerName.Bound(port.bind(), port.number()).format();
    return new Destination(
        port.number(),
        bound,
        bound,
        patches(port.number()),
        http(
            "inbound_" + bound + ";",
            RouteTableTranslator.inbound(
                cluster,
                "inbound|http|" + port.servicePort(),
                cluster,
                port.hostname() + ":" + port.servicePort() + "/*",
                in.patches().routes())),
        tcp(guards, cluster, port.idleTimeout(), reports));
  }

  private Destination passthrough(int port) {
    String cluster = ClusterName.Special.INBOUND_PASSTHROUGH.format();
    return new Destination(
        port,
        CATCH_ALL,
        CATCH_ALL_HTTP,
        patches(port),
        http(
            cluster,
            RouteTableTranslator.inbound(
                cluster,
                "inbound|http|" + port,
                cluster,
                ":" + port + "/*",
                in.patches().routes())),
        tcp(guards, cluster, Duration.ZERO, reports));
  }

  /** Chains of what is captured are told apart by ports, as Istio's listener match does. */
  private List<FilterPatch> patches(int port) {
    String listener =
        switch (in.place()) {
          case Place.Captured captured -> ListenerName.Capture.INBOUND.format();
          case Place.Bound bound -> bound.name();
        };
    return in.patches().of(listener, port);
  }

  /** Filters for requests: those of chains that the same patches change are made once. */
  private Function<List<FilterPatch>, List<Filter>> http(
      String statPrefix, RouteConfiguration routes) {
    Map<List<FilterPatch>, List<Filter>> made = new HashMap<>();
    return patches ->
        made.computeIfAbsent(
            patches,
            each ->
                NetworkFilters.inboundHttp(
                    in.dialect(), guards, in.paths(), statPrefix, routes, reports, each));
  }

  private List<Filter> tcp(Guards before, String cluster, Duration idleTimeout, Reports to) {
    return NetworkFilters.tcp(
        in.dialect(), Filters.Direction.INBOUND, before, cluster, cluster, idleTimeout, to);
  }

  /**
   * Ports whose protocol is known need no look at their bytes, and servers that speak first would
   * wait for it in vain.
   */
  private ListenerFilter httpInspector() {
    List<ListenerFilterChainMatchPredicate> known =
        in.ports().stream()
            .filter(port -> port.protocol() != AppProtocol.AUTO)
            .map(InboundListenerTranslator::destinationPort)
            .toList();
    ListenerFilter.Builder filter = Filters.httpInspector().toBuilder();
    if (known.size() == 1) {
      filter.setFilterDisabled(known.getFirst());
    } else if (known.size() > 1) {
      filter.setFilterDisabled(
          ListenerFilterChainMatchPredicate.newBuilder()
              .setOrMatch(
                  ListenerFilterChainMatchPredicate.MatchSet.newBuilder().addAllRules(known)));
    }
    return filter.build();
  }

  private static ListenerFilterChainMatchPredicate destinationPort(Port port) {
    return ListenerFilterChainMatchPredicate.newBuilder()
        .setDestinationPortRange(
            Int32Range.newBuilder().setStart(port.number()).setEnd(port.number() + 1))
        .build();
  }
}
