package dev.weft.topology.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.topology.Severity;
import dev.weft.topology.Tally;
import dev.weft.topology.history.Happening.Kind;
import dev.weft.topology.history.MeshEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StripTest {
  private static final Instant FROM = Instant.parse("2026-01-01T10:00:00Z");

  @Test
  void frames_are_without_gaps_and_have_what_happened_in_them() {
    Strip strip =
        Strip.of(
            FROM,
            FROM.plusSeconds(90),
            Duration.ofSeconds(30),
            List.of(new Tally(FROM, 60, 3), new Tally(FROM.plusSeconds(60), 30, 0)),
            List.of(event(FROM.minusSeconds(1)), event(FROM.plusSeconds(59))));

    assertThat(strip.step()).isEqualTo(30);
    assertThat(strip.frames())
        .containsExactly(
            new StripFrame(FROM, 2.0, 0.1, 0),
            new StripFrame(FROM.plusSeconds(30), 0, 0, 1),
            new StripFrame(FROM.plusSeconds(60), 1.0, 0, 0));
  }

  @Test
  void a_step_of_nothing_is_refused() {
    assertThatThrownBy(
            () -> Strip.of(FROM, FROM.plusSeconds(1), Duration.ofMillis(500), List.of(), List.of()))
        .hasMessage("the step is PT0.5S, but must be a second or more");
  }

  private static MeshEvent event(Instant at) {
    return new MeshEvent(1, at, Kind.CONFIG, Severity.INFO, "config-changed", Map.of(), List.of());
  }
}
