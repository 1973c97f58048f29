package dev.weft.server.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.exchange.Buckets;
import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.TokenBucket;
import dev.weft.runtime.RuntimeConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tokens of limits of rates, over time and over threads. */
class RateLimitsTest {
  private final AtomicReference<Instant> time = new AtomicReference<>(Instant.EPOCH);
  private final RateLimits limits = new RateLimits(time::get);

  private static RateLimitPolicy limit(String name, int most) {
    return new RateLimitPolicy(
        name,
        "web",
        new TokenBucket(most, 1, Duration.ofMillis(100)),
        Fraction.ALL,
        Fraction.ALL,
        HeaderEdits.NONE,
        new RateLimitPolicy.Refusal(429, HeaderEdits.NONE, false),
        List.of(),
        List.of(),
        0,
        RateLimitPolicy.HostRules.WHERE_ROUTE_HAS_NONE,
        true,
        false,
        false);
  }

  @Test
  void equal_limits_of_one_place_have_the_same_tokens_and_others_do_not() {
    assertThat(limits.of(limit("a", 1)).take(0)).isTrue();
    assertThat(limits.of(limit("a", 1)).take(0)).isFalse();
    assertThat(limits.of(limit("b", 1)).take(0)).isTrue();
  }

  @Test
  void tokens_come_with_time_alone() {
    Buckets buckets = limits.of(limit("a", 1));
    assertThat(buckets.take(0)).isTrue();
    time.updateAndGet(now -> now.plusMillis(99));
    assertThat(buckets.take(0)).isFalse();
    assertThat(buckets.secondsToNext(0)).isEqualTo(1);
    time.updateAndGet(now -> now.plusMillis(1));
    assertThat(buckets.left(0)).isEqualTo(1);
    assertThat(buckets.take(0)).isTrue();
    time.updateAndGet(now -> now.minusSeconds(3600));
    assertThat(buckets.take(0)).isFalse();
    time.updateAndGet(now -> now.plusMillis(100));
    assertThat(buckets.take(0)).isTrue();
  }

  @Test
  void threads_share_what_there_is() throws InterruptedException {
    Buckets buckets = limits.of(limit("a", 10_000));
    AtomicInteger taken = new AtomicInteger();
    List<Thread> threads =
        Stream.generate(
                () ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              for (int i = 0; i < 5_000; i++) {
                                taken.addAndGet(buckets.take(0) ? 1 : 0);
                              }
                            }))
            .limit(4)
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(taken.get()).isEqualTo(10_000);
  }

  @Test
  void what_is_not_configured_any_more_is_forgotten() {
    for (int i = 0; i < 100; i++) {
      limits.of(limit("a", i + 1));
    }
    assertThat(limits.size()).isEqualTo(100);
    limits.keep(RuntimeConfig.EMPTY);
    assertThat(limits.size()).isZero();
  }
}
