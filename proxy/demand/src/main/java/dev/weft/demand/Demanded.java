package dev.weft.demand;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that was asked for: how far it has come, and whether anybody still uses it.
 * Thread-safe.
 */
public final class Demanded {
  /** How far it has come. */
  enum State {
    ASKED,
    /** Nobody waits for it any more, because it did not come in time. */
    LATE,
    /** The control plane has answered; what it answered is not in force yet. */
    ANSWERED,
    /** It is in force, or there is none. */
    SETTLED
  }

  /** A use is not noted again within this time. */
  private static final long COARSE_NANOS = 1_000_000_000L;

  private final AtomicInteger holders = new AtomicInteger();
  private volatile long lastUse;
  private volatile State state;

  Demanded(State state, long now) {
    this.state = state;
    this.lastUse = now;
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  /** It was used at this moment. */
  void used(long now) {
    if (now - lastUse > COARSE_NANOS) {
      lastUse = now;
    }
  }

  /** It stays until {@link #release}: a connection is served by it. */
  public void hold() {
    holders.incrementAndGet();
  }

  /** A connection is over. */
  public void release() {
    holders.decrementAndGet();
  }

  boolean held() {
    return holders.get() > 0;
  }

  /** In nanoseconds of the clock of its owner. */
  long lastUse() {
    return lastUse;
  }
}
