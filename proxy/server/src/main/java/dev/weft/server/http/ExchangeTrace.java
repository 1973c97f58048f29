package dev.weft.server.http;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.RequestHead;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.ResponseFlag;
import dev.weft.exchange.trace.Given;
import dev.weft.exchange.trace.Propagation;
import dev.weft.exchange.trace.Span;
import dev.weft.exchange.trace.TraceContext;
import dev.weft.exchange.trace.TraceReason;
import dev.weft.exchange.trace.TraceStart;
import dev.weft.routing.Route;
import dev.weft.runtime.Cluster;
import dev.weft.server.worker.RequestRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which part of which trace a request is, and the span that is made of it. Envoy:
 * source/common/tracing/http_tracer_impl.cc. Confined to its exchange.
 */
final class ExchangeTrace {
  private static final byte[] SINGLE = HttpPlan.ascii(Propagation.SINGLE);

  private final Received in;
  private final Declared declared;
  private final RouteChoice routing;
  private final @Nullable TracePlan plan;
  private @Nullable TraceContext context;
  private boolean single;
  private boolean told;
  private long startMicros;

  ExchangeTrace(Received in, Declared declared, RouteChoice routing) {
    this.in = in;
    this.declared = declared;
    this.routing = routing;
    this.plan = TracePlan.of(in.worker(), in.plan());
  }

  /** Another request begins. */
  void reset() {
    context = null;
  }

  /**
   * The head of the request is complete.
   *
   * @param startNanos when its first byte came, by the clock of the loop
   */
  void begin(long startNanos) {
    if (plan == null) {
      return;
    }
    boolean fresh = in.plan().pipeline.forwarded().useRemoteAddress();
    TraceReason reason = TraceReason.decide(plan.tracing, in.view(), declared.requestId(), fresh);
    if (plan.tracing.byRequestId() && plan.tracing.packed()) {
      declared.tell(reason);
    }
    Given given = plan.propagation.read(in.view());
    single = plan.propagation == Propagation.B3 && in.view().header(Propagation.SINGLE) != null;
    TraceContext begun = TraceStart.context(plan.tracing.collector(), given, reason, plan.random);
    context = begun;
    told = begun != null && !given.goesOnAsItIs();
    if (begun != null && begun.sampled()) {
      Instant now = in.worker().workload().clock().instant();
      startMicros =
          TimeUnit.SECONDS.toMicros(now.getEpochSecond())
              + TimeUnit.NANOSECONDS.toMicros(now.getNano())
              - TimeUnit.NANOSECONDS.toMicros(in.worker().nanos() - startNanos);
    }
  }

  /** Tells the next one. What is in one header of B3 is kept in step with the others. */
  void edit(RequestHead head, HeadOverlay overlay) {
    TraceContext is = context;
    if (plan == null || is == null || !told) {
      return;
    }
    for (int i = 0; i < plan.headers.size(); i++) {
      overlay.remove(head, plan.headers.get(i));
    }
    plan.propagation.write(is, overlay::add);
    if (single) {
      overlay.remove(head, SINGLE);
      overlay.add(Propagation.SINGLE, Propagation.single(is));
    }
  }

  /** The identifier of the trace; empty where there is none. */
  String traceId() {
    TraceContext is = context;
    return is == null ? "" : is.traceId();
  }

  /** A header that the next one is told; null for others. */
  @Nullable String header(String name) {
    TraceContext is = context;
    if (plan == null || is == null || !told) {
      return null;
    }
    return single && name.equals(Propagation.SINGLE)
        ? Propagation.single(is)
        : plan.propagation.written(is, name);
  }

  /** The request is over. */
  void finish(RequestRecord record, long durationNanos) {
    TraceContext is = context;
    if (plan != null && is != null && is.sampled()) {
      plan.reporter.report(
          new Span(
              is,
              plan.kind,
              name(plan),
              startMicros,
              TimeUnit.NANOSECONDS.toMicros(durationNanos),
              record.responseCode(),
              tags(plan, record)));
    }
  }

