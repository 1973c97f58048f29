package dev.weft.translate;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.weft.translate.OutboundListenerInputs.Kind;
import dev.weft.translate.OutboundListenerInputs.Target;
import dev.weft.types.MeshPorts;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ListenerName;
import dev.weft.xds.ListenersBeside;
import dev.weft.xds.RouteName;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.type.v3.HashPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Listeners of a sidecar for outgoing traffic. Istio: pilot/pkg/networking/core/listener.go. */
final class OutboundListenerTranslator {
  static final String ANY = "0.0.0.0";
  private static final FilterChainMatch HTTP_IN_PLAINTEXT =
      FilterChainMatch.newBuilder()
          .setTransportProtocol("raw_buffer")
          .addAllApplicationProtocols(List.of("http/1.0", "http/1.1", "h2c"))
          .build();

  private OutboundListenerTranslator() {}

  static Listener translate(OutboundListenerInputs in) {
    Reports reports = Reports.of(in.telemetry());
    Listener.Builder listener =
        Listener.newBuilder()
            .setTrafficDirection(TrafficDirection.OUTBOUND)
            .addAllAccessLog(AccessLogs.ofListener(in.telemetry().logs()));
    switch (in.kind()) {
      case Kind.Capture capture -> capture(listener, in, capture, reports);
      case Kind.Http http -> http(listener, in, http, reports);
      case Kind.Sniffed sniffed -> sniffed(listener, in, sniffed, reports);
      case Kind.Tcp tcp -> tcp(listener, in, tcp, reports);
    }
    return listener.build();
  }

  private static void capture(
      Listener.Builder listener, OutboundListenerInputs in, Kind.Capture capture, Reports reports) {
    beside(listener, capture.beside());
    String blackHole = ClusterName.Special.BLACK_HOLE.format();
    listener
        .setName(ListenerName.Capture.OUTBOUND.format())
        .setAddress(Addresses.of(ANY, MeshPorts.OUTBOUND_CAPTURE))
        .setUseOriginalDst(BoolValue.of(true))
        // A connection to the capture port itself would go round for ever.
        .addFilterChains(
            chain("virtualOutbound-blackhole", to(in.dialect(), blackHole, reports.unlogged()))
                .setFilterChainMatch(
                    FilterChainMatch.newBuilder()
                        .setDestinationPort(UInt32Value.of(MeshPorts.OUTBOUND_CAPTURE))))
        .addFilterChains(
            chain("virtualOutbound-catchall-tcp", to(in.dialect(), fallback(in), reports)));
  }

  /** Names the listeners that have sockets of their own, if there are any. */
  static void beside(Listener.Builder listener, List<String> names) {
    if (!names.isEmpty()) {
      listener.setMetadata(
          Metadata.newBuilder()
              .putFilterMetadata(
                  ListenersBeside.METADATA, Structs.of(Map.of(ListenersBeside.LISTENERS, names))));
    }
  }

  private static void http(
      Listener.Builder listener, OutboundListenerInputs in, Kind.Http http, Reports reports) {
    String name = placed(listener, in, http.address(), http.port());
    String route = new RouteName.Port(http.port()).format();
    boolean only = !http.address().equals(ANY) && http.bytes().isEmpty();
    List<Filter> requests =
        NetworkFilters.outboundHttp(
            in.dialect(),
            in.paths(),
            "outbound_" + name + ";",
            route,
            reports,
            patches(in, only ? FilterChainMatch.getDefaultInstance() : HTTP_IN_PLAINTEXT));
    if (only) {
      // Nobody calls this address for anything else.
      listener.addFilterChains(FilterChain.newBuilder().addAllFilters(requests));
      return;
    }
    chains(listener, in, http.bytes(), http.address(), http.port(), Duration.ZERO, reports);
    inspected(
        listener,
        requests,
        anyOf(http.bytes())
            .map(any -> bytes(in, any, http.address(), http.port(), Duration.ZERO, reports))
            .map(filters -> FilterChain.newBuilder().addAllFilters(filters).build())
            .orElseGet(() -> passthrough(in, reports)));
  }

  /** Chains of requests have no name. */
  private static List<FilterPatch> patches(OutboundListenerInputs in, FilterChainMatch match) {
    return FilterPatch.of(in.patches(), "", match);
  }

  private static FilterChain passthrough(OutboundListenerInputs in, Reports reports) {
    return chain("PassthroughFilterChain", to(in.dialect(), fallback(in), reports)).build();
  }

  private static Optional<L4Route> anyOf(List<L4Route> routes) {
    return routes.stream().filter(L4Routes::takesAny).findFirst();
  }

  private static void sniffed(
      Listener.Builder listener, OutboundListenerInputs in, Kind.Sniffed sniffed, Reports reports) {
    String name = placed(listener, in, sniffed.address(), sniffed.port());
    inspected(
        listener,
        NetworkFilters.outboundHttp(
            in.dialect(),
            in.paths(),
            "outbound_" + name + ";",
            sniffed.route(),
            reports,
            patches(in, HTTP_IN_PLAINTEXT)),
        FilterChain.newBuilder()
            .addAllFilters(
                bytes(
                    in, sniffed.bytes(), sniffed.address(), sniffed.port(), Duration.ZERO, reports))
            .build());
  }

