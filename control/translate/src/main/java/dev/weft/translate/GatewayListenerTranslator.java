package dev.weft.translate;

import dev.weft.translate.GatewayListenerInputs.Chain;
import dev.weft.translate.GatewayListenerInputs.Tls;
import dev.weft.translate.GatewayListenerInputs.Traffic;
import dev.weft.xds.ListenerName;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.time.Duration;
import java.util.List;

/** Listeners of ingress and egress gateways. Istio: pilot/pkg/networking/core/gateway.go. */
final class GatewayListenerTranslator {
  private GatewayListenerTranslator() {}

  static Listener translate(GatewayListenerInputs in) {
    Reports reports = Reports.of(in.telemetry());
    Guards guards = Guards.of(in.authz(), in.jwt());
    String name = new ListenerName.Bound(in.bind(), in.port()).format();
    Listener.Builder listener =
        Listener.newBuilder()
            .setName(name)
            .setAddress(Addresses.of(in.bind(), in.port()))
            .setTrafficDirection(TrafficDirection.OUTBOUND)
            .addAllAccessLog(AccessLogs.ofListener(in.telemetry().logs()));
    if (in.chains().stream().anyMatch(c -> !(c.tls() instanceof Tls.None))) {
      listener.addListenerFilters(Filters.tlsInspector());
    }
    TakenMatches taken = new TakenMatches();
    for (Chain chain : in.chains()) {
      for (TakenMatches.Match match : taken.take(chain.serverNames(), chain.subnets())) {
        listener.addFilterChains(chain(in, guards, chain, match, name, reports));
      }
    }
    return listener.build();
  }

  private static FilterChain chain(
      GatewayListenerInputs in,
      Guards guards,
      Chain chain,
      TakenMatches.Match match,
      String listener,
      Reports reports) {
    FilterChain.Builder result = FilterChain.newBuilder().setName(chain.name());
    if (!match.serverNames().isEmpty() || !match.subnets().isEmpty()) {
      result.setFilterChainMatch(match.toChainMatch());
    }
    result.addAllFilters(
        filters(in, guards, chain, result.getFilterChainMatch(), listener, reports));
    boolean http = chain.traffic() instanceof Traffic.Http;
    switch (chain.tls()) {
      case Tls.None none -> {}
      case Tls.Passthrough passthrough -> {}
      case Tls.Mesh mesh ->
          result.setTransportSocket(TlsContexts.meshServer(http, in.trustDomains()));
      case Tls.Own own -> result.setTransportSocket(TlsContexts.server(own, http, in.dialect()));
    }
    return result.build();
  }

  private static List<Filter> filters(
      GatewayListenerInputs in,
      Guards guards,
      Chain chain,
      FilterChainMatch match,
      String listener,
      Reports reports) {
    return switch (chain.traffic()) {
      case Traffic.Http http ->
          NetworkFilters.gatewayHttp(
              in.dialect(),
              guards,
              in.paths(),
              "outbound_" + listener,
              http.route(),
              reports,
              FilterPatch.of(in.patches(), chain.name(), match));
      case Traffic.Tcp tcp ->
          NetworkFilters.tcp(
              in.dialect(),
              Filters.Direction.OUTBOUND,
              guards,
              OutboundListenerTranslator.proxy(tcp.targets(), tcp.bySource(), listener),
              Duration.ZERO,
              reports);
    };
  }
}
