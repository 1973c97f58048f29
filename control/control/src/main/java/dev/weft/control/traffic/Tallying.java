package dev.weft.control.traffic;

import dev.weft.topology.Flow;
import dev.weft.topology.Flow.Reporter;
import dev.weft.topology.Place;
import dev.weft.topology.Tally;
import dev.weft.topology.Volume;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Counts each request of a step once. Confined to its user. */
final class Tallying {
  private final Map<Way, long[]> counts = new HashMap<>();

  private record Way(Place source, Place destination, String service, Flow.Protocol protocol) {}

  void add(Flow flow, Volume volume) {
    // Requests and failed ones, first of the source and then of the destination.
    long[] count =
        counts.computeIfAbsent(
            new Way(flow.source(), flow.destination(), flow.service(), flow.protocol()),
            way -> new long[4]);
    int end = flow.reporter() == Reporter.SOURCE ? 0 : 2;
    count[end] += volume.requests();
    if (flow.failed()) {
      count[end + 1] += volume.requests();
    }
  }

  /** The source's word counts where there is one. */
  Tally tally(Instant at) {
    long requests = 0;
    long failed = 0;
    for (long[] count : counts.values()) {
      int end = count[0] > 0 ? 0 : 2;
      requests += count[end];
      failed += count[end + 1];
    }
    return new Tally(at, requests, failed);
  }
}
