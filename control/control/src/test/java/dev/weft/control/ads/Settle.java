package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what the threads of a server do a moment later. */
final class Settle {
  private Settle() {}

  /** Fails where it has not happened within ten seconds. */
  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("settled in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
