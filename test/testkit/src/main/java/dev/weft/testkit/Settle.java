package dev.weft.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a state of the world instead of for time to pass. */
public final class Settle {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration SHORT_PAUSE = Duration.ofMillis(1);

  private Settle() {}

  /**
   * Waits until a condition holds, which is quickly looked at.
   *
   * @throws AssertionError where it does not within a minute
   */
  public static void until(String what, BooleanSupplier condition) {
    look(what, PATIENCE, SHORT_PAUSE, condition::getAsBoolean, holds -> holds);
  }

  /**
   * Looks again and again until it likes what it sees, and returns that.
   *
   * @throws AssertionError with what was seen last, where there is nothing to like within the time
   */
  public static <T> T until(String what, Duration max, Supplier<T> look, Predicate<T> good) {
    return look(what, max, PAUSE, look, good);
  }

  private static <T> T look(
      String what, Duration max, Duration pause, Supplier<T> look, Predicate<T> good) {
    long end = System.nanoTime() + max.toNanos();
    while (true) {
      T seen = look.get();
      if (good.test(seen)) {
        return seen;
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + max + ": " + what + "\nlast seen: " + seen);
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }
}
