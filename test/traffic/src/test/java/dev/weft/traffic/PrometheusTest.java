package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.weft.config.MeshSettings;
import dev.weft.prometheus.Diagnosis;
import dev.weft.prometheus.Doctor;
import dev.weft.prometheus.Fleet;
import dev.weft.prometheus.PrometheusFile;
import dev.weft.prometheus.PrometheusTraffic;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Edge;
import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.SourceState;
import dev.weft.topology.Tally;
import dev.weft.topology.Topology;
import dev.weft.topology.Traffic;
import dev.weft.topology.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures by Prometheus are those of what the proxies told the control plane. */
class PrometheusTest {
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Percentage TENTH = Percentage.withPercentage(10);

  @TempDir Path directory;

  /** Requests of an edge, and what failed of them. */
  private record Load(long requests, long failed, long bytes) {}

  private static Load load(int requests, int failed, int bytes) {
    int slices = ScrapedProxy.GROWING;
    return new Load((long) requests * slices, (long) failed * slices, (long) bytes * slices);
  }

  private static final Map<String, Load> GENERATED =
      Map.of(
          "unknown -> productpage.demo (c1)", load(8, 0, 0),
          "productpage.demo (c1) -> reviews.demo (c1)", load(5, 0, 0),
          "productpage.demo (c1) -> reviews.demo (c2)", load(3, 1, 0),
          "productpage.demo (c1) -> redis.demo (c2)", load(1, 0, 500));

  @Test
  void two_servers_one_aggregate_and_the_embedded_source_draw_the_same() throws Exception {
    assumeTrue(Files.isExecutable(PrometheusProcess.PROGRAM), "no package prometheus");
    Instant from = Instant.now();
    try (ScrapedMesh mesh = new ScrapedMesh();
        PrometheusProcess first =
            new PrometheusProcess(directory.resolve("c1"), mesh.scrapeConfig("c1"));
        PrometheusProcess second =
            new PrometheusProcess(directory.resolve("c2"), mesh.scrapeConfig("c2"));
        PrometheusProcess aggregate =
            new PrometheusProcess(
                directory.resolve("all"),
                """
                remote_read:
                - {url: %s/api/v1/read, read_recent: true}
                - {url: %s/api/v1/read, read_recent: true}
                """
                    .formatted(first.url(), second.url()))) {
      mesh.awaitStanding();
      mesh.flow();
      Instant to = Instant.now();

      assertThat(loads(mesh.embedded.between(from.minusSeconds(5), to).flows()))
          .isEqualTo(GENERATED);
      for (List<PrometheusProcess> servers :
          List.of(
              List.of(first, second),
              List.of(aggregate),
              // Whoever names the aggregate beside what it reads sees nothing twice.
              List.of(first, second, aggregate))) {
        try (Fleet fleet = fleet(servers)) {
          PrometheusTraffic traffic = new PrometheusTraffic(fleet);
          assertTraffic(traffic.between(from, to));
          assertStrip(traffic.strip(to.minusSeconds(120), to, Duration.ofSeconds(20)));
          assertThat(
                  new Doctor(fleet, InstantSource.system())
                      .examine(Set.of("c1", "c2"), Duration.ofMinutes(1))
                      .findings())
              .noneMatch(f -> f.verdict() == Diagnosis.Verdict.ERROR)
              .filteredOn(f -> f.check() == Diagnosis.Check.CLUSTERS)
              .extracting(Diagnosis.Finding::message)
              .containsExactly("proxies of every registered cluster are scraped");
        }
      }
    }
  }

  /** Each request once, whoever counted it. */
  private static void assertStrip(List<Tally> strip) {
    long requests = GENERATED.values().stream().mapToLong(Load::requests).sum();
    assertThat(strip.stream().mapToLong(Tally::requests).sum()).isCloseTo(requests, TENTH);
    assertThat(strip.stream().mapToLong(Tally::failed).sum())
        .isCloseTo(ScrapedProxy.GROWING, TENTH);
  }

