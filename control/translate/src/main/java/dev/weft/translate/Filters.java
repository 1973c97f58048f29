package dev.weft.translate;

import com.github.udpa.udpa.type.v1.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The filters of a proxy, in Istio's order. Those that only Istio's build of Envoy and our proxy
 * have travel as {@code TypedStruct}, because their messages are not in the published API. Istio:
 * pilot/pkg/xds/filters/filters.go.
 */
final class Filters {
  private static final String TYPE = "type.googleapis.com/";

  private Filters() {}

  /** Which way a connection manager's requests go. */
  enum Direction {
    INBOUND,
    OUTBOUND
  }

  /**
   * @param guards what decides who may come in
   * @param stats the configuration of Istio's metrics
   */
  static List<HttpFilter> http(
      Dialect dialect, Direction direction, List<HttpFilter> guards, Any stats) {
    boolean istio = dialect.istio();
    List<HttpFilter> filters = new ArrayList<>();
    if (istio) {
      filters.add(http("istio.metadata_exchange", peerMetadata(direction)));
    }
    filters.addAll(guards);
    filters.add(
        http(
            "envoy.filters.http.grpc_stats",
            DeterministicBytes.pack(
                FilterConfig.newBuilder()
                    .setEmitFilterState(true)
                    .setStatsForAllMethods(com.google.protobuf.BoolValue.of(false))
                    .build())));
    if (istio && direction == Direction.OUTBOUND) {
      filters.add(http("istio.alpn", alpn()));
    }
    filters.add(http("envoy.filters.http.fault", pack(HTTPFault.getDefaultInstance())));
    filters.add(http("envoy.filters.http.cors", pack(Cors.getDefaultInstance())));
    if (istio) {
      filters.add(http("istio.stats", stats));
    }
    filters.add(http("envoy.filters.http.router", pack(Router.getDefaultInstance())));
    return filters;
  }

  /**
   * What stands before a connection manager or a TCP proxy.
   *
   * @param guards what decides who may come in
   * @param stats the configuration of Istio's metrics
   */
  static List<Filter> network(
      Dialect dialect, Direction direction, List<Filter> guards, boolean http, Any stats) {
    List<Filter> filters = new ArrayList<>();
    if (dialect.istio() && direction == Direction.INBOUND) {
      filters.add(network("istio.metadata_exchange", metadataExchange()));
    }
    filters.addAll(guards);
    if (dialect.istio() && !http) {
      filters.add(network("istio.stats", stats));
    }
    return filters;
  }

  static Filter network(String name, Message config) {
    return network(name, DeterministicBytes.pack(config));
  }

  /** The filter in front of an upstream connection, for peers that exchange metadata over TCP. */
  static io.envoyproxy.envoy.config.cluster.v3.Filter upstreamMetadataExchange() {
    return io.envoyproxy.envoy.config.cluster.v3.Filter.newBuilder()
        .setName("istio.metadata_exchange")
        .setTypedConfig(metadataExchange())
        .build();
  }

  static ListenerFilter originalDst() {
    return listener("envoy.filters.listener.original_dst", OriginalDst.getDefaultInstance());
  }

  static ListenerFilter tlsInspector() {
    return listener("envoy.filters.listener.tls_inspector", TlsInspector.getDefaultInstance());
  }

  static ListenerFilter httpInspector() {
    return listener("envoy.filters.listener.http_inspector", HttpInspector.getDefaultInstance());
  }

  private static Any pack(Message message) {
    return DeterministicBytes.pack(message);
  }

  private static HttpFilter http(String name, Any config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
  }

  private static Filter network(String name, Any config) {
    return Filter.newBuilder().setName(name).setTypedConfig(config).build();
  }

  private static ListenerFilter listener(String name, Message config) {
    return ListenerFilter.newBuilder().setName(name).setTypedConfig(pack(config)).build();
  }

  static Any typedStruct(String type, Map<String, ?> fields) {
    return pack(
        TypedStruct.newBuilder().setTypeUrl(TYPE + type).setValue(Structs.of(fields)).build());
  }

  private static Any peerMetadata(Direction direction) {
    Map<String, ?> headers = Map.of("istio_headers", Map.of());
    String side = direction == Direction.INBOUND ? "downstream" : "upstream";
    return typedStruct(
        "io.istio.http.peer_metadata.Config",
        Map.of(
            side + "_discovery",
            List.of(headers, Map.of("workload_discovery", Map.of())),
            side + "_propagation",
            List.of(headers)));
  }

  private static Any alpn() {
    return typedStruct(
        "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
        Map.of(
            "alpn_override",
            List.of(
                Map.of("alpn_override", List.of("istio-http/1.0", "istio", "http/1.0")),
                Map.of(
                    "upstream_protocol",
                    "HTTP11",
                    "alpn_override",
                    List.of("istio-http/1.1", "istio", "http/1.1")),
                Map.of(
                    "upstream_protocol",
                    "HTTP2",
                    "alpn_override",
                    List.of("istio-h2", "istio", "h2")))));
  }

  private static Any metadataExchange() {
    return typedStruct(
        "envoy.tcp.metadataexchange.config.MetadataExchange",
        Map.of("protocol", "istio-peer-exchange", "enable_discovery", true));
  }
}
