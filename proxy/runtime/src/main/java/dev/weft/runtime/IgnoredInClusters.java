package dev.weft.runtime;

import dev.weft.xds.client.Ignored.Field;
import dev.weft.xds.client.Ignored.Fields;
import dev.weft.xds.client.Ignored.Whole;

/** Clusters, endpoints and secrets: what this proxy takes and does not act on. */
final class IgnoredInClusters {
  private static final String CORE = "envoy.config.core.v3.";
  private static final String CLUSTER_V3 = "envoy.config.cluster.v3.";
  private static final String ENDPOINT_V3 = "envoy.config.endpoint.v3.";
  private static final String TLS_V3 = "envoy.extensions.transport_sockets.tls.v3.";

  static final Fields CLUSTER =
      Fields.of(
          CLUSTER_V3 + "Cluster",
          field(5, Reason.BUFFERS),
          field(16, "names are asked for when a connection is made"),
          field(20, "an endpoint that nobody dials any more is forgotten by itself"),
          field(28, Reason.STATISTICS),
          field(31, Reason.PROBES),
          field(32, Reason.PROBES),
          field(39, "an answer is kept for half a minute"),
          field(42, Reason.REPORTS),
          field(44, "a name that did not resolve is asked for again within seconds"),
          field(47, Reason.STATISTICS),
          field(49, Reason.STATISTICS),
          field(54, "a cluster takes requests as soon as its endpoints are there"),
          field(57, Reason.REPORTS),
          field(58, "names are asked for by connections, which come at any time"));

  static final Fields FILTER = Fields.of(CLUSTER_V3 + "Filter", field(1, Reason.NAME));

  static final Fields METADATA = Fields.of(CORE + "Metadata", field(2, Reason.METADATA));

  static final Whole OTHER_METADATA = new Whole("google.protobuf.Struct", Reason.METADATA);

  static final Fields RING =
      Fields.of(
          CLUSTER_V3 + "Cluster.RingHashLbConfig",
          field(4, "a ring is as large as its endpoints need, within a bound of this proxy"));

  static final Fields RUNTIME_DOUBLE = Fields.of(CORE + "RuntimeDouble", field(2, Reason.RUNTIME));

  static final Fields BALANCING =
      Fields.of(
          CLUSTER_V3 + "Cluster.CommonLbConfig",
          field(4, "changes are merged by who sends them"),
          field(5, Reason.PROBES),
          field(8, "no client chooses its endpoint"));

  static final Fields BIND =
      Fields.of(CORE + "BindConfig", field(2, "an address of the pod can be bound without"));

  static final Fields SOURCE_ADDRESS =
      Fields.of(
          CORE + "SocketAddress",
          field(1, "TCP alone is dialled"),
          field(6, "the address says its family"));

  static final Fields THRESHOLDS =
      Fields.of(CLUSTER_V3 + "CircuitBreakers.Thresholds", field(6, Reason.STATISTICS));

  static final Fields OUTLIERS =
      Fields.of(
          CLUSTER_V3 + "OutlierDetection",
          field(7, Reason.RULE_IS_OFF),
          field(8, Reason.RULE_IS_OFF),
          field(9, Reason.RULE_IS_OFF),
          field(16, Reason.RULE_IS_OFF),
          field(19, Reason.RULE_IS_OFF),
          field(20, Reason.RULE_IS_OFF),
          field(22, "ejections end at their time"),
          field(23, Reason.PROBES));

  static final Fields CONNECTION_OPTIONS =
      Fields.of(
          CLUSTER_V3 + "UpstreamConnectionOptions",
          field(2, "for filters, of which this proxy has none"),
          field(3, "an endpoint has one address"));

  static final Fields HTTP1 =
      Fields.of(
          CORE + "Http1ProtocolOptions",
          field(1, "for requests of clients alone"),
          field(2, "for requests of clients alone"),
          field(3, "for requests of clients alone"),
          field(5, "trailers of answers are passed on to clients that take them"),
          field(6, "an answer with both framings is refused, as it could be read in two ways"),
          field(7, Reason.INVALID),
          field(9, "there is one parser"),
          field(10, "methods of any name are passed on"));

  static final Fields HTTP2 =
      Fields.of(
          CORE + "Http2ProtocolOptions",
          field(1, "the size of a table for compression"),
          field(3, Reason.BUFFERS),
          field(4, Reason.BUFFERS),
          field(5, "for requests of clients alone"),
          field(7, Reason.FRAMES),
          field(8, Reason.FRAMES),
          field(9, Reason.FRAMES),
          field(10, Reason.FRAMES),
          field(11, Reason.FRAMES),
          field(12, Reason.INVALID),
          field(14, Reason.INVALID),
          field(16, "there is one codec"),
          field(17, "there are no METADATA frames"));

  static final Fields AUTO_HTTP =
      Fields.of(
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions.AutoHttpConfig",
          field(4, Reason.HTTP3));

  static final Fields ENDPOINT_GROUP =
      Fields.of(
          ENDPOINT_V3 + "LocalityLbEndpoints",
          field(6, "Envoy does not read it either"),
          field(9, Reason.METADATA));

  static final Fields ENDPOINT =
      Fields.of(
          ENDPOINT_V3 + "Endpoint",
          field(2, Reason.PROBES),
          field(4, "the first address is dialled"));

  static final Fields SOCKET_ADDRESS =
      Fields.of(CORE + "SocketAddress", field(6, "the address says its family"));

  static final Fields TLS =
      Fields.of(
          TLS_V3 + "UpstreamTlsContext",
          field(4, Reason.SESSIONS),
          field(5, "the TLS library checks what a key may be used for"));

  static final Fields VALIDATION =
      Fields.of(TLS_V3 + "CertificateValidationContext", field(11, Reason.WATCHED));

  static final Fields FILE = Fields.of(CORE + "DataSource", field(5, Reason.WATCHED));

  static final Fields SECRET =
      Fields.of(TLS_V3 + "Secret", field(1, "the resource is named where it is asked for"));

  private IgnoredInClusters() {}

  private static Field field(int number, String reason) {
    return new Field(number, reason);
  }
}