  private static void assertTraffic(Traffic traffic) {
    assertThat(traffic.state().state())
        .describedAs(traffic.state().message())
        .isEqualTo(SourceState.Health.OK);
    Map<String, Load> seen = loads(traffic.flows());
    assertThat(seen.keySet()).isEqualTo(GENERATED.keySet());
    GENERATED.forEach(
        (edge, load) ->
            assertThat(seen)
                .hasEntrySatisfying(
                    edge,
                    found -> {
                      assertThat(found.requests()).isCloseTo(load.requests(), TENTH);
                      assertThat(found.failed()).isCloseTo(load.failed(), TENTH);
                      assertThat(found.bytes()).isCloseTo(load.bytes(), TENTH);
                    }));
    assertThat(traffic.latencies())
        .hasEntrySatisfying(
            new Traffic.Relation(
                new Place("c1", "demo", "productpage"),
                new Place("c1", "demo", "reviews"),
                "reviews.demo.svc.cluster.local"),
            latency -> {
              assertThat(latency.p50Millis()).isBetween(10.0, 25.0);
              assertThat(latency.p99Millis()).isBetween(10.0, 25.0);
            });
  }

  private Fleet fleet(List<PrometheusProcess> servers) throws IOException {
    PrometheusFile file =
        new PrometheusFile(
            Files.writeString(
                directory.resolve("servers.yaml"),
                servers.stream()
                    // Long enough for a machine that has much to do.
                    .map(
                        s ->
                            "- {url: '%s', scrape_interval: 500ms, remote_timeout: 2m}\n"
                                .formatted(s.url()))
                    .collect(Collectors.joining("", "servers:\n", ""))));
    return new Fleet(file::read);
  }

  private static Map<String, Load> loads(Map<Flow, Volume> flows) {
    MeshSnapshot nothing = MeshSnapshot.empty(MeshSettings.defaults());
    return Topology.of(Duration.ofMinutes(1), flows, nothing).once().edges().stream()
        .collect(
            Collectors.toMap(
                (Edge e) -> e.source() + " -> " + e.destination(),
                e -> new Load(e.requests(), e.failed(), e.sentBytes() + e.receivedBytes())));
  }

  @Test
  void what_proxies_say_is_what_prometheus_wants_to_read() throws Exception {
    assumeTrue(Files.isExecutable(PROMTOOL), "no package prometheus");
    try (ScrapedMesh mesh = new ScrapedMesh()) {
      // Istio's name has the unit that its dashboards know.
      assertThat(promtool(mesh.exposition(), "check", "metrics").lines())
          .allMatch(line -> line.startsWith("istio_request_duration_milliseconds use base unit"));
    }
  }

  @Test
  void the_rules_of_the_sample_are_those_that_prometheus_reads() throws Exception {
    assumeTrue(Files.isExecutable(PROMTOOL), "no package prometheus");
    Path sample = Path.of("../../samples/addons/prometheus.yaml");
    YAMLMapper yaml = new YAMLMapper();
    JsonNode config =
        yaml.readerFor(JsonNode.class).<JsonNode>readValues(sample.toFile()).readAll().stream()
            .filter(object -> object.path("kind").asText().equals("ConfigMap"))
            .findFirst()
            .orElseThrow()
            .path("data");
    Path rules =
        Files.writeString(directory.resolve("rules.yml"), config.path("mesh-rules.yml").asText());
    // Debian's Prometheus knows no Kubernetes; all else has to be right for it too.
    Path scrape =
        Files.writeString(
            directory.resolve("p.yml"),
            config
                .path("prometheus.yml")
                .asText()
                .replace("/etc/prometheus/mesh-rules.yml", rules.toString())
                .replace("kubernetes_sd_configs:\n  - role: pod", "static_configs: []"));

    assertThat(promtool("", "check", "config", scrape.toString()))
        .contains("SUCCESS: %s is valid".formatted(scrape), "SUCCESS: 4 rules found");
  }

  private static String promtool(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
    command.addAll(List.of(arguments));
    Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    tool.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    tool.getOutputStream().close();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    tool.waitFor();
    return said;
  }
}
