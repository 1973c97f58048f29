package dev.weft.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.SourceState;
import dev.weft.topology.SourceState.Health;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.Volume;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusTrafficTest {
  private static final Instant TO = Instant.parse("2026-11-29T14:03:20.500Z");
  private static final Instant FROM = TO.minusSeconds(60);
  private static final Place PAGE = new Place("c1", "demo", "productpage");
  private static final Place REVIEWS = new Place("c1", "demo", "reviews");
  private static final Flow HERE =
      flow(PAGE, REVIEWS, "reviews", Flow.Protocol.HTTP, 200, "-", true);
  private static final Flow THERE =
      flow(
          PAGE,
          new Place("c2", "demo", "reviews"),
          "reviews",
          Flow.Protocol.HTTP,
          503,
          "UF,URX",
          false);
  private static final Flow REDIS =
      flow(PAGE, new Place("c2", "demo", "redis"), "redis", Flow.Protocol.TCP, 0, "-", false);

  private final List<AutoCloseable> open = new ArrayList<>();

  private static Flow flow(
      Place source,
      Place destination,
      String service,
      Flow.Protocol protocol,
      int code,
      String flags,
      boolean mutualTls) {
    return new Flow(
        Flow.Reporter.SOURCE,
        source,
        destination,
        service + ".demo.svc.cluster.local",
        protocol,
        code,
        flags,
        "",
        mutualTls);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void counts_bytes_and_times_of_a_window_come_together() {
    RecordedPrometheus recorded = recorded();

    Traffic traffic = traffic(server(recorded, "c1")).between(FROM, TO);

    assertThat(traffic.flows())
        .containsEntry(HERE, new Volume(480, 9_604, 0, 0))
        .containsEntry(THERE, new Volume(20, 0, 0, 0))
        .containsEntry(REDIS, new Volume(3, 0, 4_096, 1_024))
        .hasSize(4);
    assertThat(traffic.latencies())
        .isEqualTo(
            Map.of(
                new Traffic.Relation(PAGE, REVIEWS, "reviews.demo.svc.cluster.local"),
                new Traffic.Latency(12.5, 45, 90)));
    assertThat(traffic.state())
        .isEqualTo(
            new SourceState(
                SourceState.Kind.PROMETHEUS,
                Health.OK,
                "",
                java.util.Optional.of(Instant.parse("2026-11-29T14:03:18.250Z"))));
  }

  @Test
  void the_cluster_of_who_counted_is_known_where_its_labels_leave_it_open() {
    Traffic traffic = traffic(server(recorded(), "c1")).between(FROM, TO);

    assertThat(traffic.flows().keySet())
        .filteredOn(f -> f.reporter() == Flow.Reporter.DESTINATION)
        .singleElement()
        .satisfies(f -> assertThat(f.destination()).isEqualTo(PAGE))
        .satisfies(f -> assertThat(f.source()).isEqualTo(Place.UNKNOWN));
  }

  @Test
  void five_queries_whatever_there_is() {
    RecordedPrometheus recorded = recorded();

    traffic(server(recorded, "")).between(FROM, TO);

    assertThat(recorded.asked).hasSize(5);
    assertThat(recorded.asked)
        .allSatisfy(asked -> assertThat(asked.path()).isEqualTo("/api/v1/query"))
        .allSatisfy(
            asked -> assertThat(asked.parameters()).containsEntry("time", "1795961000.500"));
  }

  @Test
  void what_two_servers_have_is_counted_once() {
    RecordedPrometheus late =
        new RecordedPrometheus()
            .says(
                "\"requests\"",
                200,
                RecordedPrometheus.resource("requests.json").replace("480.2", "431"));
    open.add(late);

    Traffic traffic = traffic(server(recorded(), "c1"), server(late, "c1")).between(FROM, TO);

    assertThat(traffic.flows()).containsEntry(HERE, new Volume(480, 9_604, 0, 0));
  }

  @Test
  void what_only_one_server_has_is_added() {
    RecordedPrometheus other =
        new RecordedPrometheus()
            .says(
                "\"requests\"",
                200,
                RecordedPrometheus.resource("requests.json")
                    .replace("source_cluster\":\"c1", "source_cluster\":\"c9"));
    open.add(other);

    Traffic traffic = traffic(server(recorded(), ""), server(other, "")).between(FROM, TO);

    assertThat(traffic.flows()).containsEntry(HERE, new Volume(480, 9_604, 0, 0));
    assertThat(traffic.flows().keySet()).extracting(f -> f.source().cluster()).contains("c9");
  }

  @Test
  void one_that_is_away_makes_the_answer_partial() {
    PrometheusServer away = PrometheusServer.at(URI.create("http://127.0.0.1:1"));

    Traffic traffic = traffic(server(recorded(), ""), away).between(FROM, TO);

    assertThat(traffic.state().state()).isEqualTo(Health.PARTIAL);
    assertThat(traffic.state().message()).isEqualTo("127.0.0.1:1: it cannot be reached");
    assertThat(traffic.flows()).containsKey(HERE);
  }

  @Test
  void a_query_that_is_too_much_costs_no_more_than_its_figures() {
    RecordedPrometheus recorded =
        recorded()
            .says(
                "histogram_quantile",
                422,
                "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"too many"
                    + " samples\"}");

    Traffic traffic = traffic(server(recorded, "")).between(FROM, TO);

    assertThat(traffic.flows()).containsKey(HERE);
    assertThat(traffic.latencies()).isEmpty();
    assertThat(traffic.state().state()).isEqualTo(Health.PARTIAL);
    assertThat(traffic.state().message()).endsWith(": without quantiles, since too many samples");
  }

  @Test
  void nobody_there_is_a_state_and_no_exception() {
    RecordedPrometheus recorded = new RecordedPrometheus().says("istio", 401, "");
    open.add(recorded);

    Traffic traffic = traffic(server(recorded, "")).between(FROM, TO);

    assertThat(traffic.state().state()).isEqualTo(Health.FAILED);
    assertThat(traffic.state().message()).contains("it answers 401: check authorization");
  }

  @Test
  void what_is_no_prometheus_is_said_to_be_none() {
    RecordedPrometheus recorded = new RecordedPrometheus().says("istio", 200, "<html>");
    open.add(recorded);

    assertThat(traffic(server(recorded, "")).between(FROM, TO).state().message())
        .contains("its answer is not that of Prometheus' API");
  }

  @Test
  void nothing_scraped_is_empty_with_the_way_out() {
    RecordedPrometheus recorded = new RecordedPrometheus();
    open.add(recorded);

    SourceState state = traffic(server(recorded, "")).between(FROM, TO).state();

    assertThat(state.state()).isEqualTo(Health.EMPTY);
    assertThat(state.message()).contains("is it scraping the proxies");
  }

  @Test
  void a_configuration_with_a_fault_is_no_silence() {
    Fleet fleet =
        new Fleet(
            () -> {
              throw new PrometheusFileException("servers[0].url", "is needed");
            });
    open.add(fleet);

    SourceState state = new PrometheusTraffic(fleet).between(FROM, TO).state();

    assertThat(state.state()).isEqualTo(Health.FAILED);
    assertThat(state.message()).isEqualTo("servers[0].url: is needed");
  }

  @Test
  void who_asks_says_who_it_is_and_what_it_wants() {
    RecordedPrometheus recorded = recorded();
    PrometheusServer server =
        new PrometheusServer(
            "p",
            recorded.url(),
            "",
            new Access(
                new Access.Credential.Token("Bearer", "s3cret"),
                "",
                Map.of("X-Scope-OrgID", "team")),
            Map.of("mesh_id", "m\"1"),
            Map.of("dedup", "true"),
            Duration.ofMinutes(2),
            Duration.ofSeconds(15));

    traffic(server).between(FROM, TO);

    assertThat(recorded.asked)
        .allSatisfy(
            asked -> {
              assertThat(asked.headers())
                  .containsEntry("Authorization", "Bearer s3cret")
                  .containsEntry("X-scope-orgid", "team");
              assertThat(asked.parameters()).containsEntry("dedup", "true");
              assertThat(asked.query()).contains("mesh_id=\"m\\\"1\"}");
            });
  }

  @Test
  void a_window_of_few_scrapes_is_part_of_a_longer_one() {
    RecordedPrometheus recorded = recorded();

    Traffic traffic = traffic(server(recorded, "")).between(TO.minusSeconds(15), TO);

    assertThat(traffic.flows()).containsEntry(HERE, new Volume(120, 2_401, 0, 0));
    assertThat(recorded.asked.stream().map(RecordedPrometheus.Asked::query))
        .filteredOn(q -> q.contains("\"requests\""))
        .singleElement()
        .satisfies(q -> assertThat(q).contains("[60000ms]"));
  }

  @Test
  void a_strip_is_one_range_query() {
    RecordedPrometheus recorded = recorded();

    List<Tally> strip =
        traffic(server(recorded, ""), server(recorded, "twin"))
            .strip(
                Instant.ofEpochSecond(1795960900),
                Instant.ofEpochSecond(1795960960),
                Duration.ofSeconds(60));

    assertThat(strip)
        .containsExactly(
            new Tally(Instant.ofEpochSecond(1795960850), 50, 0),
            new Tally(Instant.ofEpochSecond(1795960860), 66, 6));
    assertThat(recorded.asked)
        .hasSize(2)
        .allSatisfy(
            asked -> {
              assertThat(asked.path()).isEqualTo("/api/v1/query_range");
              assertThat(asked.parameters())
                  .containsEntry("start", "1795960960.000")
                  .containsEntry("end", "1795960960.000")
                  .containsEntry("step", "60000ms");
            });
  }

  @Test
  void a_picture_has_a_bound() {
    Fleet fleet = new Fleet(() -> List.of(server(recorded(), "")));
    open.add(fleet);

    assertThat(new PrometheusTraffic(fleet, 2).between(FROM, TO).state().message())
        .contains("more than the 2 series that a picture may have");
  }

  private RecordedPrometheus recorded() {
    RecordedPrometheus recorded =
        new RecordedPrometheus()
            .recorded("\"requests\"", "requests.json")
            .recorded("\"opened\"", "tcp.json")
            .recorded("\"millis\"", "millis.json")
            .recorded("histogram_quantile", "quantiles.json")
            .recorded("max(timestamp", "newest.json")
            .recorded(
                "max without (prometheus_replica,replica,__replica__)"
                    + " (increase(istio_requests_total{reporter=\"source\"",
                "strip.json");
    open.add(recorded);
    return recorded;
  }

  private static PrometheusServer server(RecordedPrometheus recorded, String cluster) {
    return new PrometheusServer(
        "p-" + recorded.url().getPort() + cluster,
        recorded.url(),
        cluster,
        Access.OPEN,
        Map.of(),
        Map.of(),
        // Long enough for a machine that has much to do.
        Duration.ofMinutes(2),
        Duration.ofSeconds(15));
  }

  private PrometheusTraffic traffic(PrometheusServer... servers) {
    Fleet fleet = new Fleet(() -> List.of(servers));
    open.add(fleet);
    return new PrometheusTraffic(fleet);
  }
}
