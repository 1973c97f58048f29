package dev.weft.console.api;

import java.util.List;

/**
 * A service of the mesh, with what flowed to it in the last minute.
 *
 * @param failed requests of a second, of {@code rate}
 * @param meanMillis 0 where nothing flowed
 * @param mutualTls the share of the requests with both ends proven
 */
public record ServiceRow(
    String namespace,
    String name,
    String host,
    List<EndpointCount> clusters,
    List<PortView> ports,
    double rate,
    double failed,
    double meanMillis,
    int findings,
    double mutualTls) {
  public ServiceRow {
    clusters = List.copyOf(clusters);
    ports = List.copyOf(ports);
  }

  /** How many endpoints a cluster has. */
  public record EndpointCount(String cluster, int ready, int total) {}

  /** A port of the service. */
  public record PortView(int number, String name, String protocol) {}
}
