package dev.weft.control.ads;

import dev.weft.loop.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * How much may be on its way to all proxies together. What a transport has taken and not sent yet
 * lies in memory outside of the heap, and after a restart every proxy asks for everything at once:
 * without this bound that is megabytes for each of them at the same moment. Thread-safe.
 */
final class SendBudget {
  private static final int UNIT_BYTES = 1 << 10;
  // What a stream may always send: a change of a few resources never waits for somebody's start.
  private static final int FREE_BYTES = 64 << 10;

  private final int units;
  private final Duration max;
  private final Clock clock;
  private final Semaphore left;

  /**
   * @param bytes for all proxies
   * @param max how long one proxy can hold its part: who does not read keeps others waiting for no
   *     longer
   */
  SendBudget(int bytes, Duration max, Clock clock) {
    this.clock = clock;
    this.units = Math.max(1, bytes / UNIT_BYTES);
    this.max = max;
    this.left = new Semaphore(units, true);
  }

  /** 16 MiB, five seconds. */
  static SendBudget usual(Clock clock) {
    return new SendBudget(16 << 20, Duration.ofSeconds(5), clock);
  }

  /** What one connection holds. Confined to the connection. */
  final class Share {
    private int held;
    private long until;

    /** Waits until there is room, in the order of the calls. */
    void take(long bytes) throws InterruptedException {
      held += SendBudget.this.take(bytes);
      until = clock.nanos() + max.toNanos();
    }

    /**
     * Gives everything back, once it has left or has been held for too long.
     *
     * @param sent whether the transport has sent what it was given
     */
    void settle(boolean sent) {
      if (sent || nanosToWait() <= 0) {
        end();
      }
    }

    void end() {
      give(held);
      held = 0;
    }

    /** Until it has been held for too long; {@link Long#MAX_VALUE} where nothing is held. */
    long nanosToWait() {
      return held == 0 ? Long.MAX_VALUE : until - clock.nanos();
    }
  }

  /** A new connection's, with nothing in it. */
  Share share() {
    return new Share();
  }

  /**
   * Waits until there is room, in the order of the calls.
   *
   * @return what has to be given back
   */
  int take(long bytes) throws InterruptedException {
    if (bytes <= FREE_BYTES) {
      return 0;
    }
    int taken = (int) Math.min(units, bytes / UNIT_BYTES);
    left.acquire(taken);
    return taken;
  }

  void give(int taken) {
    left.release(taken);
  }

  /** How many bytes nobody holds. */
  long left() {
    return (long) left.availablePermits() * UNIT_BYTES;
  }
}
