package dev.weft.control.traffic;

import dev.weft.topology.Flow;
import dev.weft.topology.SourceState;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much flowed in the last hour, in steps of five seconds. What is kept is bounded: when more
 * would be, the oldest steps go first. Thread-safe.
 */
public final class TrafficStore implements TrafficSource {
  /** How far it reaches back, if there is not too much. */
  public static final Duration REACH = Duration.ofHours(1);

  private static final Duration STEP = Duration.ofSeconds(5);

  /** Flows of all steps together, some 300 bytes each where nothing is shared. */
  private static final int MOST_ENTRIES = 100_000;

  private final InstantSource clock;
  private final int mostEntries;
  private final Deque<Step> steps = new ArrayDeque<>();
  private int entries;

  /** What flowed in five seconds. */
  private record Step(Instant begin, Map<Flow, Volume> flows) {}

  public TrafficStore(InstantSource clock) {
    this(clock, MOST_ENTRIES);
  }

  TrafficStore(InstantSource clock, int mostEntries) {
    this.clock = clock;
    this.mostEntries = mostEntries;
  }

  /** Adds what flowed just now. */
  synchronized void add(Map<Flow, Volume> flows) {
    Instant now = clock.instant();
    while (!steps.isEmpty() && steps.getFirst().begin().isBefore(now.minus(REACH))) {
      dropOldest();
    }
    if (flows.isEmpty()) {
      return;
    }
    Map<Flow, Volume> step = step(now).flows();
    int before = step.size();
    flows.forEach((flow, volume) -> step.merge(flow, volume, Volume::plus));
    entries += step.size() - before;
    while (entries > mostEntries) {
      dropOldest();
    }
  }

  private Step step(Instant now) {
    Instant begin = Instant.ofEpochMilli(now.toEpochMilli() / STEP.toMillis() * STEP.toMillis());
    Step last = steps.peekLast();
    if (last == null || last.begin().isBefore(begin)) {
      last = new Step(begin, new HashMap<>());
      steps.addLast(last);
    }
    return last;
  }

  private void dropOldest() {
    entries -= steps.removeFirst().flows().size();
  }

  @Override
  public synchronized Traffic between(Instant from, Instant to) {
    Map<Flow, Volume> flows = new HashMap<>();
    for (Step step : steps) {
      if (within(step, from, to)) {
        step.flows().forEach((flow, volume) -> flows.merge(flow, volume, Volume::plus));
      }
    }
    Optional<Instant> newest =
        Optional.ofNullable(steps.peekLast()).map(step -> step.begin().plus(STEP));
    return new Traffic(
        flows,
        Map.of(),
        new SourceState(
            SourceState.Kind.EMBEDDED,
            flows.isEmpty() ? SourceState.Health.EMPTY : SourceState.Health.OK,
            "",
            newest));
  }

  @Override
  public synchronized List<Tally> strip(Instant from, Instant to, Duration step) {
    Map<Instant, Tally> tallies = new TreeMap<>();
    for (Step each : steps) {
      if (within(each, from, to)) {
        long number = Duration.between(from, each.begin()).toMillis() / step.toMillis();
        Tally tally = tally(from.plus(step.multipliedBy(number)), each.flows());
        tallies.merge(
            tally.at(),
            tally,
            (a, b) -> new Tally(a.at(), a.requests() + b.requests(), a.failed() + b.failed()));
      }
    }
    return List.copyOf(tallies.values());
  }

  /** Each request once: the source's word, and the destination's where the source has no proxy. */
  private static Tally tally(Instant at, Map<Flow, Volume> flows) {
    long requests = 0;
    long failed = 0;
    for (Map.Entry<Flow, Volume> entry : flows.entrySet()) {
      Flow flow = entry.getKey();
      if (flow.reporter() == Flow.Reporter.SOURCE || !flow.source().known()) {
        requests += entry.getValue().requests();
        failed += flow.failed() ? entry.getValue().requests() : 0;
      }
    }
    return new Tally(at, requests, failed);
  }

  private static boolean within(Step step, Instant from, Instant to) {
    return !step.begin().isBefore(from) && step.begin().isBefore(to);
  }
}
