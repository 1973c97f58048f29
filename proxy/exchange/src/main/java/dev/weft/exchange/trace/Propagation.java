package dev.weft.exchange.trace;

import dev.weft.routing.RequestView;
import dev.weft.runtime.Tracing;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** How proxies and applications tell each other of traces. Each collector goes with one way. */
public enum Propagation {
  /**
   * Zipkin's headers, in several or in one. Envoy:
   * source/extensions/tracers/zipkin/span_context_extractor.cc.
   */
  B3(List.of("x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled")) {
    @Override
    public Given read(RequestView request) {
      CharSequence one = request.header(SINGLE);
      return one == null ? B3Reader.several(request) : B3Reader.single(one);
    }

    @Override
    public void write(TraceContext context, BiConsumer<String, String> to) {
      to.accept("x-b3-traceid", context.traceId());
      to.accept("x-b3-spanid", context.spanId());
      if (context.parent() != 0) {
        to.accept("x-b3-parentspanid", context.parentId());
      }
      to.accept("x-b3-sampled", context.sampled() ? "1" : "0");
    }
  },

  /** The W3C's. Envoy: source/extensions/tracers/opentelemetry/span_context_extractor.cc. */
  W3C(List.of("traceparent")) {
    @Override
    public Given read(RequestView request) {
      CharSequence parent = request.header("traceparent");
      if (parent == null) {
        return new Given.Nothing();
      }
      Given given = W3cReader.parent(parent);
      CharSequence state = request.header("tracestate");
      return state != null && given instanceof Given.Parent p
          ? new Given.Parent(p.high(), p.low(), p.span(), p.sampled(), state.toString())
          : given;
    }

    @Override
    public void write(TraceContext context, BiConsumer<String, String> to) {
      to.accept("traceparent", parent(context));
    }
  };

  /** B3 in one header. */
  public static final String SINGLE = "b3";

  private final List<String> headers;

  Propagation(List<String> headers) {
    this.headers = headers;
  }

  /** That of a collector. */
  public static Propagation of(Tracing.Collector collector) {
    return switch (collector) {
      case Tracing.Zipkin zipkin -> B3;
      case Tracing.Otlp otlp -> W3C;
    };
  }

  /** The headers that are written anew, in lower case. */
  public List<String> headers() {
    return headers;
  }

  public abstract Given read(RequestView request);

  /** Hands over names and values of the headers that tell the next one. */
  public abstract void write(TraceContext context, BiConsumer<String, String> to);

  /** The header of one of these names as it is written; null where it is none of them. */
  public @Nullable String written(TraceContext context, String name) {
    if (!headers.contains(name)) {
      return null;
    }
    String[] found = new String[1];
    write(
        context,
        (each, value) -> {
          if (each.equals(name)) {
            found[0] = value;
          }
        });
    return found[0];
  }

  /** The value of {@link #SINGLE}. */
  public static String single(TraceContext context) {
    return context.traceId()
        + "-"
        + context.spanId()
        + (context.sampled() ? "-1" : "-0")
        + (context.parent() == 0 ? "" : "-" + context.parentId());
  }

  /** The value of {@code traceparent}. */
  static String parent(TraceContext context) {
    return "00-"
        + context.longTraceId()
        + "-"
        + context.spanId()
        + (context.sampled() ? "-01" : "-00");
  }
}
