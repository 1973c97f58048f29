package dev.weft.console.view;

import dev.weft.topology.Edge;
import dev.weft.topology.Place;
import dev.weft.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What flowed in a window, each request once, summed up by service and by workload.
 *
 * @param windowMillis how long the window was
 */
public record Flows(
    long windowMillis,
    Map<String, List<Edge>> byService,
    Map<Place, List<Edge>> bySource,
    Map<Place, List<Edge>> byDestination) {

  /** Of a picture of the window. */
  public static Flows of(Topology topology) {
    List<Edge> edges = topology.once().edges();
    return new Flows(
        topology.windowMillis(),
        edges.stream().collect(Collectors.groupingBy(Edge::service)),
        edges.stream().collect(Collectors.groupingBy(Edge::source)),
        edges.stream().collect(Collectors.groupingBy(Edge::destination)));
  }

  /**
   * A sum.
   *
   * @param rate of requests, a second
   * @param failed of them
   * @param meanMillis 0 where nothing flowed
   * @param mutualTls the share with both ends proven
   */
  record Sum(double rate, double failed, double meanMillis, double mutualTls) {
    static final Sum NOTHING = new Sum(0, 0, 0, 0);
  }

  Sum toService(String host) {
    return sum(byService.getOrDefault(host, List.of()));
  }

  Sum from(Place place) {
    return sum(bySource.getOrDefault(place, List.of()));
  }

  Sum to(Place place) {
    return sum(byDestination.getOrDefault(place, List.of()));
  }

  private Sum sum(List<Edge> edges) {
    long requests = edges.stream().mapToLong(Edge::requests).sum();
    if (requests == 0 || windowMillis == 0) {
      return Sum.NOTHING;
    }
    double seconds = windowMillis / 1000.0;
    return new Sum(
        requests / seconds,
        edges.stream().mapToLong(Edge::failed).sum() / seconds,
        (double) edges.stream().mapToLong(Edge::millis).sum() / requests,
        (double) edges.stream().mapToLong(Edge::mutualTls).sum() / requests);
  }
}
