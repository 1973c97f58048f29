package dev.weft.control.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.prometheus.Fleet;
import dev.weft.prometheus.PrometheusFile;
import dev.weft.topology.SourceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficChoiceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void prometheus_is_asked_from_the_moment_that_it_is_named(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("prometheus.yaml");
    try (Fleet fleet = new Fleet(new PrometheusFile(file)::read)) {
      TrafficChoice choice = new TrafficChoice(fleet, new TrafficStore(InstantSource.fixed(NOW)));

      assertThat(state(choice).kind()).isEqualTo(SourceState.Kind.EMBEDDED);

      Files.writeString(file, "servers: [{name: away, url: 'http://127.0.0.1:1'}]");
      assertThat(state(choice).kind()).isEqualTo(SourceState.Kind.PROMETHEUS);
      assertThat(state(choice).message()).isEqualTo("away: it cannot be reached");
      assertThat(choice.strip(NOW.minusSeconds(60), NOW, Duration.ofSeconds(5))).isEmpty();

      Files.writeString(file, "servers: [{name: away}]");
      assertThat(state(choice).message())
          .isEqualTo(
              "the Prometheus servers in %s: servers[0].url: is needed, such as".formatted(file)
                  + " http://prometheus.istio-system:9090");

      Files.delete(file);
      assertThat(state(choice).kind()).isEqualTo(SourceState.Kind.EMBEDDED);
    }
  }

  private static SourceState state(TrafficChoice choice) {
    return choice.between(NOW.minusSeconds(60), NOW).state();
  }
}