  private static void tcp(
      Listener.Builder listener, OutboundListenerInputs in, Kind.Tcp tcp, Reports reports) {
    placed(listener, in, tcp.address(), tcp.port());
    if (tcp.routes().stream().anyMatch(route -> !route.serverNames().isEmpty())) {
      listener
          .addListenerFilters(Filters.tlsInspector())
          .setListenerFiltersTimeout(Durations.ZERO)
          .setContinueOnListenerFiltersTimeout(true);
    }
    chains(listener, in, tcp.routes(), tcp.address(), tcp.port(), tcp.idleTimeout(), reports);
    anyOf(tcp.routes())
        .ifPresentOrElse(
            any ->
                listener.addFilterChains(
                    FilterChain.newBuilder()
                        .addAllFilters(
                            bytes(in, any, tcp.address(), tcp.port(), tcp.idleTimeout(), reports))),
            () -> {
              if (tcp.address().equals(ANY)) {
                listener.setDefaultFilterChain(passthrough(in, reports));
              }
            });
  }

  /** Those that take some connections and not all. */
  private static void chains(
      Listener.Builder listener,
      OutboundListenerInputs in,
      List<L4Route> routes,
      String address,
      int port,
      Duration idleTimeout,
      Reports reports) {
    TakenMatches taken = new TakenMatches();
    for (L4Route route : routes.stream().filter(r -> !L4Routes.takesAny(r)).toList()) {
      for (TakenMatches.Match match : taken.take(route.serverNames(), route.subnets())) {
        listener.addFilterChains(
            FilterChain.newBuilder()
                .addAllFilters(bytes(in, route, address, port, idleTimeout, reports))
                .setFilterChainMatch(match.toChainMatch()));
      }
    }
  }

  private static List<Filter> bytes(
      OutboundListenerInputs in,
      L4Route route,
      String address,
      int port,
      Duration idleTimeout,
      Reports reports) {
    return NetworkFilters.tcp(
        in.dialect(),
        Filters.Direction.OUTBOUND,
        Guards.NONE,
        proxy(route.targets(), route.bySource(), address + "_" + port),
        idleTimeout,
        reports);
  }

  /**
   * Bytes to one cluster or to several by weight.
   *
   * @param bySource whether all connections of a client go to one endpoint
   * @param statPrefix where there are several
   */
  static TcpProxy.Builder proxy(List<Target> targets, boolean bySource, String statPrefix) {
    TcpProxy.Builder proxy = TcpProxy.newBuilder();
    if (bySource) {
      proxy.addHashPolicy(
          HashPolicy.newBuilder().setSourceIp(HashPolicy.SourceIp.getDefaultInstance()));
    }
    if (targets.size() == 1) {
      String cluster = targets.getFirst().cluster();
      return proxy.setStatPrefix(cluster).setCluster(cluster);
    }
    TcpProxy.WeightedCluster.Builder weighted = TcpProxy.WeightedCluster.newBuilder();
    for (Target target : targets) {
      weighted.addClusters(
          TcpProxy.WeightedCluster.ClusterWeight.newBuilder()
              .setName(target.cluster())
              .setWeight(target.weight()));
    }
    return proxy.setStatPrefix(statPrefix).setWeightedClusters(weighted);
  }

  /** HTTP in plain text goes one way, everything else the other. */
  private static void inspected(
      Listener.Builder listener, List<Filter> http, FilterChain otherwise) {
    listener
        .addListenerFilters(Filters.tlsInspector())
        .addListenerFilters(Filters.httpInspector())
        .setListenerFiltersTimeout(Durations.ZERO)
        .setContinueOnListenerFiltersTimeout(true)
        .addFilterChains(
            FilterChain.newBuilder().setFilterChainMatch(HTTP_IN_PLAINTEXT).addAllFilters(http))
        .setDefaultFilterChain(otherwise);
  }

  private static String placed(
      Listener.Builder listener, OutboundListenerInputs in, String address, int port) {
    String name = new ListenerName.Bound(address, port).format();
    listener.setName(name).setAddress(Addresses.of(address, port));
    if (!in.socket()) {
      listener.setBindToPort(BoolValue.of(false));
    }
    return name;
  }

  private static FilterChain.Builder chain(String name, List<Filter> filters) {
    return FilterChain.newBuilder().setName(name).addAllFilters(filters);
  }

  private static List<Filter> to(Dialect dialect, String cluster, Reports reports) {
    return NetworkFilters.tcp(
        dialect, Filters.Direction.OUTBOUND, Guards.NONE, cluster, cluster, Duration.ZERO, reports);
  }

  private static String fallback(OutboundListenerInputs in) {
    return switch (in.fallback()) {
      case Elsewhere.Forwarded forwarded -> forwarded.to().format();
      case Elsewhere.Refused refused -> ClusterName.Special.BLACK_HOLE.format();
    };
  }
}
