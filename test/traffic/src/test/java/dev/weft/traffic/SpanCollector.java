package dev.weft.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.testkit.Settle;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A collector on the sockets of a pod, for Zipkin's JSON and OpenTelemetry's protocol over HTTP on
 * one port, and for the latter over gRPC on another.
 */
final class SpanCollector implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A span.
   *
   * @param kind {@code CLIENT} or {@code SERVER}
   * @param parent empty for none
   */
  record Collected(
      String producer,
      String kind,
      String name,
      String trace,
      String id,
      String parent,
      Map<String, String> tags) {}

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;
  private final Server grpc;

  final Deque<Collected> spans = new ConcurrentLinkedDeque<>();

  /** Heads of reports by HTTP: target and headers. */
  final Deque<String> reports = new ConcurrentLinkedDeque<>();

  SpanCollector(String address, int httpPort, int grpcPort) {
    try {
      http = HttpServer.create(new InetSocketAddress(address, httpPort), 0);
      http.createContext("/", this::take);
      http.setExecutor(threads);
      http.start();
      grpc =
          NettyServerBuilder.forAddress(new InetSocketAddress(address, grpcPort))
              .addService(new Traces())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    reports.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet());
    if ("application/json".equals(exchange.getRequestHeaders().getFirst("content-type"))) {
      JSON.readTree(body).forEach(span -> spans.add(ofZipkin(span)));
    } else {
      ofOtlp(ExportTraceServiceRequest.parseFrom(body));
    }
    exchange.sendResponseHeaders(202, -1);
    exchange.close();
  }

  private static Collected ofZipkin(JsonNode span) {
    Map<String, String> tags = new TreeMap<>();
    span.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return new Collected(
        span.path("localEndpoint").path("serviceName").asText(),
        span.path("kind").asText(),
        span.path("name").asText(),
        span.path("traceId").asText(),
        span.path("id").asText(),
        span.path("parentId").asText(),
        tags);
  }

  private void ofOtlp(ExportTraceServiceRequest request) {
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String producer =
          tags(resource.getResource().getAttributesList()).getOrDefault("service.name", "");
      resource.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(span -> spans.add(ofOtlp(producer, span)));
    }
  }

  private static Collected ofOtlp(String producer, Span span) {
    return new Collected(
        producer,
        span.getKind().name().substring("SPAN_KIND_".length()),
        span.getName(),
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        tags(span.getAttributesList()));
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static Map<String, String> tags(List<KeyValue> attributes) {
    Map<String, String> tags = new TreeMap<>();
    attributes.forEach(a -> tags.put(a.getKey(), a.getValue().getStringValue()));
    return tags;
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answers) {
      ofOtlp(request);
      answers.onNext(ExportTraceServiceResponse.getDefaultInstance());
      answers.onCompleted();
    }
  }

  /** Waits for the span of a kind with a part of its URL. */
  Collected span(String kind, String url) {
    Settle.until(kind + " of " + url, () -> !found(kind, url).isEmpty());
    return found(kind, url).getFirst();
  }

  /** The spans of a kind with a part of their URL that have come. */
  List<Collected> found(String kind, String url) {
    return spans.stream()
        .filter(s -> s.kind().equals(kind) && s.tags().getOrDefault("http.url", "").contains(url))
        .toList();
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
    threads.close();
  }
}
