package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StillnessTest {
  private final Stillness stillness = new Stillness(0);

  private long look(int second, String fact, int millisOfWork) {
    return stillness
        .after(List.of(fact), Duration.ofMillis(millisOfWork), Duration.ofSeconds(second).toNanos())
        .toSeconds();
  }

  @Test
  void what_changes_begins_the_time_anew() {
    look(0, "pod a: Pending", 0);
    assertThat(look(20, "pod a: Pending", 0)).isEqualTo(20);
    assertThat(look(21, "pod a: PodInitializing", 0)).isZero();
    assertThat(look(25, "pod a: PodInitializing", 0)).isEqualTo(4);
  }

  @Test
  void a_process_that_works_moves_although_nothing_else_is_seen() {
    look(0, "control starts", 100);
    assertThat(look(10, "control starts", 1000)).isEqualTo(10);
    assertThat(look(20, "control starts", 2200)).isZero();
    assertThat(look(30, "control starts", 2300)).isEqualTo(10);
  }

  @Test
  void the_little_that_a_waiting_process_does_is_no_movement() {
    look(0, "control waits", 0);
    for (int second = 10; second < 120; second += 10) {
      assertThat(look(second, "control waits", second * 5)).isEqualTo(second);
    }
  }

  @Test
  void work_counts_from_anew_when_processes_have_ended() {
    look(0, "two start", 9000);
    look(5, "two start", 3000);
    assertThat(look(10, "two start", 5500)).isZero();
  }

  @Test
  void time_in_which_nobody_looked_does_not_count() {
    look(0, "ready", 0);
    assertThat(look(3600, "ready", 0)).isZero();
  }
}
