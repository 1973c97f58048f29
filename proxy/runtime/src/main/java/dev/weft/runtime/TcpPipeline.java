package dev.weft.runtime;

import dev.weft.access.AccessFilter;
import dev.weft.routing.ClusterChoice;
import java.time.Duration;
import java.util.List;

/**
 * Bytes are passed on.
 *
 * @param sniCluster true: the cluster is the one that the SNI names, and {@code clusters} is not
 *     used
 * @param idleTimeout zero: none
 * @param connectAttempts at least 1
 * @param bySource true: what a consistent-hash balancer hashes is the client's address
 * @param metrics how Istio's metrics are read
 * @param access who may connect, decided step by step
 */
public record TcpPipeline(
    String statPrefix,
    ClusterChoice clusters,
    boolean sniCluster,
    Duration idleTimeout,
    Duration maxConnectionDuration,
    int connectAttempts,
    boolean bySource,
    List<AccessLog> accessLogs,
    MetricRules metrics,
    List<AccessFilter> access)
    implements Pipeline {
  public TcpPipeline {
    accessLogs = List.copyOf(accessLogs);
    access = List.copyOf(access);
  }
}
