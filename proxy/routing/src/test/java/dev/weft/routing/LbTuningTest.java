package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LbTuningTest {
  private static final LbTuning SLOW = new LbTuning(50, false, Duration.ofSeconds(60));

  @Test
  void a_new_endpoint_begins_with_a_tenth_of_its_share() {
    assertThat(SLOW.shareAt(Duration.ZERO)).isEqualTo(0.1);
    assertThat(SLOW.shareAt(Duration.ofSeconds(3))).isEqualTo(0.1);
  }

  @Test
  void the_share_grows_evenly_until_the_time_is_over() {
    assertThat(SLOW.shareAt(Duration.ofSeconds(30))).isEqualTo(0.5);
    assertThat(SLOW.shareAt(Duration.ofSeconds(60))).isEqualTo(1);
    assertThat(SLOW.shareAt(Duration.ofHours(1))).isEqualTo(1);
  }

  @Test
  void without_slow_start_everybody_gets_all_of_it_at_once() {
    assertThat(LbTuning.DEFAULT.shareAt(Duration.ZERO)).isEqualTo(1);
  }
}
