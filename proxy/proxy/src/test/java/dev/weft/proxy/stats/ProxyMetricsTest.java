package dev.weft.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.exchange.CompressionStat;
import dev.weft.exchange.LimitOutcome;
import dev.weft.exchange.ResponseFlag;
import dev.weft.routing.CircuitLimits;
import dev.weft.routing.Endpoint;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.LbTuning;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.FilterChainTable;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.worker.ConnectionRecord;
import dev.weft.server.worker.RequestObserver;
import dev.weft.server.worker.RequestRecord;
import dev.weft.types.HostPort;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.ProtoWriter;
import io.envoyproxy.envoy.service.metrics.v3.StreamMetricsMessage;
import io.prometheus.client.Metrics.LabelPair;
import io.prometheus.client.Metrics.MetricFamily;
import io.prometheus.client.Metrics.MetricType;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {
  private static final String SLEEP = metadata("sleep", "ack-1", "v1");
  private static final String HTTPBIN = metadata("httpbin", "ack-2", "v2");

  private static final byte[] NODE = new ProtoWriter().text(1, "sidecar~1").toBytes();
  private static final byte[] NOBODY = {};

  private static String metadata(String name, String cluster, String version) {
    ProtoWriter out = new ProtoWriter();
    ProtoStruct.write(
        out,
        Map.of(
            "WORKLOAD_NAME",
            name,
            "NAMESPACE",
            "default",
            "CLUSTER_ID",
            cluster,
            "LABELS",
            Map.of(
                "app",
                name,
                "version",
                version,
                "service.istio.io/canonical-name",
                name,
                "service.istio.io/canonical-revision",
                version)));
    return Base64.getEncoder().encodeToString(out.toBytes());
  }

  private static Listener listener(Listener.Direction direction) {
    return new Listener(
        "l",
        List.of(new HostPort("0.0.0.0", 8000)),
        false,
        false,
        direction,
        ListenerFilters.NONE,
        FilterChainTable.of(List.of()),
        null,
        List.of(),
        Duration.ZERO,
        true);
  }

  private static Cluster cluster() {
    return new Cluster(
        "outbound|8000||httpbin.default.svc.cluster.local",
        new Cluster.Discovery.Static(),
        new LbPolicy.RoundRobin(),
        LbTuning.DEFAULT,
        Duration.ofSeconds(1),
        List.of(),
        new UpstreamTransport.Plain(),
        null,
        Cluster.HttpOptions.DEFAULT,
        CircuitLimits.DEFAULT,
        null,
        List.of(new Cluster.ServiceName("httpbin.default.svc.cluster.local", "httpbin", "default")),
        null);
  }

  private record Traffic(
      Listener listener,
      @Nullable Cluster cluster,
      @Nullable Endpoint endpoint,
      int flags,
      int responseCode,
      boolean downstreamMutualTls,
      String downstreamPrincipal,
      String upstreamPrincipal,
      @Nullable String downstreamPeerMetadata,
      @Nullable String upstreamPeerMetadata)
      implements RequestRecord, ConnectionRecord {
    @Override
    public long durationMillis() {
      return 7;
    }

    @Override
    public long requestBytes() {
      return 0;
    }

    @Override
    public long responseBytes() {
      return 1500;
    }

    @Override
    public boolean grpc() {
      return false;
    }

    @Override
    public int grpcStatus() {
      return -1;
    }

    @Override
    public String serverName() {
      return "";
    }
  }

  private static String text(ProxyMetrics metrics) {
    Exposition out = new Exposition();
    metrics.write(out);
    return out.toString();
  }

  @Test
  void what_limits_of_rates_did_has_envoys_names() {
    ProxyMetrics metrics = new ProxyMetrics("", () -> "");
    for (int loop = 0; loop < 2; loop++) {
      RequestObserver observer = metrics.forLoop(loop);
      observer.limited("http_local_rate_limiter", LimitOutcome.ENABLED);
      observer.limited("http_local_rate_limiter", LimitOutcome.RATE_LIMITED);
    }
    assertThat(text(metrics))
        .contains(
            "envoy_http_local_rate_limiter_http_local_rate_limit_enabled 2",
            "envoy_http_local_rate_limiter_http_local_rate_limit_rate_limited 2");
  }

  @Test
  void what_compressors_did_has_envoys_names() {
    ProxyMetrics metrics = new ProxyMetrics("", () -> "");
    String place = "http.outbound_0.0.0.0_8080.compressor.text.gzip.response";
    for (int loop = 0; loop < 2; loop++) {
      RequestObserver observer = metrics.forLoop(loop);
      observer.compressed(place, CompressionStat.COMPRESSED, 1);
      observer.compressed(place, CompressionStat.BYTES_BEFORE, 1000);
    }
    String name = "envoy_http_outbound_0_0_0_0_8080_compressor_text_gzip_response_";
    assertThat(text(metrics))
        .contains(name + "compressed 2", name + "total_uncompressed_bytes 2000");
  }

  @Test
  void the_source_reports_the_destination_that_told_who_it_is() {
    ProxyMetrics metrics =
        new ProxyMetrics(SLEEP, () -> "spiffe://cluster.local/ns/default/sa/sleep");
    Traffic call =
        new Traffic(
            listener(Listener.Direction.OUTBOUND),
            cluster(),
            Endpoint.of(new HostPort("172.18.0.3", 15443)),
            0,
            200,
            false,
            "",
            "spiffe://cluster.local/ns/default/sa/httpbin",
            null,
            HTTPBIN);
    for (int loop = 0; loop < 2; loop++) {
      RequestObserver observer = metrics.forLoop(loop);
      observer.request(call);
      observer.request(call);
    }

    assertThat(text(metrics))
        .contains(
            "istio_requests_total{reporter=\"source\",source_workload=\"sleep\","
                + "source_workload_namespace=\"default\","
                + "source_principal=\"spiffe://cluster.local/ns/default/sa/sleep\","
                + "source_app=\"sleep\",source_version=\"v1\",source_cluster=\"ack-1\","
                + "source_canonical_service=\"sleep\",source_canonical_revision=\"v1\","
                + "destination_workload=\"httpbin\",destination_workload_namespace=\"default\","
                + "destination_principal=\"spiffe://cluster.local/ns/default/sa/httpbin\","
                + "destination_app=\"httpbin\",destination_version=\"v2\","
                + "destination_cluster=\"ack-2\",destination_canonical_service=\"httpbin\","
                + "destination_canonical_revision=\"v2\","
                + "destination_service=\"httpbin.default.svc.cluster.local\","
                + "destination_service_name=\"httpbin\","
                + "destination_service_namespace=\"default\","
                + "connection_security_policy=\"unknown\",request_protocol=\"http\","
                + "response_code=\"200\",grpc_response_status=\"\",response_flags=\"-\"} 4\n")
        .contains("istio_request_duration_milliseconds_bucket{")
        .contains("le=\"10\"} 4")
        .contains("le=\"5\"} 0")
        .containsPattern("istio_response_bytes_sum\\{.*} 6000");
  }

  @Test
  void the_destination_reports_the_source_and_mutual_tls() {
    ProxyMetrics metrics =
        new ProxyMetrics(HTTPBIN, () -> "spiffe://cluster.local/ns/default/sa/httpbin");
    metrics
        .forLoop(0)
        .request(
            new Traffic(
                listener(Listener.Direction.INBOUND),
                cluster(),
                null,
                0,
                200,
                true,
                "spiffe://cluster.local/ns/default/sa/sleep",
                "",
                SLEEP,
                null));

    assertThat(text(metrics))
        .contains("reporter=\"destination\",source_workload=\"sleep\"")
        .contains("source_cluster=\"ack-1\"")
        .contains("destination_cluster=\"ack-2\"")
        .contains("connection_security_policy=\"mutual_tls\"");
  }

  @Test
  void what_a_client_calls_the_host_makes_no_series() {
    ProxyMetrics metrics = new ProxyMetrics(HTTPBIN, () -> "");
    metrics
        .forLoop(0)
        .request(
            new Traffic(
                listener(Listener.Direction.INBOUND),
                null,
                null,
                0,
                200,
                false,
                "",
                "",
                null,
                null));

    assertThat(text(metrics))
        .contains("# HELP istio_requests_total Requests, HTTP and gRPC, that are over.\n")
        .contains("destination_workload=\"httpbin\"")
        .contains("destination_service=\"unknown\",destination_service_name=\"unknown\"")
        .contains("destination_service_namespace=\"default\"");
  }

  @Test
  void a_failed_call_knows_the_destination_from_the_endpoint() {
    ProxyMetrics metrics = new ProxyMetrics(SLEEP, () -> "");
    metrics
        .forLoop(0)
        .request(
            new Traffic(
                listener(Listener.Direction.OUTBOUND),
                cluster(),
                new Endpoint(
                    new HostPort("10.0.0.1", 80),
                    "",
                    1,
                    Endpoint.Health.HEALTHY,
                    Map.of(),
                    "httpbin;default;httpbin;v2;ack-2",
                    ""),
                ResponseFlag.UF.bit() | ResponseFlag.URX.bit(),
                503,
                false,
                "",
                "",
                null,
                null));

    assertThat(text(metrics))
        .contains("destination_workload=\"httpbin\"")
        .contains("destination_cluster=\"ack-2\"")
        .contains("response_flags=\"UF,URX\"");
  }

  @Test
  void connections_are_counted_with_their_bytes() {
    ProxyMetrics metrics = new ProxyMetrics("not base64!", () -> "");
    RequestObserver observer = metrics.forLoop(0);
    Traffic connection =
        new Traffic(
            listener(Listener.Direction.UNSPECIFIED), null, null, 0, 0, false, "", "", null, null);
    observer.opened(connection);
    observer.transferred(connection, 10, 30);
    observer.transferred(connection, 1, 3);
    observer.closed(connection);

    assertThat(text(metrics))
        .containsPattern("istio_tcp_connections_opened_total\\{.*request_protocol=\"tcp\".*} 1")
        .containsPattern("istio_tcp_connections_closed_total\\{.*} 1")
        .containsPattern("istio_tcp_received_bytes_total\\{.*} 11")
        .containsPattern("istio_tcp_sent_bytes_total\\{.*} 33");
  }

  @Test
  void the_control_plane_is_told_what_was_added_since_the_last_time() throws Exception {
    ProxyMetrics metrics = new ProxyMetrics(SLEEP, () -> "");
    Traffic call =
        new Traffic(
            listener(Listener.Direction.OUTBOUND),
            cluster(),
            Endpoint.of(new HostPort("172.18.0.3", 15443)),
            0,
            200,
            false,
            "",
            "",
            null,
            HTTPBIN);
    RequestObserver first = metrics.forLoop(0);
    RequestObserver second = metrics.forLoop(1);
    first.request(call);
    second.request(call);
    second.request(call);

    StreamMetricsMessage told = StreamMetricsMessage.parseFrom(metrics.added().message(NODE));
    first.request(call);
    StreamMetricsMessage more = StreamMetricsMessage.parseFrom(metrics.added().message(NOBODY));

    assertThat(told.getIdentifier().getNode().getId()).isEqualTo("sidecar~1");
    assertThat(told.getEnvoyMetricsList())
        .extracting(MetricFamily::getName)
        .containsExactly("istio_requests_total", "istio_request_duration_milliseconds");
    MetricFamily requests = told.getEnvoyMetrics(0);
    assertThat(requests.getType()).isEqualTo(MetricType.COUNTER);
    assertThat(requests.getMetric(0).getCounter().getValue()).isEqualTo(3);
    assertThat(requests.getMetric(0).getLabelList())
        .contains(label("source_workload", "sleep"), label("destination_cluster", "ack-2"));
    assertThat(told.getEnvoyMetrics(1).getMetric(0).getHistogram().getSampleSum()).isEqualTo(21);
    assertThat(more.hasIdentifier()).isFalse();
    assertThat(more.getEnvoyMetrics(0).getMetric(0).getCounter().getValue()).isEqualTo(1);
    assertThat(metrics.added().isEmpty()).isTrue();
  }

  @Test
  void bytes_of_connections_are_told_with_labels_as_they_are() throws Exception {
    ProxyMetrics metrics = new ProxyMetrics(metadata("a\"b\\c\nd", "ack-1", "v1"), () -> "");
    RequestObserver observer = metrics.forLoop(0);
    Traffic connection =
        new Traffic(
            listener(Listener.Direction.OUTBOUND), null, null, 0, 0, false, "", "", null, null);
    observer.opened(connection);
    observer.transferred(connection, 10, 30);

    StreamMetricsMessage told = StreamMetricsMessage.parseFrom(metrics.added().message(NOBODY));

    assertThat(told.getEnvoyMetricsList())
        .extracting(MetricFamily::getName)
        .containsExactly(
            "istio_tcp_connections_opened_total",
            "istio_tcp_sent_bytes_total",
            "istio_tcp_received_bytes_total");
    assertThat(told.getEnvoyMetrics(1).getMetric(0).getCounter().getValue()).isEqualTo(30);
    assertThat(told.getEnvoyMetrics(1).getMetric(0).getLabelList())
        .contains(label("source_workload", "a\"b\\c\nd"));
  }

  private static LabelPair label(String name, String value) {
    return LabelPair.newBuilder().setName(name).setValue(value).build();
  }
}
