package dev.weft.prometheus;

import dev.weft.topology.Flow;
import dev.weft.topology.SourceState;
import dev.weft.topology.SourceState.Health;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Traffic as the configured Prometheus servers know it, all asked at once. What two servers both
 * have is the same traffic seen twice, since a proxy's own end is in the labels (its cluster,
 * namespace and workload): of a pair of replicas, or of an aggregate beside one of those it reads,
 * the greater count stands. Thread-safe.
 */
public final class PrometheusTraffic implements TrafficSource {
  /** Of all servers together, some 500 bytes each. */
  private static final int MAX_SERIES = 100_000;

  /** Samples of a strip: an hour in steps of five seconds, with several hundred outcomes. */
  private static final int MAX_SAMPLES = 500_000;

  /** What Prometheus itself allows is 11,000. */
  private static final int MAX_STEPS = 10_000;

  private final Fleet fleet;
  private final int maxSeries;

  public PrometheusTraffic(Fleet fleet) {
    this(fleet, MAX_SERIES);
  }

  PrometheusTraffic(Fleet fleet, int maxSeries) {
    this.fleet = fleet;
    this.maxSeries = maxSeries;
  }

  @Override
  public Traffic between(Instant from, Instant to) {
    Room room = new Room(maxSeries);
    Fleet.Answers<PictureAnswer> said =
        fleet.ask(server -> PictureAnswer.of(server, from, to, room));
    Map<Flow, Volume> flows = new HashMap<>();
    Map<Flow, Counts> counts = new HashMap<>();
    Map<Traffic.Relation, Traffic.Latency> latencies = new HashMap<>();
    List<String> complaints = new ArrayList<>(said.complaints());
    Optional<Instant> newest = Optional.empty();
    for (Fleet.Answer<PictureAnswer> answer : said.answers()) {
      PictureAnswer picture = answer.value();
      picture.flows().forEach((flow, count) -> counts.merge(flow, count, Counts::fuller));
      picture.latencies().forEach(latencies::putIfAbsent);
      picture.complaints().stream()
          .distinct()
          .forEach(c -> complaints.add(answer.server().name() + ": " + c));
      newest = later(newest, picture.newest());
    }
    counts.forEach(
        (flow, count) -> {
          Volume volume = count.volume();
          if (!volume.isNone()) {
            flows.put(flow, volume);
          }
        });
    return new Traffic(
        flows, latencies, state(said.answers().isEmpty(), flows.isEmpty(), complaints, newest));
  }

  @Override
  public List<Tally> strip(Instant from, Instant to, Duration step) {
    long steps = Duration.between(from, to).toMillis() / Math.max(1, step.toMillis());
    if (steps < 1 || steps > MAX_STEPS) {
      return List.of();
    }
    Room room = new Room(MAX_SAMPLES);
    Fleet.Answers<StripFold> said = fleet.ask(server -> strip(server, from, to, step, room));
    Map<Flow, Map<Long, Double>> all = new HashMap<>();
    for (Fleet.Answer<StripFold> answer : said.answers()) {
      answer
          .value()
          .outcomes()
          .forEach(
              (outcome, counts) -> {
                Map<Long, Double> known = all.computeIfAbsent(outcome, o -> new HashMap<>());
                counts.forEach((at, count) -> known.merge(at, count, Math::max));
              });
    }
    return tallies(all, step);
  }

  private static StripFold strip(
      HttpPrometheus server, Instant from, Instant to, Duration step, Room room)
      throws PrometheusException, InterruptedException {
    Window window = Window.of(step, server.server());
    StripFold fold = new StripFold(server.server().cluster(), room, window.part());
    server.ask(
        "query_range",
        Map.of(
            "query", new Queries(server.server().scope(), window.asked()).strip(),
            "start", Moments.text(from.plus(step)),
            "end", Moments.text(to),
            "step", step.toMillis() + "ms"),
        fold,
        room);
    return fold;
  }

  private static List<Tally> tallies(Map<Flow, Map<Long, Double>> outcomes, Duration step) {
    Map<Long, double[]> steps = new TreeMap<>();
    outcomes.forEach(
        (outcome, counts) ->
            counts.forEach(
                (at, count) -> {
                  double[] sums = steps.computeIfAbsent(at, a -> new double[2]);
                  sums[0] += count;
                  sums[1] += outcome.failed() ? count : 0;
                }));
    List<Tally> tallies = new ArrayList<>();
    steps.forEach(
        (at, sums) ->
            tallies.add(
                new Tally(
                    Instant.ofEpochMilli(at).minus(step),
                    Math.round(sums[0]),
                    Math.round(sums[1]))));
    return List.copyOf(tallies);
  }

  private static SourceState state(
      boolean nobody, boolean nothing, List<String> complaints, Optional<Instant> newest) {
    Health health =
        nobody
            ? Health.FAILED
            : !complaints.isEmpty() ? Health.PARTIAL : nothing ? Health.EMPTY : Health.OK;
    String message =
        health == Health.EMPTY
            ? "Prometheus has no istio_requests_total of this time: is it scraping the proxies"
                + " (prometheus.io annotations, port 15020)?"
            : String.join("; ", complaints);
    return new SourceState(SourceState.Kind.PROMETHEUS, health, message, newest);
  }

  private static Optional<Instant> later(Optional<Instant> a, Optional<Instant> b) {
    return a.isEmpty() || b.isPresent() && b.get().isAfter(a.get()) ? b : a;
  }
}
