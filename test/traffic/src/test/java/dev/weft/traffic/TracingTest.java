package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.Peer;
import dev.weft.testkit.Settle;
import dev.weft.traffic.SpanCollector.Collected;
import dev.weft.translate.Translation;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans of requests that go through two proxies, at a real collector on a socket. */
class TracingTest extends WithClient {
  private static final String MESH =
      """
      mesh:
        accessLogFile: /dev/stdout
        accessLogFormat: "%REQ(:PATH)% trace %TRACE_ID% b3 %REQ(X-B3-TRACEID)% id %REQ(X-REQUEST-ID)%"
        meshId: mesh
        extensionProviders:
          - {name: zipkin, zipkin: {service: spans.tools.svc.cluster.local, port: 9411}}
          - {name: grpc, opentelemetry: {service: spans.tools.svc.cluster.local, port: 4317}}
          - {name: http, opentelemetry: {service: spans.tools.svc.cluster.local, port: 4318, http: {path: /v1/traces, headers: [{name: x-key, value: k}]}}}
          - {name: away, zipkin: {service: spans.tools.svc.cluster.local, port: 4319}}
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - name: spans.tools
              vip: 10.96.0.2
              ports:
                - {name: http-zipkin, port: 9411, targetPort: 8080}
                - {name: grpc, port: 4317, targetPort: 8081}
                - {name: http, port: 4318, targetPort: 8080}
                - {name: http-away, port: 4319, targetPort: 8089}
            - {name: edge.istio-system, vip: 10.96.0.9, ports: [{name: http, port: 8100}]}
          pods:
            - {name: edge-1.istio-system, app: edge, ip: NET.200, injected: false, labels: {istio: edge}}
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: client-2.shop, app: client, ip: NET.10}
            - {name: web-1.shop, app: web, ip: NET.11, labels: {service.istio.io/canonical-revision: v2}}
            - {name: collector-1.tools, app: spans, ip: NET.12, injected: false, dead: true}
      """;

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private SpanCollector collector;

  TracingTest() {
    super(MESH);
  }

  @BeforeEach
  void start() {
    collector = new SpanCollector(world.pod("collector-1").address(), 8080, 8081);
  }

  @AfterEach
  void end() {
    collector.close();
  }

  private void traces(String tracing) {
    world.objects(
        "- {kind: Telemetry, metadata: {name: own, namespace: shop}, spec: {tracing: ["
            + tracing
            + "]}}");
    client.proxy().apply(new Translation(), world.snapshot());
  }

  private static String of(String provider) {
    return "{providers: [{name: " + provider + "}], randomSamplingPercentage: 100}";
  }

