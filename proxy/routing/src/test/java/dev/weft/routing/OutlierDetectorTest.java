package dev.weft.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.OutlierDetector.Result;
import dev.weft.routing.OutlierDetector.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutlierDetectorTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private static OutlierDetector<String> detector(int consecutive, int percent) {
    OutlierDetector<String> detector =
        new OutlierDetector<>(
            new OutlierPolicy(
                consecutive,
                0,
                0,
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(300),
                percent,
                false));
    detector.members(Set.of("a", "b"));
    return detector;
  }

  @Test
  void consecutive_errors_eject_and_a_success_begins_the_count_anew() {
    OutlierDetector<String> detector = detector(2, 100);

    assertThat(detector.on("a", new Result.Status(503), T0)).isEmpty();
    assertThat(detector.on("a", new Result.Status(200), T0)).isEmpty();
    assertThat(detector.on("a", new Result.LocalError(), T0)).isEmpty();
    assertThat(detector.on("a", new Result.Status(500), T0))
        .containsExactly(new Verdict<>("a", true));
  }

  @Test
  void the_default_ten_percent_never_ejects_one_of_two() {
    OutlierDetector<String> detector = detector(1, 10);

    assertThat(detector.on("a", new Result.Status(503), T0)).isEmpty();
    assertThat(detector.ejected()).isZero();
  }

  @Test
  void an_endpoint_comes_back_after_its_time_and_stays_out_longer_the_second_time() {
    OutlierDetector<String> detector = detector(1, 100);
    detector.on("a", new Result.Status(503), T0);

    assertThat(detector.tick(T0.plusSeconds(59))).isEmpty();
    assertThat(detector.tick(T0.plusSeconds(60))).containsExactly(new Verdict<>("a", false));
    Instant again = T0.plusSeconds(60);
    detector.on("a", new Result.Status(503), again);
    assertThat(detector.tick(again.plusSeconds(61))).isEmpty();
    assertThat(detector.tick(again.plusSeconds(120))).containsExactly(new Verdict<>("a", false));
  }
}
