package dev.weft.control.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DebounceTest {
  private static final Duration QUIET = Duration.ofMillis(100);
  private static final Duration MAX = Duration.ofSeconds(10);

  private final Debounce debounce = new Debounce();

  private void changed(Object subject, long millis) {
    debounce.changed(subject, false, Duration.ofMillis(millis).toNanos());
  }

  private long left(long millis) {
    return Duration.ofNanos(debounce.nanosLeft(Duration.ofMillis(millis).toNanos(), QUIET, MAX))
        .toMillis();
  }

  @Test
  void it_acts_after_quiet() {
    changed("a", 0);
    assertThat(left(40)).isEqualTo(60);
    changed("b", 90);
    assertThat(left(100)).isEqualTo(90);
    debounce.done();
    assertThat(debounce.pending()).isFalse();
  }

  @Test
  void it_acts_never_later_than_the_most_after_the_first_change() {
    for (int now = 0; now < 9_990; now += 50) {
      changed(now, now);
    }
    assertThat(left(9_990)).isEqualTo(10);
  }

  @Test
  void endpoints_that_change_all_the_time_are_told_of_soon() {
    for (int now = 0; now < 290; now += 50) {
      debounce.changed(now, true, Duration.ofMillis(now).toNanos());
    }
    assertThat(left(290)).isEqualTo(10);
    changed("a service", 290);
    assertThat(left(290)).as("more work, and so worth a longer wait").isEqualTo(100);
  }

  @Test
  void what_flaps_is_waited_for_once_so_that_others_need_not_wait_for_its_end() {
    changed("other", 0);
    for (int now = 10; now < 110; now += 10) {
      changed("flapping", now);
    }
    assertThat(left(110)).isZero();
    debounce.done();
    changed("flapping", 120);
    assertThat(left(120)).as("the next round is one of its own").isEqualTo(100);
  }
}
