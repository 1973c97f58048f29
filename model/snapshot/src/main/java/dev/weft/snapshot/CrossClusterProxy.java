package dev.weft.snapshot;

import dev.weft.types.HostPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cross-cluster proxy of a cluster.
 *
 * @param gateway the name of its IstioGateway object
 * @param customAddress where clients are told to reach it instead of its load balancer; null for
 *     the latter
 * @param addresses where clients are told to reach it; empty while it has none
 * @param readyReplicas pods of it that are ready
 */
public record CrossClusterProxy(
    boolean enabled,
    String gateway,
    @Nullable HostPort customAddress,
    List<HostPort> addresses,
    int readyReplicas) {
  public CrossClusterProxy {
    addresses = List.copyOf(addresses);
  }
}
