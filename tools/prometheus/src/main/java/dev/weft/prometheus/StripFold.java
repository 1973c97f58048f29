package dev.weft.prometheus;

import dev.weft.topology.Flow;
import java.util.HashMap;
import java.util.Map;

/** How much there was, step by step, of one server's answer. Confined to its reader. */
final class StripFold implements SampleSink {
  private final String cluster;
  private final Room room;
  private final double part;
  private final Map<Flow, Map<Long, Double>> outcomes = new HashMap<>();

  /**
   * @param part of the values that belongs to the step
   */
  StripFold(String cluster, Room room, double part) {
    this.cluster = cluster;
    this.room = room;
    this.part = part;
  }

  @Override
  public void sample(Map<String, String> labels, double seconds, double value)
      throws PrometheusException {
    Flow outcome = Flow.of(FlowFold.owned(labels, cluster));
    Map<Long, Double> steps = outcomes.computeIfAbsent(outcome, o -> new HashMap<>());
    long at = Math.round(seconds * 1000);
    if (!steps.containsKey(at)) {
      room.takeSeries();
    }
    if (value >= 0 && value < Long.MAX_VALUE) {
      steps.merge(at, value * part, Double::sum);
    }
  }

  /**
   * Counts by the end of their step, in milliseconds since 1970, and by the labels that tell
   * failures and who counted; what else a flow has is unknown here.
   */
  Map<Flow, Map<Long, Double>> outcomes() {
    return outcomes;
  }
}
