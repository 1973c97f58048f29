package dev.weft.topology.history;

import static dev.weft.topology.Sketch.host;
import static dev.weft.topology.Sketch.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Flows;
import dev.weft.topology.Place;
import dev.weft.topology.Severity;
import dev.weft.topology.Sketch;
import dev.weft.topology.history.Happening.Kind;
import dev.weft.topology.history.Observation.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Place PAGE = place("c1", "page");
  private static final Place HERE = place("c1", "reviews-c1");
  private static final Place THERE = place("c2", "reviews-c2");

  private Instant now = Instant.parse("2026-01-01T10:00:00Z");
  private History history = History.EMPTY;

  @Test
  void what_lost_its_pods_is_a_ghost_for_a_while() {
    see(mesh("reviews-c1"), local(100));
    Instant before = now;
    pass(5);
    see(mesh(), remote(100));

    assertThat(history.ghosts(now).values())
        .extracting(WorkloadFact::place, WorkloadFact::app)
        .containsExactly(tuple(HERE, "reviews"));
    assertThat(history.ghosts(before)).isEmpty();
    assertThat(history.ghosts(now.plus(History.GHOSTS))).isEmpty();
    assertThat(history.contacts(now))
        .extracting(Contact::destination)
        .containsExactlyInAnyOrder(HERE, THERE);
  }

  @Test
  void a_ghost_that_comes_back_is_none() {
    see(mesh("reviews-c1"), local(100));
    pass(5);
    see(mesh(), remote(100));
    pass(5);
    see(mesh("reviews-c1"), remote(100));

    assertThat(history.ghosts(now)).isEmpty();
  }

  @Test
  void the_past_has_what_there_was() {
    see(mesh("reviews-c1"), local(100));
    Instant first = now;
    pass(600);
    see(mesh(), remote(100));
    pass(600);
    see(mesh("reviews-c1"), local(100));

    assertThat(history.past(first).orElseThrow().workloads()).containsKey(HERE);
    assertThat(history.past(first.plusSeconds(599)).orElseThrow().workloads()).containsKey(HERE);
    assertThat(history.past(first.plusSeconds(700)).orElseThrow().workloads())
        .doesNotContainKey(HERE);
    assertThat(history.past(first.plusSeconds(700)).orElseThrow().services().get(host("reviews")))
        .extracting(s -> s.in("c1").ready(), s -> s.in("c2").ready())
        .containsExactly(0, 1);
    assertThat(history.past(now)).isEmpty();
  }

  @Test
  void what_is_older_than_an_hour_melts_into_what_there_was() {
    see(mesh("reviews-c1"), local(100));
    Instant first = now;
    pass(60);
    see(mesh(), remote(100));
    pass(History.REACH.toSeconds() + 60);
    see(mesh(), remote(100));

    assertThat(history.past(first).orElseThrow().workloads()).doesNotContainKey(HERE);
  }

  @Test
  void the_first_observation_is_no_event() {
    see(mesh("reviews-c1"), local(100));

    assertThat(history.events(0, 100)).isEmpty();
  }

  @Test
  void endpoints_go_and_come_back() {
    see(mesh("reviews-c1"), local(100));
    pass(5);
    see(mesh(), new Flows());
    pass(5);
    see(mesh("reviews-c1"), new Flows());

    assertThat(history.events(0, 100))
        .extracting(
            MeshEvent::id, MeshEvent::code, MeshEvent::severity, e -> e.args().get("elsewhere"))
        .containsExactly(
            tuple(1L, "endpoints-gone", Severity.WARNING, "1"),
            tuple(2L, "endpoints-back", Severity.INFO, "1"));
    assertThat(history.events(0, 100).getFirst().nodes()).containsExactly("c1/demo/reviews-c1");
    assertThat(history.events(1, 100)).extracting(MeshEvent::id).containsExactly(2L);
    assertThat(history.events(0, 1)).extracting(MeshEvent::id).containsExactly(2L);
  }

  @Test
  void a_move_is_told_once_and_its_way_back_too() {
    MeshSnapshot mesh = mesh("reviews-c1");
    see(mesh, local(100));
    pass(5);
    Instant moved = now;
    see(mesh, split(50, 50));
    pass(5);
    see(mesh, remote(100));
    pass(5);
    see(mesh, remote(100));
    pass(5);

    assertThat(history.since(PAGE, host("reviews"))).contains(moved);
    see(mesh, local(100));

    assertThat(history.events(0, 100))
        .extracting(MeshEvent::code, e -> e.args().get("to"), e -> e.args().get("share"))
        .containsExactly(
            tuple("traffic-left", "c2", "0.5"), tuple("traffic-returned", "c1", "1.0"));
    assertThat(history.since(PAGE, host("reviews"))).contains(now);
  }

  @Test
  void a_few_requests_are_no_move_and_small_changes_are_none() {
    MeshSnapshot mesh = mesh("reviews-c1");
    see(mesh, local(100));
    pass(5);
    see(mesh, remote(3));
    pass(5);
    see(mesh, split(85, 15));

    assertThat(history.events(0, 100)).isEmpty();
    assertThat(history.since(PAGE, host("reviews"))).isEmpty();
  }

  @Test
  void clusters_gateways_and_objects_change() {
    see(new Sketch().cluster("c1", "n1").snapshot(), new Flows());
    pass(5);
    see(new Sketch().cluster("c1", "n1", SyncState.LOST).routed("reviews").snapshot(), new Flows());
    pass(5);
    see(new Sketch().cluster("c1", "n2", "203.0.113.7:15443").snapshot(), new Flows());

    assertThat(history.events(0, 100))
        .extracting(MeshEvent::kind, MeshEvent::code)
        .containsExactly(
            tuple(Kind.CONFIG, "config-created"),
            tuple(Kind.CLUSTER, "cluster-state"),
            tuple(Kind.CONFIG, "config-removed"),
            tuple(Kind.CLUSTER, "cluster-state"),
            tuple(Kind.CLUSTER, "cluster-network"),
            tuple(Kind.GATEWAY, "gateway-addresses"));
  }

  @Test
  void a_rejection_is_told_once_and_what_others_tell_is_kept() {
    MeshSnapshot mesh = mesh("reviews-c1");
    Rejection rejection = new Rejection("c1/demo/page", "page-0.demo", "CDS", "no such thing");
    Happening renewed =
        new Happening(
            Kind.CERTIFICATE, Severity.INFO, "root-renewed", Map.of("cluster", "c1"), List.of());
    see(mesh, new Flows());
    for (List<Happening> others : List.of(List.of(renewed), List.<Happening>of())) {
      pass(5);
      history =
          history.with(
              new Observation(now, mesh, new Flows().traffic(), Set.of(rejection), others));
    }

    assertThat(history.events(0, 100))
        .extracting(MeshEvent::code, MeshEvent::nodes)
        .containsExactly(
            tuple("proxy-rejected", List.of("c1/demo/page")), tuple("root-renewed", List.of()));
  }

  @Test
  void of_too_many_events_the_newest_are_kept() {
    EventLog log = EventLog.EMPTY;
    Happening any =
        new Happening(Kind.CONFIG, Severity.INFO, "config-changed", Map.of(), List.of());
    for (int i = 0; i < EventLog.MAX + 10; i++) {
      log = log.with(List.of(any), now);
    }

    assertThat(log.events()).hasSize(EventLog.MAX);
    assertThat(log.events().getFirst().id()).isEqualTo(11);
    assertThat(log.last()).isEqualTo(EventLog.MAX + 10);
  }

  private void see(MeshSnapshot mesh, Flows flows) {
    history = history.with(new Observation(now, mesh, flows.traffic(), Set.of(), List.of()));
  }

  private void pass(long seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  /** The page and reviews in c2, and these workloads in c1. */
  private static MeshSnapshot mesh(String... reviews) {
    Sketch sketch =
        new Sketch()
            .cluster("c1", "n1")
            .cluster("c2", "n2")
            .pod("c1", "page", "page")
            .pod("c2", "reviews-c2", "reviews");
    for (String each : reviews) {
      sketch.pod("c1", each, "reviews");
    }
    return sketch.snapshot("reviews");
  }

  private static Flows local(long requests) {
    return new Flows().http(PAGE, HERE, "reviews", requests);
  }

  private static Flows remote(long requests) {
    return new Flows().http(PAGE, THERE, "reviews", requests);
  }

  private static Flows split(long here, long there) {
    return local(here).http(PAGE, THERE, "reviews", there);
  }
}
