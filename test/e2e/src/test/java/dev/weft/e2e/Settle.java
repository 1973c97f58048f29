package dev.weft.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a state of the world instead of for time to pass. */
final class Settle {
  private Settle() {}

  /** Looks again and again until it likes what it sees, and returns that. */
  static <T> T until(String what, Duration max, Supplier<T> look, Predicate<T> good) {
    long end = System.nanoTime() + max.toNanos();
    while (true) {
      T seen = look.get();
      if (good.test(seen)) {
        return seen;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + max + ": " + what + "\nlast seen: " + seen);
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
