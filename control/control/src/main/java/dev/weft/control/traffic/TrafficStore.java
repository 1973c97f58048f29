package dev.weft.control.traffic;

import dev.weft.topology.Flow;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How much flowed in the last hour, in steps of five seconds. What is kept is bounded: when more
 * would be, the oldest steps go first. Thread-safe.
 */
public final class TrafficStore {
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

  /** What flowed in the time before now. */
  public synchronized Map<Flow, Volume> last(Duration window) {
    Instant from = clock.instant().minus(window);
    Map<Flow, Volume> flows = new HashMap<>();
    for (Step step : steps) {
      if (!step.begin().isBefore(from)) {
        step.flows().forEach((flow, volume) -> flows.merge(flow, volume, Volume::plus));
      }
    }
    return flows;
  }
}
