package dev.weft.prometheus;

import dev.weft.topology.Flow;
import dev.weft.topology.Traffic.Latency;
import dev.weft.topology.Traffic.Relation;
import java.util.HashMap;
import java.util.Map;

/** Quantiles of one server's answer. Confined to its reader. */
final class LatencyFold implements SampleSink {
  private final String cluster;
  private final Room room;
  private final Map<Counted, Latency> latencies = new HashMap<>();

  /** A relation as one of its ends counted it. */
  private record Counted(Flow.Reporter reporter, Relation relation) {}

  LatencyFold(String cluster, Room room) {
    this.cluster = cluster;
    this.room = room;
  }

  @Override
  public void sample(Map<String, String> labels, double seconds, double value)
      throws PrometheusException {
    // Without a request there is no quantile.
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return;
    }
    Flow flow = Flow.of(FlowFold.owned(labels, cluster));
    Counted key =
        new Counted(
            flow.reporter(), new Relation(flow.source(), flow.destination(), flow.service()));
    Latency known = latencies.get(key);
    if (known == null) {
      room.takeSeries();
      known = new Latency(0, 0, 0);
    }
    latencies.put(
        key,
        switch (labels.getOrDefault(Queries.QUANTILE, "")) {
          case "0.5" -> new Latency(value, known.p95Millis(), known.p99Millis());
          case "0.95" -> new Latency(known.p50Millis(), value, known.p99Millis());
          default -> new Latency(known.p50Millis(), known.p95Millis(), value);
        });
  }

  /** What callers waited, and what servers took of those that nobody counted at the source. */
  Map<Relation, Latency> latencies() {
    Map<Relation, Latency> out = new HashMap<>();
    latencies.forEach(
        (counted, latency) -> {
          if (counted.reporter() == Flow.Reporter.SOURCE) {
            out.put(counted.relation(), latency);
          } else {
            out.putIfAbsent(counted.relation(), latency);
          }
        });
    return out;
  }
}
