package dev.weft.server;

import dev.weft.server.worker.ClusterTotals;
import java.util.Map;

/**
 * What the proxy does right now.
 *
 * @param generation of the configuration that all loops serve by
 * @param connections open connections of clients
 * @param boundAddresses open listening addresses
 * @param bindFailures why, by listener name
 * @param clusters by name; live objects
 * @param heldForPeers bytes that are held for clients and endpoints, at most
 * @param logBytesDropped because the log's reader was too slow
 * @param spansSent that collectors have taken
 * @param spansDropped because there were too many, or their collector did not take them
 */
public record ProxyStatistics(
    long generation,
    int connections,
    int boundAddresses,
    Map<String, String> bindFailures,
    Map<String, ClusterTotals.Total> clusters,
    long heldForPeers,
    long logBytesDropped,
    long spansSent,
    long spansDropped) {
  public ProxyStatistics {
    bindFailures = Map.copyOf(bindFailures);
    clusters = Map.copyOf(clusters);
  }
}
