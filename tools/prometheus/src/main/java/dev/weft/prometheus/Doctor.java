package dev.weft.prometheus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.topology.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at the configured servers with a handful of questions each. Thread-safe. */
public final class Doctor {
  /** No question has so many answers. */
  private static final int MAX_SERIES = 10_000;

  private final Fleet fleet;
  private final InstantSource clock;

  public Doctor(Fleet fleet, InstantSource clock) {
    this.fleet = fleet;
    this.clock = clock;
  }

  /**
   * Looks; without a server that is configured there is nothing to find.
   *
   * @param registered clusters
   * @param window of the pictures that are wanted
   */
  public Diagnosis examine(Set<String> registered, Duration window) {
    if (!fleet.configured()) {
      return new Diagnosis(List.of());
    }
    Fleet.Answers<Symptoms> said = fleet.ask(this::look);
    List<Symptoms> symptoms = new ArrayList<>();
    said.answers().forEach(answer -> symptoms.add(answer.value()));
    return Diagnosis.of(symptoms, said.complaints(), registered, window, clock.instant());
  }

  private Symptoms look(HttpPrometheus http) throws InterruptedException {
    PrometheusServer server = http.server();
    Queries queries = new Queries(server.scope(), Duration.ofMinutes(5));
    try {
      Optional<Duration> ahead = ahead(http);
      Clusters clusters = new Clusters(server.cluster());
      ask(http, queries.clusters(), clusters);
      Map<String, Double> counts = new HashMap<>();
      ask(
          http,
          queries.health(),
          (labels, seconds, value) -> counts.put(labels.getOrDefault(Queries.COUNT, ""), value));
      return new Symptoms(
          server,
          Optional.empty(),
          version(http),
          server.scrapeInterval(),
          counts.getOrDefault(Queries.SAMPLES, 0.0).intValue(),
          ahead,
          Optional.ofNullable(counts.get(Queries.NEWEST)).map(Moments::of),
          clusters.own,
          clusters.all,
          counts.getOrDefault(Queries.REQUESTS, 0.0),
          counts.getOrDefault(Queries.UNKNOWN, 0.0),
          counts.getOrDefault(Queries.COPIES, 0.0).intValue());
    } catch (PrometheusException e) {
      return Symptoms.silent(server, String.valueOf(e.getMessage()));
    }
  }

  /** How far its clock is before ours, as if both ways were equally long. */
  private Optional<Duration> ahead(HttpPrometheus http)
      throws PrometheusException, InterruptedException {
    List<Instant> theirs = new ArrayList<>();
    Instant before = clock.instant();
    ask(http, "vector(time())", (labels, seconds, value) -> theirs.add(Moments.of(value)));
    Instant between = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
    return theirs.stream().findFirst().map(t -> Duration.between(between, t));
  }

  /** Of {@code /api/v1/status/buildinfo}, which not all aggregates have. */
  private static String version(HttpPrometheus http)
      throws PrometheusException, InterruptedException {
    try {
      return new ObjectMapper()
          .readTree(http.page("/api/v1/status/buildinfo").orElse("{}"))
          .path("data")
          .path("version")
          .asText("");
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private static void ask(HttpPrometheus http, String query, SampleSink sink)
      throws PrometheusException, InterruptedException {
    http.ask("query", Map.of("query", query), sink, new Room(MAX_SERIES));
  }

  /** Clusters that series name. Confined to its reader. */
  private static final class Clusters implements SampleSink {
    private final String configured;
    private final Set<String> own = new HashSet<>();
    private final Set<String> all = new HashSet<>();

    private Clusters(String configured) {
      this.configured = configured;
    }

    @Override
    public void sample(Map<String, String> labels, double seconds, double value) {
      Map<String, String> owned = FlowFold.owned(labels, configured);
      boolean destination = owned.getOrDefault("reporter", "").equals("destination");
      for (String end : List.of("source_cluster", "destination_cluster")) {
        String cluster = owned.getOrDefault(end, "");
        if (!cluster.isEmpty() && !cluster.equals(Place.UNKNOWN_PART)) {
          all.add(cluster);
          if (end.startsWith("destination") == destination) {
            own.add(cluster);
          }
        }
      }
    }
  }
}
