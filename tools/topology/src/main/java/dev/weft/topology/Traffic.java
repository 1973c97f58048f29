package dev.weft.topology;

import java.util.Map;

/**
 * What flowed in a window of time.
 *
 * @param flows as each end counted them
 * @param latencies where the source knows them; an embedded one does not
 */
public record Traffic(
    Map<Flow, Volume> flows, Map<Relation, Latency> latencies, SourceState state) {
  public Traffic {
    flows = Map.copyOf(flows);
    latencies = Map.copyOf(latencies);
  }

  /** From whom to whom, through which host name. */
  public record Relation(Place source, Place destination, String service) {}

  /** Quantiles of the time that requests took, in milliseconds. */
  public record Latency(double p50Millis, double p95Millis, double p99Millis) {}
}
