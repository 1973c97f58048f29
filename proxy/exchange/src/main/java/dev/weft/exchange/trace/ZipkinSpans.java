package dev.weft.exchange.trace;

import dev.weft.types.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Spans in Zipkin's second JSON format: zipkin.io/zipkin-api. */
final class ZipkinSpans {
  private ZipkinSpans() {}

  static byte[] of(List<Span> spans, SpanMaker maker) {
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("serviceName", maker.service());
    if (!maker.address().isEmpty()) {
      endpoint.put(maker.address().indexOf(':') < 0 ? "ipv4" : "ipv6", maker.address());
    }
    return Json.write(spans.stream().map(span -> span(span, endpoint)).toList())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> span(Span span, Map<String, Object> endpoint) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("traceId", span.context().traceId());
    out.put("id", span.context().spanId());
    if (span.context().parent() != 0) {
      out.put("parentId", span.context().parentId());
    }
    out.put("kind", span.kind().name());
    out.put("name", span.name());
    out.put("timestamp", span.startMicros());
    // Of less than a microsecond Zipkin knows nothing.
    out.put("duration", Math.max(1, span.durationMicros()));
    out.put("localEndpoint", endpoint);
    Map<String, Object> tags = new LinkedHashMap<>();
    span.tags().forEach(tag -> tags.put(tag.name(), tag.value()));
    out.put("tags", tags);
    return out;
  }
}
