package dev.weft.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.prometheus.Diagnosis.Check;
import dev.weft.prometheus.Diagnosis.Finding;
import dev.weft.prometheus.Diagnosis.Verdict;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final Instant NOW = Instant.parse("2026-11-29T14:03:20Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final PrometheusServer SERVER =
      PrometheusServer.at(URI.create("http://prometheus:9090/token"));
  private static final Symptoms WELL =
      new Symptoms(
          SERVER,
          Optional.empty(),
          "2.42.0",
          Duration.ofSeconds(15),
          4,
          Optional.of(Duration.ofMillis(40)),
          Optional.of(NOW.minusSeconds(9)),
          Set.of("c1", "c2"),
          Set.of("c1", "c2"),
          100,
          1,
          1);

  @Test
  void one_that_is_well() {
    Diagnosis diagnosis = diagnosis(WELL);

    assertThat(diagnosis.findings()).extracting(Finding::verdict).containsOnly(Verdict.OK);
    assertThat(diagnosis.findings())
        .extracting(Finding::message)
        .containsExactly(
            "it answers",
            "2.42.0",
            "its clock is ours",
            "its newest sample is 9.0 s old",
            "it scrapes about every 15 s",
            "1.0 % of the requests went to no known workload",
            "proxies of every registered cluster are scraped");
  }

  @Test
  void one_that_does_not_answer() {
    assertThat(diagnosis(Symptoms.silent(SERVER, "it cannot be reached")).findings())
        .contains(
            new Finding("prometheus:9090", Check.REACHABLE, Verdict.ERROR, "it cannot be reached"));
  }

  @Test
  void clocks_clusters_and_scrapes_that_are_off() {
    Diagnosis diagnosis =
        diagnosis(
            new Symptoms(
                SERVER,
                Optional.empty(),
                "",
                Duration.ofSeconds(15),
                1 + 1,
                Optional.of(Duration.ofSeconds(-90)),
                Optional.of(NOW.minusSeconds(50)),
                Set.of("c1"),
                Set.of("c1", "old"),
                10,
                4,
                2));

    assertThat(diagnosis.findings())
        .filteredOn(f -> f.verdict() != Verdict.OK)
        .extracting(Finding::message)
        .satisfiesExactly(
            m -> assertThat(m).isEqualTo("its clock is 90 s behind ours; both need NTP"),
            m -> assertThat(m).startsWith("its newest sample is 50 s old"),
            m ->
                assertThat(m)
                    .startsWith("it scrapes about every 30 s, but scrape_interval says 15 s"),
            m -> assertThat(m).startsWith("40.0 % of the requests went to no known workload"),
            m -> assertThat(m).startsWith("no proxy of c2 has been scraped"),
            m -> assertThat(m).startsWith("series name clusters that are not registered: old"));
    assertThat(diagnosis.findings())
        .extracting(Finding::message)
        .contains("2 replicas of a Prometheus are in it; their series are counted once");
  }

  @Test
  void two_servers_of_a_cluster_are_named() {
    assertThat(diagnosis(WELL, WELL).findings())
        .filteredOn(f -> f.check() == Check.REPLICAS)
        .singleElement()
        .satisfies(
            f -> assertThat(f.message()).startsWith("several servers scrape proxies of c1, c2"));
  }

  @Test
  void a_doctor_asks_four_questions() {
    try (RecordedPrometheus recorded =
            new RecordedPrometheus()
                .says("time())", 200, vector("{}", "1795960998.25"))
                .says(
                    "count by (reporter",
                    200,
                    vector(
                        "{\"reporter\":\"source\",\"source_cluster\":\"c1\",\"destination_cluster\":\"c2\"}",
                        "7"))
                .says("\"samples\"", 200, vector("{\"weft_count\":\"samples\"}", "4"))
                .says("buildinfo", 200, "{\"data\":{\"version\":\"2.42.0\"}}");
        Fleet fleet = new Fleet(() -> List.of(PrometheusServer.at(recorded.url())))) {

      Diagnosis diagnosis =
          new Doctor(fleet, () -> Instant.ofEpochSecond(1795960998)).examine(Set.of("c1"), MINUTE);

      assertThat(recorded.asked).hasSize(4);
      assertThat(diagnosis.findings())
          .extracting(Finding::message)
          .contains(
              "2.42.0",
              "its clock is ours",
              "it scrapes about every 15 s",
              "proxies of every registered cluster are scraped",
              "series name clusters that are not registered: c2; register them, or give"
                  + " query_scope");
    }
  }

  private static String vector(String labels, String value) {
    return """
    {"status":"success","data":{"resultType":"vector","result":[{"metric":%s,"value":[1,"%s"]}]}}
    """
        .formatted(labels, value);
  }

  private static Diagnosis diagnosis(Symptoms... symptoms) {
    return Diagnosis.of(List.of(symptoms), List.of(), Set.of("c1", "c2"), MINUTE, NOW);
  }
}
