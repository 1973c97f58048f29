package dev.weft.control.traffic;

import dev.weft.topology.Flow;
import dev.weft.topology.SourceState;
import dev.weft.topology.SourceState.Health;
import dev.weft.topology.SourceState.Kind;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import dev.weft.topology.Volume;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much flowed in the last hour, in steps of five seconds, as callers told it. What is kept is
 * bounded in total: when more would be, whoever takes the most room loses the oldest of their own.
 * Thread-safe.
 */
public final class TrafficStore implements TrafficSource {
  /** How far it reaches back, if there is not too much. */
  public static final Duration REACH = Duration.ofHours(1);

  static final Duration STEP = Duration.ofSeconds(5);

  private static final long MAX_BYTES = 64L << 20;

  private final InstantSource clock;
  private final long maxBytes;
  private final Map<Teller, Ledger> ledgers = new HashMap<>();
  private long bytes;
  private @Nullable Instant newest;

  /** Whoever tells: all workloads of a namespace in a cluster, which cannot speak for others. */
  record Teller(String cluster, String namespace) {}

  public TrafficStore(InstantSource clock) {
    this(clock, MAX_BYTES);
  }

  TrafficStore(InstantSource clock, long maxBytes) {
    this.clock = clock;
    this.maxBytes = maxBytes;
  }

  /** Adds what flowed just now. */
  synchronized void add(Teller teller, Map<Flow, Volume> flows) {
    Instant now = clock.instant();
    forget(now.minus(REACH));
    if (flows.isEmpty()) {
      return;
    }
    newest = now;
    Ledger ledger = ledgers.computeIfAbsent(teller, t -> new Ledger());
    bytes += ledger.add(begin(now), flows);
    while (bytes > maxBytes) {
      Teller largest = largest();
      bytes -= dropOldest(largest);
    }
  }

  private static Instant begin(Instant now) {
    return Instant.ofEpochMilli(now.toEpochMilli() / STEP.toMillis() * STEP.toMillis());
  }

  private void forget(Instant before) {
    for (Teller teller : List.copyOf(ledgers.keySet())) {
      Ledger ledger = ledgers.get(teller);
      while (ledger != null && ledger.oldest().isBefore(before)) {
        bytes -= dropOldest(teller);
        ledger = ledgers.get(teller);
      }
    }
  }

  private Teller largest() {
    return ledgers.entrySet().stream()
        .max(Comparator.comparingLong(e -> e.getValue().bytes()))
        .map(Map.Entry::getKey)
        .orElseThrow();
  }

  /** How many bytes that made free. */
  private long dropOldest(Teller teller) {
    Ledger ledger = ledgers.get(teller);
    if (ledger == null) {
      return 0;
    }
    long free = ledger.dropOldest();
    if (ledger.isEmpty()) {
      ledgers.remove(teller);
    }
    return free;
  }

  @Override
  public synchronized Traffic between(Instant from, Instant to) {
    Map<Flow, Volume> flows = new HashMap<>();
    ledgers.values().forEach(ledger -> ledger.between(from, to, flows));
    return new Traffic(
        flows,
        Map.of(),
        new SourceState(
            Kind.EMBEDDED,
            flows.isEmpty() ? Health.EMPTY : Health.OK,
            "",
            Optional.ofNullable(newest)));
  }

  /** What flowed in the time before now. */
  public Map<Flow, Volume> last(Duration window) {
    Instant now = clock.instant();
    // The step that has just begun is part of it.
    return between(now.minus(window), now.plusMillis(1)).flows();
  }

  @Override
  public List<Tally> strip(Instant from, Instant to, Duration step) {
    if (!step.isPositive()) {
      throw new IllegalArgumentException("the step is " + step + ", but must be above zero");
    }
    NavigableMap<Instant, Tallying> found = new TreeMap<>();
    synchronized (this) {
      ledgers
          .values()
          .forEach(
              ledger ->
                  ledger.each(
                      from,
                      to,
                      (begin, flow, volume) -> {
                        long nth = Duration.between(from, begin).dividedBy(step);
                        found
                            .computeIfAbsent(
                                from.plus(step.multipliedBy(nth)), at -> new Tallying())
                            .add(flow, volume);
                      }));
    }
    List<Tally> tallies = new ArrayList<>();
    found.forEach((at, tallying) -> tallies.add(tallying.tally(at)));
    return tallies;
  }
}
