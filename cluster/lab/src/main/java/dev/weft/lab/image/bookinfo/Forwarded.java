package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers that a service hands on from a request to the requests that it makes for it: those of
 * traces, so that the spans of a page find each other, and those by which routes are chosen.
 */
final class Forwarded {
  private static final Set<String> NAMES =
      Set.of(
          "x-request-id",
          "x-ot-span-context",
          "x-b3-traceid",
          "x-b3-spanid",
          "x-b3-parentspanid",
          "x-b3-sampled",
          "x-b3-flags",
          "b3",
          "traceparent",
          "tracestate",
          "x-cloud-trace-context",
          "grpc-trace-bin",
          "x-datadog-trace-id",
          "x-datadog-parent-id",
          "x-datadog-sampling-priority",
          "sw8",
          "end-user",
          "user-agent",
          "cookie",
          "authorization",
          "jwt");

  private Forwarded() {}

  static List<HttpRequest.Header> from(HttpRequest request) {
    return request.headers().stream()
        .filter(header -> NAMES.contains(header.name().toLowerCase(Locale.ROOT)))
        .toList();
  }
}
