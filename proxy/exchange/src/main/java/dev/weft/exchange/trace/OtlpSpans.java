package dev.weft.exchange.trace;

import dev.weft.xds.client.ProtoWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Spans as OpenTelemetry takes them: {@code
 * opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest}.
 */
final class OtlpSpans {
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final int ERROR = 2;
  private static final int NANOS = 1000;

  private OtlpSpans() {}

  static byte[] of(List<Span> spans, String producer) {
    return new ProtoWriter()
        .message(
            1,
            resource -> {
              resource.message(
                  1,
                  r -> {
                    attribute(r, 1, "service.name", producer);
                    attribute(r, 1, "telemetry.sdk.language", "java");
                    attribute(r, 1, "telemetry.sdk.name", "weft");
                  });
              resource.message(
                  2,
                  scope -> {
                    scope.message(1, s -> s.text(1, "weft"));
                    spans.forEach(span -> scope.message(2, out -> span(out, span)));
                  });
            })
        .toBytes();
  }

  private static void span(ProtoWriter out, Span span) {
    TraceContext context = span.context();
    out.bytes(
            1,
            ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(context.high())
                .putLong(context.low())
                .array())
        .bytes(2, id(context.span()))
        .text(3, context.state());
    if (context.parent() != 0) {
      out.bytes(4, id(context.parent()));
    }
    out.text(5, span.name())
        .number(6, span.kind() == Span.Kind.CLIENT ? CLIENT : SERVER)
        .fixed(7, span.startMicros() * NANOS)
        .fixed(8, (span.startMicros() + span.durationMicros()) * NANOS);
    span.tags().forEach(tag -> attribute(out, 9, tag.name(), tag.value()));
    if (failed(span)) {
      out.message(15, status -> status.number(3, ERROR));
    }
  }

  /** By OpenTelemetry's conventions for HTTP, what a server refuses is the client's mistake. */
  private static boolean failed(Span span) {
    return span.status() == 0
        || span.status() >= 500
        || span.status() >= 400 && span.kind() == Span.Kind.CLIENT;
  }

  private static byte[] id(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  private static void attribute(ProtoWriter out, int field, String name, String value) {
    out.message(
        field,
        pair ->
            pair.text(1, name)
                .message(2, any -> any.bytes(1, value.getBytes(StandardCharsets.UTF_8))));
  }
}