  private Client.Answer get(String path, String... headers) {
    Client.Answer answer = client.get(path, headers);
    assertThat(answer.status()).isEqualTo(200);
    return answer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"zipkin", "grpc", "http"})
  void a_client_span_leads_to_a_server_span_of_one_trace(String provider) {
    traces(of(provider));
    get("/tree");
    Collected sent = collector.span("CLIENT", "/tree");
    Collected received = collector.span("SERVER", "/tree");
    assertThat(sent.parent()).isEmpty();
    assertThat(received.parent()).isEqualTo(sent.id());
    assertThat(received.trace()).isEqualTo(sent.trace()).hasSize(32);
    assertThat(List.of(sent.producer(), received.producer()))
        .containsExactly("client.shop", "web.shop");
    assertThat(List.of(sent.name(), received.name()))
        .containsOnly("web.shop.svc.cluster.local:8000/*");
    assertThat(sent.tags())
        .containsAllEntriesOf(
            Map.of(
                "component", "proxy",
                "http.method", "GET",
                "http.url", "http://web.shop/tree",
                "http.status_code", "200",
                "http.protocol", "HTTP/1.1",
                "user_agent", "client-1",
                "response_flags", "-",
                "upstream_cluster", "outbound|8000||web.shop.svc.cluster.local",
                "istio.canonical_service", "client",
                "istio.namespace", "shop"));
    assertThat(received.tags())
        .containsEntry("upstream_cluster", "inbound|8080||")
        .containsEntry("istio.canonical_service", "web")
        .containsEntry("istio.canonical_revision", "v2")
        .containsEntry("istio.cluster_id", "west")
        .containsEntry("istio.mesh_id", "mesh")
        .containsEntry("guid:x-request-id", sent.tags().get("guid:x-request-id"))
        .doesNotContainKey("error");
    world.logs("web-1", "/tree trace " + sent.trace());
  }

  @Test
  void the_application_is_told_of_the_server_span_and_logs_have_its_trace() {
    traces(of("zipkin"));
    Client.Answer answer = get("/told");
    Collected received = collector.span("SERVER", "/told");
    assertThat(answer.received())
        .contains(
            "x-b3-traceid: " + received.trace(),
            "x-b3-spanid: " + received.id(),
            "x-b3-parentspanid: " + received.parent(),
            "x-b3-sampled: 1")
        // The digit of the identifier that says why.
        .containsPattern("x-request-id: [0-9a-f]{8}-[0-9a-f]{4}-9");
    world.logs("web-1", "/told trace " + received.trace() + " b3 " + received.trace() + " id ");
    assertThat(collector.reports)
        .allSatisfy(
            report ->
                assertThat(report)
                    .startsWith("/api/v2/spans ")
                    .containsIgnoringCase("x-b3-sampled=[0]"));
  }

  @Test
  void what_an_application_begins_is_continued_in_each_format_of_b3() {
    traces(of("zipkin"));
    get("/several", "x-b3-traceid: " + TRACE, "x-b3-spanid: 00000000000000ab", "x-b3-sampled: 1");
    assertThat(collector.span("CLIENT", "/several"))
        .satisfies(s -> assertThat(s.trace()).isEqualTo(TRACE))
        .satisfies(s -> assertThat(s.parent()).isEqualTo("00000000000000ab"));
    Client.Answer answer = get("/single", "b3: " + TRACE + "-00000000000000ab-1");
    Collected received = collector.span("SERVER", "/single");
    assertThat(received.trace()).isEqualTo(TRACE);
    assertThat(received.parent()).isEqualTo(collector.span("CLIENT", "/single").id());
    assertThat(answer.received())
        .contains(
            "b3: " + TRACE + "-" + received.id() + "-1-" + received.parent(),
            "x-b3-spanid: " + received.id());
  }

  @Test
  void what_an_application_begins_is_continued_by_the_w3c() {
    traces(of("grpc"));
    Client.Answer answer =
        get("/w3c", "traceparent: 00-" + TRACE + "-00000000000000ab-01", "tracestate: a=b");
    Collected received = collector.span("SERVER", "/w3c");
    assertThat(received.trace()).isEqualTo(TRACE);
    assertThat(collector.span("CLIENT", "/w3c").parent()).isEqualTo("00000000000000ab");
    assertThat(answer.received())
        .contains("traceparent: 00-" + TRACE + "-" + received.id() + "-01", "tracestate: a=b");
  }

  @Test
  void over_http2_it_is_the_same() {
    traces(of("zipkin"));
    assertThat(client.overHttp2().get("/two").status()).isEqualTo(200);
    Collected sent = collector.span("CLIENT", "/two");
    assertThat(collector.span("SERVER", "/two").parent()).isEqualTo(sent.id());
    assertThat(sent.tags()).containsEntry("http.protocol", "HTTP/2");
  }

  @Test
  void what_nobody_chose_is_not_reported_and_what_somebody_forces_is() {
    traces("{providers: [{name: zipkin}], randomSamplingPercentage: 0}");
    assertThat(get("/chance").received())
        .contains("x-b3-sampled: 0")
        .containsPattern("x-request-id: [0-9a-f]{8}-[0-9a-f]{4}-4");
    String version7 = "x-request-id: 018f0000-0000-7000-8000-000000000000";
    assertThat(get("/untouched", version7).received()).contains(version7);
    assertThat(get("/denied", "x-b3-sampled: 0", "x-envoy-force-trace: true").received())
        .contains("x-b3-sampled: 0");
    get("/service", "x-envoy-force-trace: true");
    get("/asked", "x-client-trace-id: me");
    Collected forced = collector.span("SERVER", "/service");
    assertThat(collector.span("CLIENT", "/service").id()).isEqualTo(forced.parent());
    assertThat(collector.span("SERVER", "/asked").tags())
        .containsEntry("guid:x-client-trace-id", "me");
    assertThat(collector.found("SERVER", "/chance")).isEmpty();
    assertThat(collector.found("SERVER", "/denied")).isEmpty();
  }

  @Test
  void what_is_decided_not_to_be_traced_goes_on_with_the_headers_that_it_has() {
    traces(of("zipkin"));
    String parent = "00000000000000ab";
    assertThat(
            get("/no", "x-b3-traceid: " + TRACE, "x-b3-spanid: " + parent, "x-b3-sampled: 0")
                .received())
        .contains("x-b3-traceid: " + TRACE, "x-b3-spanid: " + parent, "x-b3-sampled: 0")
        .doesNotContain("x-b3-parentspanid");
    world.logs("web-1", "/no trace " + TRACE + " b3 " + TRACE + " id ");
    String one = "b3: " + TRACE + "-" + parent + "-0";
    assertThat(get("/not", one).received()).contains(one).doesNotContain("x-b3-");
    traces(of("grpc"));
    String w3c = "traceparent: 00-" + TRACE + "-" + parent + "-00";
    assertThat(get("/neither", w3c).received()).contains(w3c);
    get("/yes");
    collector.span("SERVER", "/yes");
    assertThat(collector.spans).noneMatch(span -> span.trace().equals(TRACE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zipkin", "grpc", "http"})
  void what_waits_when_a_proxy_ends_is_sent(String provider) {
    traces(of(provider));
    get("/last");
    client.proxy().close();
    assertThat(collector.found("CLIENT", "/last")).hasSize(1);
    assertThat(client.proxy().server().statistics().spansSent()).isEqualTo(1);
  }

  @Test
  void a_collector_that_is_away_does_not_keep_a_proxy_from_ending() {
    traces(of("away"));
    get("/last");
    client.proxy().close();
    assertThat(client.proxy().server().statistics().spansDropped()).isEqualTo(1);
  }

  @Test
  void failures_are_marked_and_tags_are_those_of_the_object() {
    traces(
        "{providers: [{name: zipkin}], randomSamplingPercentage: 100, enableIstioTags: false,"
            + " customTags: {tier: {literal: {value: gold}},"
            + " user: {header: {name: X-User, defaultValue: nobody}},"
            + " none: {environment: {name: WEFT_NOT_SET}}}}");
    assertThat(client.get("/status/500", "x-user: ann").status()).isEqualTo(500);
    assertThat(client.get("/status/404").status()).isEqualTo(404);
    assertThat(collector.span("SERVER", "/status/500").tags())
        .containsEntry("error", "true")
        .containsEntry("http.status_code", "500")
        .containsEntry("tier", "gold")
        .containsEntry("user", "ann")
        .doesNotContainKeys("none", "istio.namespace");
    assertThat(collector.span("SERVER", "/status/404").tags())
        .doesNotContainKey("error")
        .containsEntry("user", "nobody");
  }

  @Test
  void at_a_gateway_a_client_asks_for_a_trace_and_forces_none() {
    world.objects(
        """
        - {kind: Telemetry, metadata: {name: own, namespace: istio-system}, spec: {tracing: [{providers: [{name: zipkin}], randomSamplingPercentage: 0}]}}
        - kind: Gateway
          metadata: {name: edge, namespace: shop}
          spec:
            selector: {istio: edge}
            servers: [{port: {number: 8100, name: http, protocol: HTTP}, hosts: ["*"]}]
        - kind: VirtualService
          metadata: {name: web, namespace: shop}
          spec: {hosts: [web.example], gateways: [edge], http: [{route: [{destination: {host: web, port: {number: 8000}}}]}]}
        """);
    String forced = "x-request-id: 00000000-0000-9000-8000-000000000000\r\nx-envoy-force-trace: 1";
    assertThat(enter("/forced", forced)).containsIgnoringCase("x-b3-sampled: 0");
    assertThat(enter("/asked", "x-client-trace-id: me")).containsIgnoringCase("x-b3-sampled: 1");
    Collected sent = collector.span("CLIENT", "/asked");
    assertThat(sent.producer()).isEqualTo("edge.istio-system");
    assertThat(collector.span("SERVER", "/asked").parent()).isEqualTo(sent.id());
    assertThat(collector.found("CLIENT", "/forced")).isEmpty();
  }

  private String enter(String path, String headers) {
    InetSocketAddress edge = new InetSocketAddress(world.pod("edge-1").address(), 8100);
    try (Peer peer = Peer.connect(edge)) {
      peer.send("GET " + path + " HTTP/1.1\r\nhost: web.example\r\n" + headers + "\r\n\r\n");
      return peer.response().body();
    }
  }

  @Test
  void a_sidecar_that_asks_for_what_it_needs_asks_for_the_collector() {
    traces(of("zipkin"));
    try (OnDemandClient asking = world.onDemandClient("client-2").start()) {
      assertThat(asking.client().get("/asking").status()).isEqualTo(200);
      Collected sent = collector.span("CLIENT", "/asking");
      assertThat(sent.producer()).isEqualTo("client.shop");
      assertThat(collector.span("SERVER", "/asking").parent()).isEqualTo(sent.id());
    }
  }

  @Test
  void retries_belong_to_one_span() {
    world.objects(
        "- {kind: Telemetry, metadata: {name: own, namespace: shop}, spec: {tracing: ["
            + of("zipkin")
            + "]}}\n"
            + "- {kind: VirtualService, metadata: {name: web, namespace: shop}, spec: {hosts: [web],"
            + " http: [{route: [{destination: {host: web}}], retries: {attempts: 2, retryOn: 5xx}}]}}");
    client.proxy().apply(new Translation(), world.snapshot());
    get("/flaky/1/503/spans");
    Settle.until("both are received", () -> collector.found("SERVER", "/flaky").size() == 2);
    Collected sent = collector.span("CLIENT", "/flaky");
    assertThat(collector.found("CLIENT", "/flaky")).hasSize(1);
    assertThat(collector.found("SERVER", "/flaky"))
        .allSatisfy(s -> assertThat(s.parent()).isEqualTo(sent.id()));
  }

  @Test
  void a_collector_that_is_away_costs_no_request_anything() {
    traces(of("away"));
    for (int i = 0; i < 20; i++) {
      get("/away");
    }
    Settle.until(
        "they are dropped", () -> world.proxy("web-1").server().statistics().spansDropped() == 20);
    assertThat(world.proxy("web-1").server().statistics().spansSent()).isZero();
    traces(of("zipkin"));
    get("/back");
    Settle.until("one is sent", () -> world.proxy("web-1").server().statistics().spansSent() == 1);
  }
}
