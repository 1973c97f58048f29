package dev.weft.server.http;

import dev.weft.exchange.Call;
import dev.weft.exchange.trace.Span;
import dev.weft.exchange.trace.SpanReport;
import dev.weft.runtime.Tracing;
import dev.weft.server.trace.SpanBuffer;
import dev.weft.server.worker.Worker;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Brings the spans of a loop to their collector, in batches. */
final class SpanReporter {
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Worker worker;
  private final HttpPlan plan;
  private final Tracing.Collector to;

  /**
   * @param plan of the listener whose spans they are, by which the collector is connected to
   */
  SpanReporter(Worker worker, HttpPlan plan, Tracing.Collector to) {
    this.worker = worker;
    this.plan = plan;
    this.to = to;
  }

  void report(Span span) {
    go(worker.spans().add(to, span, this::send));
  }

  private void go(SpanBuffer.Next next) {
    switch (next) {
      case NOTHING -> {}
      case LATER -> {
        ScheduledFuture<?> unused = worker.schedule(this::send, LINGER_NANOS);
      }
      case NOW -> send();
    }
  }

  private void send() {
    List<Span> batch = worker.spans().take(to);
    if (!batch.isEmpty()) {
      Call call = SpanReport.call(to, batch, worker.settings().spans());
      new OwnCall(worker, plan, call, answer -> sent(batch.size(), answer)).start();
    }
  }

  private void sent(int spans, Call.Answer answer) {
    go(worker.spans().done(to, spans, SpanReport.taken(to, answer)));
  }
}
