package dev.weft.exchange.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.exchange.Call;
import dev.weft.exchange.FieldList;
import dev.weft.runtime.Tracing;
import dev.weft.xds.client.ProtoFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Spans as their collectors get them. */
class SpanReportTest {
  private static final SpanMaker WEB = new SpanMaker("web.shop", "node", "z", "10.0.0.1");
  private static final Span ROOT =
      new Span(
          new TraceContext(1, 2, 3, 0, true, ""),
          Span.Kind.CLIENT,
          "cart.shop:80/*",
          1_000_000,
          0,
          200,
          List.of(new Span.Tag("http.url", "http://cart/\"ä")));
  private static final Span CHILD =
      new Span(
          new TraceContext(0, 2, 4, 3, true, "a=b"),
          Span.Kind.SERVER,
          "cart",
          1_000_001,
          250,
          503,
          List.of());

  @Test
  void zipkin_gets_json() {
    Call call =
        SpanReport.call(
            new Tracing.Zipkin("c", "zipkin.t", "/api/v2/spans", true), List.of(ROOT, CHILD), WEB);
    assertThat(call.cluster()).isEqualTo("c");
    assertThat(call.http2()).isFalse();
    assertThat(call.head())
        .isEqualTo(
            "POST /api/v2/spans HTTP/1.1\r\nhost: zipkin.t\r\ncontent-type: application/json\r\n"
                + "content-length: "
                + call.body().length
                + "\r\nx-b3-sampled: 0\r\n\r\n");
    assertThat(new String(call.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            "[{\"traceId\":\"00000000000000010000000000000002\",\"id\":\"0000000000000003\","
                + "\"kind\":\"CLIENT\",\"name\":\"cart.shop:80/*\",\"timestamp\":1000000,"
                + "\"duration\":1,\"localEndpoint\":{\"serviceName\":\"web.shop\","
                + "\"ipv4\":\"10.0.0.1\"},\"tags\":{\"http.url\":\"http://cart/\\\"ä\"}},"
                + "{\"traceId\":\"0000000000000002\",\"id\":\"0000000000000004\","
                + "\"parentId\":\"0000000000000003\",\"kind\":\"SERVER\",\"name\":\"cart\","
                + "\"timestamp\":1000001,\"duration\":250,\"localEndpoint\":{\"serviceName\":"
                + "\"web.shop\",\"ipv4\":\"10.0.0.1\"},\"tags\":{}}]");
  }

  @Test
  void opentelemetry_gets_a_frame_of_grpc_with_the_same() {
    Call call =
        SpanReport.call(
            new Tracing.Otlp("c", "otel.t", "", "", Duration.ofSeconds(2), Map.of("x-key", "k")),
            List.of(ROOT, CHILD),
            WEB);
    assertThat(call.http2()).isTrue();
    assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(call.head())
        .startsWith("POST /opentelemetry.proto.collector.trace.v1.TraceService/Export HTTP/1.1\r\n")
        .contains("content-type: application/grpc\r\n", "grpc-timeout: 2000m\r\n", "x-key: k\r\n")
        .contains("traceparent: 00-00000000000000010000000000000002-0000000000000003-00\r\n");
    byte[] body = call.body();
    assertThat(body[0]).isZero();
    ProtoFields resource =
        ProtoFields.of(Arrays.copyOfRange(body, 5, body.length), "").required(1, "resource_spans");
    ProtoFields name = resource.required(1, "resource").messages(1, "attributes").getFirst();
    assertThat(name.text(1)).isEqualTo("service.name");
    assertThat(name.required(2, "value").text(1)).isEqualTo("web.shop");
    List<ProtoFields> spans = resource.required(2, "scope_spans").messages(2, "spans");
    assertThat(spans).hasSize(2);
    ProtoFields child = spans.getLast();
    assertThat(child.bytes(1)).hasSize(16).endsWith(2);
    assertThat(child.bytes(2)).hasSize(8).endsWith(4);
    assertThat(child.text(3)).isEqualTo("a=b");
    assertThat(child.bytes(4)).hasSize(8).endsWith(3);
    assertThat(child.integer(6)).isEqualTo(2);
    assertThat(child.number(7)).isEqualTo(1_000_001_000);
    assertThat(child.number(8)).isEqualTo(1_000_251_000);
    assertThat(child.required(15, "status").integer(3)).isEqualTo(2);
    assertThat(spans.getFirst().has(15)).isFalse();
    assertThat(spans.getFirst().has(4)).isFalse();
  }

  @Test
  void over_http_it_is_the_message_alone() {
    Call call =
        SpanReport.call(
            new Tracing.Otlp(
                "c", "otel.t", "own.name", "/v1/traces", Duration.ofSeconds(2), Map.of()),
            List.of(ROOT),
            WEB);
    assertThat(call.http2()).isFalse();
    assertThat(call.head())
        .startsWith("POST /v1/traces HTTP/1.1\r\nhost: otel.t\r\n")
        .contains("content-type: application/x-protobuf\r\n");
    ProtoFields resource = ProtoFields.of(call.body(), "").required(1, "resource_spans");
    assertThat(
            resource
                .required(1, "resource")
                .messages(1, "attributes")
                .getFirst()
                .required(2, "value")
                .text(1))
        .isEqualTo("own.name");
  }

  @Test
  void an_answer_says_whether_they_were_taken() {
    Tracing.Zipkin zipkin = new Tracing.Zipkin("c", "h", "/", true);
    Tracing.Otlp grpc = new Tracing.Otlp("c", "h", "", "", Duration.ofSeconds(1), Map.of());
    assertThat(SpanReport.taken(zipkin, answer(202, ""))).isTrue();
    assertThat(SpanReport.taken(zipkin, answer(503, ""))).isFalse();
    assertThat(SpanReport.taken(zipkin, new Call.Lost("timeout"))).isFalse();
    assertThat(SpanReport.taken(grpc, answer(200, "0"))).isTrue();
    assertThat(SpanReport.taken(grpc, answer(200, "14"))).isFalse();
    assertThat(SpanReport.taken(grpc, answer(200, ""))).isFalse();
  }

  private static Call.Answered answer(int status, String grpc) {
    FieldList trailers =
        new FieldList(
            grpc.isEmpty() ? List.of() : List.of(new FieldList.Field("grpc-status", grpc)));
    return new Call.Answered(status, new FieldList(List.of()), new byte[0], trailers);
  }
}
