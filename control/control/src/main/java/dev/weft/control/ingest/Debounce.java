package dev.weft.control.ingest;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * When to act on changes: after a time without any, but never later than a most after the first.
 * What changes again and again is waited for once, so that a pod that flaps does not keep the news
 * of others back. Times are nanoseconds of one monotonic clock. Confined to its owner's thread.
 */
final class Debounce {
  // Of the changes that are pending.
  private final Set<Object> subjects = new HashSet<>();
  private long first;
  private long last;
  private boolean pending;

  /**
   * Something changed.
   *
   * @param subject names what did
   */
  void changed(Object subject, long now) {
    if (!pending) {
      first = now;
    }
    if (subjects.add(subject)) {
      last = now;
    }
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
    subjects.clear();
  }
}
