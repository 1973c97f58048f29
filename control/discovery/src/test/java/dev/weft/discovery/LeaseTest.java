package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.discovery.Lease.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaseTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");

  private static Lease heldBy(String holder) {
    return new Lease(holder, Duration.ofSeconds(15), "", "", 3, Map.of("name", "leader"));
  }

  @ParameterizedTest
  @CsvSource({
    "a, 0, TAKE",
    "'', 0, TAKE",
    "b, 14999, WAIT",
    "b, 15000, TAKE",
  })
  void a_lease_is_taken_where_it_is_the_own_nobodys_or_has_not_changed_for_its_length(
      String holder, long unchangedMillis, Step step) {
    assertThat(heldBy(holder).step("a", Duration.ofMillis(unchangedMillis))).isEqualTo(step);
  }

  @Test
  void a_renewal_counts_no_transition_and_a_takeover_does() {
    Lease taken = heldBy("b").takenBy("a", Duration.ofSeconds(15), NOW);
    assertThat(taken.transitions()).isEqualTo(4);
    assertThat(taken.acquired()).isEqualTo("2026-03-01T12:00:00.500000Z");
    Lease renewed = taken.takenBy("a", Duration.ofSeconds(15), NOW.plusSeconds(2));
    assertThat(renewed.transitions()).isEqualTo(4);
    assertThat(renewed.acquired()).isEqualTo(taken.acquired());
    assertThat(renewed.renewed()).isEqualTo("2026-03-01T12:00:02.500000Z");
  }

  @Test
  void what_is_written_is_read_the_same() {
    Lease lease = heldBy("b").takenBy("a", Duration.ofSeconds(15), NOW);
    assertThat(Lease.of(lease.object())).isEqualTo(lease);
  }
}