  /** What a client's proxy calls it, what the route does, or the host. */
  private String name(TracePlan how) {
    if (how.kind == Span.Kind.SERVER && declared.operationGiven()) {
      CharSequence given = in.view().header("x-envoy-decorator-operation");
      if (given != null && !given.isEmpty()) {
        return given.toString();
      }
    }
    Route route = routing.route();
    if (route != null && !route.operation().isEmpty()) {
      return route.operation();
    }
    String host = in.view().authority().toString();
    return switch (how.propagation) {
      case B3 -> host;
      case W3C -> how.kind == Span.Kind.SERVER ? "ingress" : "egress " + host;
    };
  }

  private List<Span.Tag> tags(TracePlan how, RequestRecord record) {
    List<Span.Tag> tags = new ArrayList<>(24 + how.fixedTags.size());
    byte[] id = declared.requestId();
    if (id != null) {
      tags.add(tag("guid:x-request-id", new String(id, StandardCharsets.ISO_8859_1)));
    }
    tags.add(tag("http.url", url(how.tracing.maxPathLength())));
    tags.add(tag("http.method", in.view().method().toString()));
    tags.add(tag("downstream_cluster", header("x-envoy-downstream-service-cluster", "-")));
    tags.add(tag("user_agent", header("user-agent", "-")));
    tags.add(tag("http.protocol", in.head().protocol()));
    tags.add(tag("peer.address", DownstreamConnection.ip(in.connection().remote())));
    String client = header("x-client-trace-id", "");
    if (!client.isEmpty()) {
      tags.add(tag("guid:x-client-trace-id", client));
    }
    tags.add(tag("request_size", Long.toString(record.requestBytes())));
    tags.add(tag("response_size", Long.toString(record.responseBytes())));
    Cluster cluster = record.cluster();
    if (cluster != null) {
      tags.add(tag("upstream_cluster", cluster.name()));
      tags.add(tag("upstream_cluster.name", cluster.name()));
    }
    tags.add(tag("http.status_code", Integer.toString(record.responseCode())));
    tags.add(tag("response_flags", ResponseFlag.text(record.flags())));
    if (record.grpc()) {
      grpc(record, tags);
    }
    if (failed(record)) {
      tags.add(tag("error", "true"));
    }
    tags.addAll(how.fixedTags);
    for (TracePlan.HeaderTag each : how.headerTags) {
      String value = header(each.header(), each.otherwise());
      if (!value.isEmpty()) {
        tags.add(tag(each.name(), value));
      }
    }
    return tags;
  }

  private void grpc(RequestRecord record, List<Span.Tag> tags) {
    tags.add(tag("grpc.path", in.view().path().toString()));
    tags.add(tag("grpc.authority", in.view().authority().toString()));
    tags.add(tag("grpc.content_type", header("content-type", "")));
    String timeout = header("grpc-timeout", "");
    if (!timeout.isEmpty()) {
      tags.add(tag("grpc.timeout", timeout));
    }
    if (record.grpcStatus() >= 0) {
      tags.add(tag("grpc.status_code", Integer.toString(record.grpcStatus())));
    }
  }

  /** Of gRPC, what a server says of itself: Envoy's issue 18877. */
  private static boolean failed(RequestRecord record) {
    int status = record.responseCode();
    return status == 0
        || status >= 500
        || record.grpc()
            && switch (record.grpcStatus()) {
              case 2, 4, 12, 13, 14, 15 -> true;
              default -> false;
            };
  }

  private String url(int maxPath) {
    CharSequence path = in.view().path();
    return in.view().scheme()
        + "://"
        + in.view().authority()
        + path.subSequence(0, Math.min(path.length(), maxPath));
  }

  private String header(String name, String otherwise) {
    CharSequence value = in.view().header(name);
    return value == null ? otherwise : value.toString();
  }

  private static Span.Tag tag(String name, String value) {
    return new Span.Tag(name, value);
  }
}
