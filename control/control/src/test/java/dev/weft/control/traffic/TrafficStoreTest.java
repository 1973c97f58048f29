package dev.weft.control.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.traffic.TrafficStore.Teller;
import dev.weft.topology.Flow;
import dev.weft.topology.Flow.Protocol;
import dev.weft.topology.Flow.Reporter;
import dev.weft.topology.Place;
import dev.weft.topology.SourceState.Health;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficStoreTest {
  private static final Teller DEMO = new Teller("c1", "demo");

  /** Enough for a flow in a step, and not for two. */
  private static final long ROOM = 1_000;

  private static final Teller LIAR = new Teller("c1", "liar");

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void a_window_adds_up_what_flowed_in_it() {
    TrafficStore store = new TrafficStore(() -> now);
    store.add(DEMO, Map.of(to("reviews"), requests(5)));
    pass(30);
    store.add(DEMO, Map.of(to("reviews"), requests(7)));
    store.add(DEMO, Map.of(to("reviews"), requests(1), to("details"), requests(2)));

    assertThat(last(store, Duration.ofSeconds(20)))
        .isEqualTo(Map.of(to("reviews"), requests(8), to("details"), requests(2)));
    assertThat(last(store, Duration.ofSeconds(60)))
        .isEqualTo(Map.of(to("reviews"), requests(13), to("details"), requests(2)));
  }

  @Test
  void a_window_may_end_in_the_past() {
    TrafficStore store = new TrafficStore(() -> now);
    Instant begin = now;
    store.add(DEMO, Map.of(to("reviews"), requests(5)));
    pass(600);
    store.add(DEMO, Map.of(to("reviews"), requests(7)));

    Traffic past = store.between(begin.minusSeconds(30), begin.plusSeconds(30));

    assertThat(past.flows()).isEqualTo(Map.of(to("reviews"), requests(5)));
    assertThat(past.state().newest()).contains(now);
    assertThat(store.between(now, begin).state().state()).isEqualTo(Health.EMPTY);
  }

  @Test
  void a_strip_has_each_request_once_and_no_step_of_which_nothing_is_known() {
    TrafficStore store = new TrafficStore(() -> now);
    Instant begin = now;
    store.add(DEMO, Map.of(to("reviews"), requests(5), failing("reviews"), requests(1)));
    store.add(LIAR, Map.of(received("reviews"), requests(6)));
    pass(90);
    store.add(LIAR, Map.of(received("reviews"), requests(3)));

    assertThat(store.strip(begin, begin.plusSeconds(120), Duration.ofSeconds(30)))
        .containsExactly(new Tally(begin, 6, 1), new Tally(begin.plusSeconds(90), 3, 0));
  }

  @Test
  void what_is_older_than_an_hour_is_gone() {
    TrafficStore store = new TrafficStore(() -> now);
    store.add(DEMO, Map.of(to("reviews"), requests(5)));
    pass(TrafficStore.REACH.toSeconds() + 10);
    store.add(LIAR, Map.of());

    assertThat(last(store, Duration.ofDays(1))).isEmpty();
  }

  @Test
  void of_too_much_the_oldest_goes() {
    TrafficStore store = new TrafficStore(() -> now, 3 * ROOM);
    for (int i = 0; i < 10; i++) {
      store.add(DEMO, Map.of(to("service-" + i), requests(1)));
      pass(5);
    }

    assertThat(last(store, TrafficStore.REACH))
        .containsOnlyKeys(to("service-7"), to("service-8"), to("service-9"));
  }

  @Test
  void who_tells_too_much_loses_its_own_history_and_nobody_elses() {
    TrafficStore store = new TrafficStore(() -> now, 10 * ROOM);
    for (int i = 0; i < 100; i++) {
      store.add(LIAR, Map.of(to("nothing-" + i), requests(1_000_000)));
      if (i % 50 == 0) {
        store.add(DEMO, Map.of(to("service-" + i), requests(1)));
      }
      pass(5);
    }

    assertThat(store.last(TrafficStore.REACH))
        .containsKeys(to("service-0"), to("service-50"), to("nothing-99"))
        .doesNotContainKey(to("nothing-0"));
  }

  @Test
  void a_flow_that_goes_on_takes_little_room() {
    TrafficStore store = new TrafficStore(() -> now, 10 * ROOM);
    for (int i = 0; i < 20; i++) {
      store.add(DEMO, Map.of(to("reviews"), requests(1)));
      pass(5);
    }

    assertThat(store.last(TrafficStore.REACH)).isEqualTo(Map.of(to("reviews"), requests(20)));
  }

  @Test
  void too_much_at_once_keeps_nothing_and_does_no_harm() {
    TrafficStore store = new TrafficStore(() -> now, ROOM);
    store.add(DEMO, Map.of(to("one"), requests(1), to("other"), requests(1)));
    store.add(DEMO, Map.of(to("one"), requests(1)));

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

  private static Flow failing(String service) {
    return of(to(service), Reporter.SOURCE, 503);
  }

  private static Flow received(String service) {
    return of(to(service), Reporter.DESTINATION, 200);
  }

  private static Flow of(Flow flow, Reporter reporter, int code) {
    return new Flow(
        reporter,
        flow.source(),
        flow.destination(),
        flow.service(),
        flow.protocol(),
        code,
        "-",
        "",
        true);
  }
}
