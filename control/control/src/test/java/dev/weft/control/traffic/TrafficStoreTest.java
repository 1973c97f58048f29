package dev.weft.control.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.topology.Flow;
import dev.weft.topology.Flow.Protocol;
import dev.weft.topology.Flow.Reporter;
import dev.weft.topology.Place;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficStoreTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void a_window_adds_up_what_flowed_in_it() {
    TrafficStore store = new TrafficStore(() -> now);
    store.add(Map.of(to("reviews"), requests(5)));
    pass(30);
    store.add(Map.of(to("reviews"), requests(7)));
    store.add(Map.of(to("reviews"), requests(1), to("details"), requests(2)));

    assertThat(last(store, Duration.ofSeconds(20)))
        .isEqualTo(Map.of(to("reviews"), requests(8), to("details"), requests(2)));
    assertThat(last(store, Duration.ofSeconds(60)))
        .isEqualTo(Map.of(to("reviews"), requests(13), to("details"), requests(2)));
  }

  @Test
  void what_is_older_than_an_hour_is_gone() {
    TrafficStore store = new TrafficStore(() -> now);
    store.add(Map.of(to("reviews"), requests(5)));
    pass(TrafficStore.REACH.toSeconds() + 10);
    store.add(Map.of());

    assertThat(last(store, Duration.ofDays(1))).isEmpty();
  }

  @Test
  void of_too_much_the_oldest_goes() {
    TrafficStore store = new TrafficStore(() -> now, 3);
    for (int i = 0; i < 10; i++) {
      store.add(Map.of(to("service-" + i), requests(1)));
      pass(5);
    }

    assertThat(last(store, TrafficStore.REACH))
        .containsOnlyKeys(to("service-7"), to("service-8"), to("service-9"));
  }

  @Test
  void too_much_at_once_keeps_nothing_and_does_no_harm() {
    TrafficStore store = new TrafficStore(() -> now, 1);
    store.add(Map.of(to("one"), requests(1), to("other"), requests(1)));
    store.add(Map.of(to("one"), requests(1)));

    assertThat(last(store, TrafficStore.REACH)).containsOnlyKeys(to("one"));
  }

  private Map<Flow, Volume> last(TrafficStore store, Duration window) {
    return store.between(now.minus(window), now.plusNanos(1)).flows();
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  private static Volume requests(long count) {
    return new Volume(count, 0, 0, 0);
  }

  private static Flow to(String service) {
    return new Flow(
        Reporter.SOURCE,
        new Place("c1", "demo", "client"),
        new Place("c1", "demo", service),
        service,
        Protocol.HTTP,
        200,
        "-",
        "",
        true);
  }
}
