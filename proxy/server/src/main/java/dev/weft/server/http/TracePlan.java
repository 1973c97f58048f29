package dev.weft.server.http;

import dev.weft.exchange.trace.Propagation;
import dev.weft.exchange.trace.Span;
import dev.weft.exchange.trace.SpanMaker;
import dev.weft.runtime.Listener;
import dev.weft.runtime.Tracing;
import dev.weft.server.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How requests of a pipeline are traced, with everything that would be looked up for each. */
final class TracePlan {
  final Tracing tracing;
  final Propagation propagation;
  final Span.Kind kind;
  final LongSupplier random;
  final SpanReporter reporter;

  /** The same for every span. */
  final List<Span.Tag> fixedTags;

  /** Those that are headers of the request. */
  final List<HeaderTag> headerTags;

  /** The names of the headers that are written anew. */
  final List<byte[]> headers;

  /**
   * A tag that is a header.
   *
   * @param header in lower case
   * @param otherwise empty for no tag
   */
  record HeaderTag(String name, String header, String otherwise) {}

  /** That of a pipeline, made once; null where no spans are made. */
  static @Nullable TracePlan of(Worker worker, HttpPlan plan) {
    Tracing tracing = plan.pipeline.tracing();
    return tracing == null ? null : worker.plan(tracing, k -> new TracePlan(worker, plan, tracing));
  }

  private TracePlan(Worker worker, HttpPlan plan, Tracing tracing) {
    this.tracing = tracing;
    this.propagation = Propagation.of(tracing.collector());
    this.kind = plan.direction == Listener.Direction.OUTBOUND ? Span.Kind.CLIENT : Span.Kind.SERVER;
    this.random = worker.random()::nextLong;
    this.reporter = new SpanReporter(worker, plan, tracing.collector());
    this.headers = propagation.headers().stream().map(HttpPlan::ascii).toList();
    SpanMaker maker = worker.settings().spans();
    List<Span.Tag> fixed = new ArrayList<>();
    List<HeaderTag> ofHeaders = new ArrayList<>();
    fixed.add(new Span.Tag("component", "proxy"));
    fixed.add(new Span.Tag("node_id", maker.node()));
    fixed.add(new Span.Tag("zone", maker.zone()));
    for (Tracing.Tag tag : tracing.tags()) {
      switch (tag.value()) {
        case Tracing.Literal literal -> fixed.add(new Span.Tag(tag.name(), literal.text()));
        case Tracing.Environment variable -> {
          String value = System.getenv(variable.variable());
          String text = value == null ? variable.otherwise() : value;
          if (!text.isEmpty()) {
            fixed.add(new Span.Tag(tag.name(), text));
          }
        }
        case Tracing.Header header ->
            ofHeaders.add(new HeaderTag(tag.name(), header.header(), header.otherwise()));
      }
    }
    this.fixedTags = List.copyOf(fixed);
    this.headerTags = List.copyOf(ofHeaders);
  }
}
