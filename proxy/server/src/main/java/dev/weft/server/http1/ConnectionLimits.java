package dev.weft.server.http1;

import dev.weft.server.http.HttpPlan;
import dev.weft.server.worker.HalfClose;
import dev.weft.server.worker.PeerMemory;
import dev.weft.server.worker.Worker;
import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a client may take for a head, how long it may stay without a request, how long it may
 * leave an answer unread, and how long it waits for one after it ended its side. Confined to its
 * connection.
 */
final class ConnectionLimits {
  private static final long MAX_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Http1Downstream downstream;
  private final Worker worker;
  private final long headNanos;
  private final long idleNanos;
  private final long unreadNanos;
  private long idleSince;
  private @Nullable ScheduledFuture<?> headTimer;
  private @Nullable ScheduledFuture<?> idleTimer;
  private @Nullable ScheduledFuture<?> unreadTimer;
  private long unread;
  private long unreadSince;

  ConnectionLimits(Http1Downstream downstream, Worker worker, HttpPlan plan) {
    this.downstream = downstream;
    this.worker = worker;
    this.idleSince = worker.nanos();
    long head = plan.pipeline().timeouts().requestHeaders().toNanos();
    this.headNanos = head > 0 ? head : worker.settings().headerTimeout().toNanos();
    long idle = plan.pipeline().timeouts().connectionIdle().toNanos();
    this.idleNanos = idle > 0 ? idle : worker.settings().idleTimeout().toNanos();
    this.unreadNanos = plan.pipeline().timeouts().streamIdle().toNanos();
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
    idleSince = worker.nanos();
  }

  /**
   * An answer is complete, of which the client has not read everything. Envoy's {@code
   * stream_idle_timeout} holds for what is written, too.
   */
  void answered() {
    unread = PeerMemory.unsent(downstream.context().channel());
    unreadSince = worker.nanos();
    if (unread > 0 && unreadNanos > 0 && unreadTimer == null) {
      unreadTimer = worker.schedule(this::checkUnread, unreadNanos);
    }
  }

  /** The client ended its side, and its answer has not begun. */
  void inputEnded() {
    ScheduledFuture<?> unused = worker.schedule(downstream::endIfUnanswered, MAX_SILENCE_NANOS);
  }

  private void checkUnread() {
    unreadTimer = null;
    Channel channel = downstream.context().channel();
    long left = unreadSince + unreadNanos - worker.nanos();
    long now = PeerMemory.unsent(channel);
    if (left <= 0 && now >= unread && downstream.answered()) {
      HalfClose.reset(channel);
      return;
    }
    if (left <= 0) {
      unread = now;
      unreadSince = worker.nanos();
      left = unreadNanos;
    }
    if (now > 0) {
      unreadTimer = worker.schedule(this::checkUnread, left);
    }
  }

  private void checkIdle() {
    boolean idle = downstream.betweenRequests();
    long left = idleSince + idleNanos - worker.nanos();
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
    Worker.cancel(unreadTimer);
  }
}
