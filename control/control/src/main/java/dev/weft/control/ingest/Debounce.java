package dev.weft.control.ingest;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * When to act on changes: after a time without any, but never later than a maximum after the first.
 * What changes again and again is waited for once, so that a pod that flaps does not keep the news
 * of others back; and where nothing but endpoints changes, which is little work, the maximum is
 * {@value #QUIETS} times the quiet one. Times are nanoseconds of one monotonic clock. Confined to
 * its owner's thread.
 */
final class Debounce {
  private static final int QUIETS = 3;

  // Of the changes that are pending.
  private final Set<Object> subjects = new HashSet<>();
  private long first;
  private long last;
  private boolean pending;
  private boolean onlyEndpoints;

  /**
   * Something changed.
   *
   * @param subject names what did
   * @param aboutEndpoints that is all it is about
   */
  void changed(Object subject, boolean aboutEndpoints, long now) {
    if (!pending) {
      first = now;
      onlyEndpoints = true;
    }
    onlyEndpoints &= aboutEndpoints;
    if (subjects.add(subject)) {
      last = now;
    }
    pending = true;
  }

  boolean pending() {
    return pending;
  }

  /** How long to wait still; zero or less means now. Only while something is pending. */
  long nanosLeft(long now, Duration quiet, Duration max) {
    long longest = max.toNanos();
    if (onlyEndpoints) {
      longest = Math.min(longest, QUIETS * quiet.toNanos());
    }
    return Math.min(last + quiet.toNanos(), first + longest) - now;
  }

  void done() {
    pending = false;
    subjects.clear();
  }
}
