package dev.weft.proxy.http;

import dev.weft.proxy.loop.Worker;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * How long a client may take for a head, and how long it may stay without a request. Confined to
 * its connection.
 */
final class ConnectionLimits {
  private final DownstreamHttp downstream;
  private final Worker worker;
  private final long headNanos;
  private final long idleNanos;
  private long idleSince = System.nanoTime();
  private @Nullable ScheduledFuture<?> headTimer;
  private @Nullable ScheduledFuture<?> idleTimer;

  ConnectionLimits(DownstreamHttp downstream, Worker worker, HttpPlan plan) {
    this.downstream = downstream;
    this.worker = worker;
    long head = plan.pipeline.timeouts().requestHeaders().toNanos();
    this.headNanos = head > 0 ? head : worker.settings().headerTimeout().toNanos();
    long idle = plan.pipeline.timeouts().connectionIdle().toNanos();
    this.idleNanos = idle > 0 ? idle : worker.settings().idleTimeout().toNanos();
  }

  /** The connection is open. */
  void start() {
    idleTimer = worker.schedule(this::checkIdle, idleNanos);
  }

  /** A part of a head is here. */
  void headBegun() {
    if (headTimer == null) {
      headTimer = worker.schedule(downstream::headTimeout, headNanos);
    }
  }

  /** The head is complete. */
  void headComplete() {
    Worker.cancel(headTimer);
    headTimer = null;
  }

  /** A request is over. */
  void idle() {
    idleSince = System.nanoTime();
  }

  private void checkIdle() {
    boolean idle = downstream.betweenRequests();
    long left = idleSince + idleNanos - System.nanoTime();
    if (idle && left <= 0) {
      downstream.context().close();
    } else if (!downstream.closed()) {
      // Busy now, or used since: look again when it could be due.
      idleTimer = worker.schedule(this::checkIdle, Math.max(idle ? left : idleNanos, 1_000_000));
    }
  }

  /** The connection is over. */
  void cancel() {
    Worker.cancel(headTimer);
    Worker.cancel(idleTimer);
  }
}
