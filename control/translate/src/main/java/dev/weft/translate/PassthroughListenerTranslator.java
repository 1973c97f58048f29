package dev.weft.translate;

import dev.weft.xds.ListenerName;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.time.Duration;
import java.util.List;

/**
 * The listener of a cross-network gateway. Each service has a chain of its own, so that neither an
 * unknown name nor TLS without the mesh's ALPN finds a way in. Istio:
 * pilot/pkg/networking/core/gateway.go, builtAutoPassthroughFilterChains.
 */
final class PassthroughListenerTranslator {
  private static final List<String> MESH_ALPN =
      List.of("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2");

  private PassthroughListenerTranslator() {}

  static Listener translate(PassthroughListenerInputs in) {
    Reports reports = Reports.of(in.telemetry());
    // TLS ends elsewhere: nothing of a request is known.
    Guards guards = new Guards(List.of(), AuthzTranslator.translate(in.authz()).network());
    Listener.Builder listener =
        Listener.newBuilder()
            .setName(new ListenerName.Bound(in.bind(), in.port()).format())
            .setAddress(Addresses.of(in.bind(), in.port()))
            .setTrafficDirection(TrafficDirection.OUTBOUND)
            .addListenerFilters(Filters.tlsInspector())
            .addAllAccessLog(AccessLogs.ofListener(in.telemetry().logs()));
    for (String name : in.serverNames()) {
      listener.addFilterChains(
          FilterChain.newBuilder()
              .setName(name)
              .setFilterChainMatch(
                  FilterChainMatch.newBuilder()
                      .addServerNames(name)
                      // With the label of an endpoint before it; a gateway that does not know
                      // labels balances by itself.
                      .addServerNames("*." + name)
                      .addAllApplicationProtocols(MESH_ALPN))
              .addAllFilters(
                  NetworkFilters.tcp(
                      in.dialect(),
                      Filters.Direction.OUTBOUND,
                      guards,
                      name,
                      name,
                      Duration.ZERO,
                      reports)));
    }
    return listener.build();
  }
}
