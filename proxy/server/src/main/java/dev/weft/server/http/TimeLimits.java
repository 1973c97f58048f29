package dev.weft.server.http;

import dev.weft.exchange.ResponseFlag;
import dev.weft.exchange.Step;
import dev.weft.routing.RouteAction;
import dev.weft.runtime.HttpPipeline.Timeouts;
import dev.weft.server.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * How long a request may take: the whole request, the whole answer, and the silence in between. A
 * limit of zero costs nothing. Confined to its exchange.
 */
final class TimeLimits {
  /** Of a gRPC call: its status is DEADLINE_EXCEEDED. */
  private static final Step.Reply DEADLINE =
      new Step.Reply(
          408,
          ResponseFlag.DT.bit(),
          "max_duration_timeout",
          "deadline exceeded",
          List.of("grpc-status: 4"));

  private final Worker worker;
  private final Timeouts timeouts;
  private final DownstreamLeg downstream;
  private final Over over;
  private long lastActivity;
  private @Nullable ScheduledFuture<?> requestTimer;
  private @Nullable ScheduledFuture<?> routeTimer;
  private @Nullable ScheduledFuture<?> streamTimer;
  private @Nullable ScheduledFuture<?> callTimer;
  private @Nullable ScheduledFuture<?> idleTimer;

  /** Hears that a request took too long. */
  interface Over {
    void timeout(Step.Reply reply);
  }

  TimeLimits(Worker worker, Timeouts timeouts, DownstreamLeg downstream, Over over) {
    this.worker = worker;
    this.timeouts = timeouts;
    this.downstream = downstream;
    this.over = over;
  }

  /**
   * The request has its route.
   *
   * @param call how long its client waits; null where it does not say so
   */
  void start(RouteAction.Forward route, @Nullable Duration call) {
    if (call != null) {
      callTimer = worker.schedule(() -> over.timeout(DEADLINE), call.toNanos());
    }
    long request = timeouts.request().toNanos();
    if (request > 0 && !downstream.requestComplete()) {
      requestTimer = worker.schedule(this::requestTimeout, request);
    }
    if (!route.timeout().isZero()) {
      routeTimer =
          worker.schedule(
              () -> over(ResponseFlag.UT, 504, "response_timeout", "upstream request timeout"),
              route.timeout().toNanos());
    }
    long stream = timeouts.maxStreamDuration().toNanos();
    if (stream > 0) {
      streamTimer =
          worker.schedule(
              () -> over(ResponseFlag.UT, 504, "max_duration_timeout", "upstream request timeout"),
              stream);
    }
    long idle =
        route.idleTimeout() == null
            ? timeouts.streamIdle().toNanos()
            : route.idleTimeout().toNanos();
    if (idle > 0) {
      lastActivity = worker.nanos();
      idleTimer = worker.schedule(() -> checkIdle(idle), idle);
    }
  }

  /** Something was received from either side. */
  void touch() {
    downstream.touch();
    if (idleTimer != null) {
      lastActivity = worker.nanos();
    }
  }

  private void requestTimeout() {
    if (!downstream.requestComplete()) {
      over(ResponseFlag.DT, 408, "request_overall_timeout", "request timeout");
    }
  }

  private void checkIdle(long nanos) {
    long left = lastActivity + nanos - worker.nanos();
    if (left > 0) {
      idleTimer = worker.schedule(() -> checkIdle(nanos), left);
      return;
    }
    boolean clientIsSlow = !downstream.requestComplete();
    over(ResponseFlag.SI, clientIsSlow ? 408 : 504, "stream_idle_timeout", "stream timeout");
  }

  private void over(ResponseFlag flag, int status, String details, String text) {
    over.timeout(Step.Reply.of(status, flag, details, text));
  }

  void cancel() {
    Worker.cancel(requestTimer);
    Worker.cancel(routeTimer);
    Worker.cancel(streamTimer);
    Worker.cancel(callTimer);
    Worker.cancel(idleTimer);
    requestTimer = null;
    routeTimer = null;
    streamTimer = null;
    callTimer = null;
    idleTimer = null;
  }
}
