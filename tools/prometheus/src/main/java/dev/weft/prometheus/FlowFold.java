package dev.weft.prometheus;

import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import java.util.HashMap;
import java.util.Map;

/** Flows of one server's answer to one query. Confined to its reader. */
final class FlowFold implements SampleSink {
  private final String cluster;
  private final Room room;
  private final double part;
  private final Map<Flow, Counts> flows = new HashMap<>();

  /**
   * @param cluster whose proxies the server scrapes; empty where the labels have to say it
   * @param part of the values that belongs to the window
   */
  FlowFold(String cluster, Room room, double part) {
    this.cluster = cluster;
    this.room = room;
    this.part = part;
  }

  @Override
  public void sample(Map<String, String> labels, double seconds, double value)
      throws PrometheusException {
    Flow flow = Flow.of(owned(labels, cluster));
    if (!flows.containsKey(flow)) {
      room.takeSeries();
    }
    // Identities and ways of security fold into one flow: within a server, they are added.
    flows.merge(
        flow, Counts.of(labels.getOrDefault(Queries.COUNT, ""), value * part), Counts::plus);
  }

  Map<Flow, Counts> flows() {
    return flows;
  }

  /**
   * With the cluster of the end that counted, where the labels leave it open and the configuration
   * does not. The other end's is never guessed.
   */
  static Map<String, String> owned(Map<String, String> labels, String cluster) {
    String own =
        labels.getOrDefault("reporter", "").equals("destination")
            ? "destination_cluster"
            : "source_cluster";
    String said = labels.getOrDefault(own, "");
    if (cluster.isEmpty() || !said.isEmpty() && !said.equals(Place.UNKNOWN_PART)) {
      return labels;
    }
    Map<String, String> owned = new HashMap<>(labels);
    owned.put(own, cluster);
    return owned;
  }
}
