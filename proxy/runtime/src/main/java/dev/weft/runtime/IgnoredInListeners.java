package dev.weft.runtime;

import dev.weft.xds.client.Ignored.Field;
import dev.weft.xds.client.Ignored.Fields;
import dev.weft.xds.client.Ignored.Whole;

/**
 * Listeners, their filters, connection managers and transports: what this proxy takes and does not
 * act on.
 */
final class IgnoredInListeners {
  private static final String CORE = "envoy.config.core.v3.";
  private static final String LISTENER_V3 = "envoy.config.listener.v3.";
  private static final String MANAGER =
      "envoy.extensions.filters.network.http_connection_manager.v3.";
  private static final String HTTP_V3 = "envoy.extensions.filters.http.";
  private static final String TLS_V3 = "envoy.extensions.transport_sockets.tls.v3.";

  static final Fields LISTENER =
      Fields.of(
          LISTENER_V3 + "Listener",
          field(5, Reason.BUFFERS),
          field(8, "connections are drained when the listener or the process goes"),
          field(11, "an address that the host does not have is reported when it is bound"),
          field(12, "saves a round trip, and nothing else"),
          field(20, "the kernel spreads connections over the event loops"),
          field(21, "each event loop has a socket of its own"),
          field(24, "the kernel's bound of connections that wait has one value"),
          field(28, Reason.STATISTICS),
          field(29, "each event loop has a socket of its own"),
          field(30, "clients with and without Multipath TCP are served by TCP"),
          field(31, "there is no global limit to be exempt from"),
          field(34, "decides on fairness between sockets of one event loop"),
          field(35, "there is no overload manager to be exempt from"));

  static final Fields METADATA = Fields.of(CORE + "Metadata", field(2, Reason.METADATA));

  static final Whole OTHER_METADATA = new Whole("google.protobuf.Struct", Reason.METADATA);

  static final Fields FILTER_CHAIN =
      Fields.of(LISTENER_V3 + "FilterChain", field(5, Reason.METADATA));

  static final Whole LISTENER_FILTER =
      new Whole(
          "envoy.extensions.filters.listener.*",
          "fingerprints and sizes of buffers; the filter itself is carried out");

  static final Fields NETWORK_FILTER = Fields.of(LISTENER_V3 + "Filter", field(1, Reason.NAME));

  static final Whole ISTIO_STATS =
      new Whole(
          NetworkFilters.STATS,
          "Istio's metrics are kept in any case; what a client writes into Host makes no series;"
              + " metrics that are dropped, and labels that are removed or are constant texts, are"
              + " carried out");

  static final Whole METADATA_EXCHANGE =
      new Whole(
          NetworkFilters.METADATA_EXCHANGE,
          "peers are known by their certificates and by the addresses of endpoints");

  static final Fields TCP_PROXY =
      Fields.of(
          "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
          field(15, Reason.LOG_TIMES),
          field(16, Reason.LOG_TIMES),
          field(17, Reason.LOG_TIMES));

  static final Fields CONNECTION_MANAGER =
      Fields.of(
          MANAGER + "HttpConnectionManager",
          field(12, "connections are drained in the time that the whole proxy has for it"),
          field(18, "what the server answers to 'Expect: 100-continue' is passed on in any case"),
          field(26, "a connection is closed when its client had time to read the last answer"),
          field(40, Reason.INVALID),
          field(44, Reason.HTTP3),
          field(53, "the PROXY protocol is refused"),
          field(54, Reason.LOG_TIMES),
          field(55, Reason.LOG_TIMES),
          field(56, Reason.LOG_TIMES));

  static final Whole TRACING_NOWHERE =
      new Whole(
          MANAGER + "HttpConnectionManager.Tracing without a provider",
          "without a provider nothing is traced");

  static final Fields TRACING =
      Fields.of(
          MANAGER + "HttpConnectionManager.Tracing",
          field(10, "a request has one span, however often it is tried"));

  static final Fields TRACE_PROVIDER =
      Fields.of("envoy.config.trace.v3.Tracing.Http", field(1, Reason.NAME));

  static final Whole TAG_METADATA =
      new Whole(
          "envoy.type.tracing.v3.CustomTag.Metadata",
          "no filter leaves metadata: a tag has its default_value, or is left away");

  static final Fields HEADER_OPTION =
      Fields.of(
          CORE + "HeaderValueOption",
          field(2, "a request of the proxy's own has no other header of the name"),
          field(3, "a request of the proxy's own has no other header of the name"),
          field(4, "a header without a value is sent, too"));

  static final Whole CONFIG_SOURCE =
      new Whole(CORE + "ConfigSource", "a proxy has one server, which everything comes from");

