package dev.weft.bench.scale;

import dev.weft.xds.XdsType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Changes on their way to proxies: when each was made, and how long after that each proxy confirmed
 * the resource that it shows in. Thread-safe.
 */
final class Deliveries {
  /** Later ones count as this late. */
  private static final int MAX_MILLIS = 600_000;

  private final Map<Watched, Long> made = new ConcurrentHashMap<>();
  private final AtomicIntegerArray byMillis = new AtomicIntegerArray(MAX_MILLIS + 1);

  /** A resource. */
  record Watched(XdsType type, String name) {}

  /** A change is made now that shows in this resource; one before it does not count any more. */
  void expect(XdsType type, String name) {
    made.put(new Watched(type, name), System.nanoTime());
  }

  boolean expectsAny() {
    return !made.isEmpty();
  }

  /** When the change was made, by {@link System#nanoTime}; null where none is expected. */
  @Nullable Long made(Watched resource) {
    return made.get(resource);
  }

  /** A proxy confirmed a change that was made then; once for each proxy and change. */
  void confirmed(long madeNanos) {
    long millis = (System.nanoTime() - madeNanos) / 1_000_000;
    byMillis.incrementAndGet((int) Math.min(millis, MAX_MILLIS));
  }

  /** How many confirmations there were. */
  long count() {
    long count = 0;
    for (int i = 0; i <= MAX_MILLIS; i++) {
      count += byMillis.get(i);
    }
    return count;
  }

  /**
   * Milliseconds within which this share of the confirmations came; 0 without any.
   *
   * @param share from 0 to 1, which is that of the last
   */
  int millis(double share) {
    long left = (long) Math.ceil(count() * share);
    for (int i = 0; i <= MAX_MILLIS && left > 0; i++) {
      left -= byMillis.get(i);
      if (left <= 0) {
        return i;
      }
    }
    return 0;
  }
}
