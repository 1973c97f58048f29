package dev.weft.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void doubles_up_to_the_most_and_never_drops_below_half() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
    SplittableRandom random = new SplittableRandom(1);
    for (int failures = 1; failures < 40; failures++) {
      long ceiling = failures < 6 ? 100L << (failures - 1) : 2000;
      ceiling = Math.min(ceiling, 2000);
      assertThat(backoff.delay(failures, random).toMillis()).isBetween(ceiling / 2, ceiling);
    }
  }
}
