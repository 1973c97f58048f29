package dev.weft.control.traffic;

import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.Volume;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one teller told, step by step; never without a step once something was added. A flow that is
 * in several steps is kept once. Confined to the store that has it.
 */
final class Ledger {
  /** Of an entry: it, its volume, and its part of the table. */
  private static final int ENTRY = 112;

  /** Of a flow, beside its texts: it, its two places, the headers of ten strings, its uses. */
  private static final int FLOW = 600;

  private static final int STEP = 160;

  private final NavigableMap<Instant, Map<Flow, Volume>> steps = new TreeMap<>();
  private final Map<Flow, Use> uses = new HashMap<>();
  private long bytes;

  /** Is given everything in turn. */
  interface Reader {
    void read(Instant begin, Flow flow, Volume volume);
  }

  /**
   * @param flow the one of all that are equal that is kept
   */
  private record Use(Flow flow, int steps) {}

  /** How many bytes more that takes, by estimate. */
  long add(Instant begin, Map<Flow, Volume> flows) {
    long before = bytes;
    Map<Flow, Volume> step =
        steps.computeIfAbsent(
            begin,
            b -> {
              bytes += STEP;
              return new HashMap<>();
            });
    flows.forEach((flow, volume) -> add(step, flow, volume));
    return bytes - before;
  }

  private void add(Map<Flow, Volume> step, Flow flow, Volume volume) {
    Use known = uses.get(flow);
    Flow kept = known == null ? flow : known.flow();
    Volume there = step.get(kept);
    if (there != null) {
      step.put(kept, there.plus(volume));
      return;
    }
    step.put(kept, volume);
    uses.put(kept, new Use(kept, known == null ? 1 : known.steps() + 1));
    bytes += ENTRY + (known == null ? size(kept) : 0);
  }

  /** How many bytes that makes free. */
  long dropOldest() {
    long before = bytes;
    Map<Flow, Volume> dropped = steps.pollFirstEntry().getValue();
    bytes -= STEP;
    for (Flow flow : dropped.keySet()) {
      Use use = uses.get(flow);
      bytes -= ENTRY;
      if (use == null || use.steps() == 1) {
        uses.remove(flow);
        bytes -= size(flow);
      } else {
        uses.put(flow, new Use(use.flow(), use.steps() - 1));
      }
    }
    return before - bytes;
  }

  /** Each character two bytes: names may be in any script. */
  private static long size(Flow flow) {
    return FLOW
        + 2L
            * (length(flow.source())
                + length(flow.destination())
                + flow.service().length()
                + flow.flags().length()
                + flow.grpcStatus().length());
  }

  private static int length(Place place) {
    return place.cluster().length() + place.namespace().length() + place.workload().length();
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  Instant oldest() {
    return steps.firstKey();
  }

  /** Adds what flowed from {@code from} on and before {@code to}. */
  void between(Instant from, Instant to, Map<Flow, Volume> sum) {
    each(from, to, (begin, flow, volume) -> sum.merge(flow, volume, Volume::plus));
  }

  /** Of all steps that begin from {@code from} on and before {@code to}. */
  void each(Instant from, Instant to, Reader reader) {
    if (from.isBefore(to)) {
      steps
          .subMap(from, true, to, false)
          .forEach(
              (begin, flows) -> flows.forEach((flow, volume) -> reader.read(begin, flow, volume)));
    }
  }
}