  static final Fields HTTP1 =
      Fields.of(
          CORE + "Http1ProtocolOptions",
          field(1, "absolute URLs are always understood"),
          field(2, "HTTP/1.0 is served in any case"),
          field(5, "trailers are passed on to whoever takes them"),
          field(6, "a request with both framings is refused, as it could be read in two ways"),
          field(7, Reason.INVALID),
          field(8, "for requests to servers alone"),
          field(9, "there is one parser"),
          field(10, "methods of any name are passed on"));

  static final Fields EXTENSION = Fields.of(CORE + "TypedExtensionConfig", field(1, Reason.NAME));

  static final Whole HEADER_CASE =
      new Whole(
          "envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig",
          "names of headers are kept as they come in any case");

  static final Fields HTTP2 =
      Fields.of(
          CORE + "Http2ProtocolOptions",
          field(1, "the size of a table for compression"),
          field(
              5,
              "WebSockets over HTTP/2 are offered where the listener allows the upgrade, and clients are told by SETTINGS"),
          field(7, Reason.FRAMES),
          field(8, Reason.FRAMES),
          field(9, Reason.FRAMES),
          field(10, Reason.FRAMES),
          field(11, Reason.FRAMES),
          field(12, Reason.INVALID),
          field(14, Reason.INVALID),
          field(16, "there is one codec"),
          field(17, "there are no METADATA frames"));

  static final Fields COMMON_HTTP =
      Fields.of(CORE + "HttpProtocolOptions", field(7, Reason.BUFFERS));

  static final Fields HTTP_FILTER = Fields.of(MANAGER + "HttpFilter", field(1, Reason.NAME));

  static final Whole DISABLED_FILTER =
      new Whole("HTTP filters with disabled: true", "they are off");

  static final Whole OPTIONAL_FILTER =
      new Whole(
          "HTTP filters with is_optional: true",
          "whoever sends them can do without what is unknown");

  static final Whole GRPC_STATS =
      new Whole("envoy.extensions.filters.http.grpc_stats.v3.FilterConfig", Reason.STATISTICS);

  static final Fields LOCAL_RATE_LIMIT =
      Fields.of(
          HTTP_V3 + "local_ratelimit.v3.LocalRateLimit",
          field(18, "each descriptor has a value, so that there is one bucket for it"));

  static final Fields COMPRESSOR =
      Fields.of(
          HTTP_V3 + "compressor.v3.Compressor",
          field(9, "there is one encoding, so that no filter has to come first"));

  static final Fields OLD_COMPRESSOR =
      Fields.of(
          HTTP_V3 + "compressor.v3.Compressor",
          field(1, Reason.OLDER),
          field(2, Reason.OLDER),
          field(3, Reason.OLDER),
          field(4, Reason.OLDER),
          field(5, Reason.OLDER));

  static final Fields COMPRESSED_REQUESTS =
      Fields.of(
          HTTP_V3 + "compressor.v3.Compressor.CommonDirectionConfig",
          field(2, "for requests: they are not compressed"),
          field(3, "for requests: they are not compressed"));

  static final Fields FEATURE_FLAG =
      Fields.of(CORE + "RuntimeFeatureFlag", field(2, Reason.RUNTIME));

  static final Fields GZIP =
      Fields.of(
          "envoy.extensions.compression.gzip.compressor.v3.Gzip",
          field(1, "the library has one size of its memory"),
          field(4, "the library has one window, of 32 KiB"),
          field(5, "what is received at once is sent at once"));

  static final Whole PEER_METADATA =
      new Whole(
          "io.istio.http.peer_metadata.Config", "peers tell of themselves by Istio's headers");

  static final Fields ROUTER =
      Fields.of(
          "envoy.extensions.filters.http.router.v3.Router",
          field(1, Reason.STATISTICS),
          field(2, "a request has one span, however often it is tried"),
          field(7, Reason.STATISTICS),
          field(9, Reason.LOG_TIMES));

  static final Fields ACCESS_LOG =
      Fields.of("envoy.config.accesslog.v3.AccessLog", field(1, Reason.NAME));

  static final Fields LOG_FILTER =
      Fields.of("envoy.config.accesslog.v3.ExtensionFilter", field(1, Reason.NAME));

  static final Fields LOG_FORMAT =
      Fields.of(
          CORE + "SubstitutionFormatString",
          field(4, "for answers alone, and this is a line of a log"),
          field(6, "an operator that is unknown without them is refused"),
          field(7, "the order of keys in a line"));

  static final Fields TLS =
      Fields.of(
          TLS_V3 + "DownstreamTlsContext",
          field(4, Reason.SESSIONS),
          field(6, Reason.SESSIONS),
          field(7, Reason.SESSIONS),
          field(9, "a server has one certificate"),
          field(10, Reason.SESSIONS),
          field(11, "the TLS library prefers what is fast on both sides"));

  private IgnoredInListeners() {}

  private static Field field(int number, String reason) {
    return new Field(number, reason);
  }
}
