package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW = 1_700_000_000L * SECOND;

  @Test
  void a_full_bucket_has_what_it_holds_and_no_more() {
    TokenBucket bucket = new TokenBucket(3, 1, Duration.ofSeconds(1));
    long since = bucket.full(NOW);
    for (int left = 3; left > 0; left--) {
      assertThat(bucket.left(since, NOW)).isEqualTo(left);
      assertThat(bucket.holds(since, NOW)).isTrue();
      since = bucket.without(since, NOW);
    }
    assertThat(bucket.holds(since, NOW)).isFalse();
    assertThat(bucket.wait(since, NOW)).isEqualTo(SECOND);
    assertThat(bucket.left(since, NOW + 100 * SECOND)).isEqualTo(3);
  }

  @Test
  void tokens_come_one_after_the_other() {
    TokenBucket bucket = new TokenBucket(10, 10, Duration.ofSeconds(60));
    long since = NOW;
    assertThat(bucket.holds(since, NOW + 5 * SECOND)).isFalse();
    assertThat(bucket.holds(since, NOW + 6 * SECOND)).isTrue();
    since = bucket.without(since, NOW + 7 * SECOND);
    assertThat(bucket.wait(since, NOW + 7 * SECOND)).isEqualTo(5 * SECOND);
    assertThat(bucket.left(since, NOW + 31 * SECOND)).isEqualTo(4);
  }

  @Test
  void a_clock_that_was_set_back_empties_it_for_no_longer_than_it_takes_to_fill() {
    TokenBucket bucket = new TokenBucket(1, 1, Duration.ofSeconds(1));
    long set = NOW - 3600 * SECOND;
    long since = bucket.since(NOW, set);
    assertThat(since).isEqualTo(set);
    assertThat(bucket.holds(since, set + SECOND)).isTrue();
    assertThat(bucket.since(NOW, NOW - SECOND / 2)).isEqualTo(NOW);
  }

  @Test
  void the_largest_and_the_slowest_bucket_have_tokens() {
    TokenBucket bucket = new TokenBucket(0xffff_ffffL, 1, Duration.ofDays(36_500));
    long since = bucket.full(NOW);
    assertThat(bucket.holds(since, NOW)).isTrue();
    assertThat(bucket.left(since, NOW)).isPositive();
    assertThat(new TokenBucket(1, 0xffff_ffffL, Duration.ofMillis(50)).holds(NOW, NOW + 1))
        .isTrue();
  }

  @Test
  void a_bucket_without_tokens_or_time_is_none() {
    assertThatThrownBy(() -> new TokenBucket(0, 1, Duration.ofSeconds(1)))
        .hasMessageContaining("a bucket of 0 tokens");
    assertThatThrownBy(() -> new TokenBucket(1, 1, Duration.ZERO)).hasMessageContaining("PT0S");
  }
}
