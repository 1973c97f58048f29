package dev.weft.exchange.trace;

import dev.weft.exchange.Call;
import dev.weft.runtime.Tracing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * The request that brings spans to their collector. It says that it is not to be traced itself, to
 * the proxy of the collector.
 */
public final class SpanReport {
  private static final String GRPC = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final int PREFIX = 5;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private SpanReport() {}

  /**
   * The request.
   *
   * @param spans at least one
   */
  public static Call call(Tracing.Collector to, List<Span> spans, SpanMaker maker) {
    return switch (to) {
      case Tracing.Zipkin zipkin -> zipkin(zipkin, ZipkinSpans.of(spans, maker));
      case Tracing.Otlp otlp -> otlp(otlp, spans, maker);
    };
  }

  private static Call zipkin(Tracing.Zipkin zipkin, byte[] body) {
    return new Call(
        zipkin.cluster(),
        head(zipkin.path(), zipkin.authority(), "application/json", body)
            .append("x-b3-sampled: 0\r\n\r\n")
            .toString(),
        body,
        false,
        TIMEOUT);
  }

  private static Call otlp(Tracing.Otlp otlp, List<Span> spans, SpanMaker maker) {
    byte[] message =
        OtlpSpans.of(spans, otlp.producer().isEmpty() ? maker.service() : otlp.producer());
    boolean grpc = otlp.path().isEmpty();
    byte[] body = grpc ? framed(message) : message;
    StringBuilder head =
        head(
            grpc ? GRPC : otlp.path(),
            otlp.authority(),
            grpc ? "application/grpc" : "application/x-protobuf",
            body);
    if (grpc) {
      // At most eight digits (gRPC's PROTOCOL-HTTP2.md).
      head.append("te: trailers\r\ngrpc-timeout: ")
          .append(Math.clamp(otlp.timeout().toMillis(), 1, 99_999_999))
          .append("m\r\n");
    }
    TraceContext one = spans.getFirst().context();
    TraceContext untraced =
        new TraceContext(one.high(), one.low(), one.span(), one.parent(), false, "");
    head.append("traceparent: ").append(Propagation.parent(untraced)).append("\r\n");
    otlp.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    return new Call(otlp.cluster(), head.append("\r\n").toString(), body, grpc, otlp.timeout());
  }

  private static StringBuilder head(String path, String authority, String type, byte[] body) {
    return new StringBuilder(256)
        .append("POST ")
        .append(path)
        .append(" HTTP/1.1\r\nhost: ")
        .append(authority)
        .append("\r\ncontent-type: ")
        .append(type)
        .append("\r\ncontent-length: ")
        .append(body.length)
        .append("\r\n");
  }

  private static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(PREFIX + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /** Whether the collector has taken what was sent. */
  public static boolean taken(Tracing.Collector by, Call.Answer answer) {
    return switch (answer) {
      case Call.Lost lost -> false;
      case Call.Answered answered ->
          answered.status() / 100 == 2
              && (!(by instanceof Tracing.Otlp otlp && otlp.path().isEmpty()) || ok(answered));
    };
  }

  private static boolean ok(Call.Answered answered) {
    String status = answered.trailers().first("grpc-status");
    return "0".equals(status == null ? answered.headers().first("grpc-status") : status);
  }
}
