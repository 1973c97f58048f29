package dev.weft.control.ingest;

import java.time.Duration;

/**
 * When to act on changes: after a time without any, but never later than a most after the first.
 * Times are nanoseconds of one monotonic clock. Confined to its owner's thread.
 */
final class Debounce {
  private long first;
  private long last;
  private boolean pending;

  /** Something changed. */
  void changed(long now) {
    if (!pending) {
      first = now;
    }
    last = now;
    pending = true;
  }

  boolean pending() {
    return pending;
  }

  /** How long to wait still; zero or less means now. Only while something is pending. */
  long nanosLeft(long now, Duration quiet, Duration most) {
    return Math.min(last + quiet.toNanos(), first + most.toNanos()) - now;
  }

  void done() {
    pending = false;
  }
}
