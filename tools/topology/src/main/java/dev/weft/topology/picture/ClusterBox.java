package dev.weft.topology.picture;

import dev.weft.topology.layout.Bounds;
import java.util.List;

/**
 * A cluster, drawn whether anything is in it or not.
 *
 * @param region empty where no pod says it
 * @param gateways the cross-cluster ones, on the border
 * @param rateIn requests a second that come in over its border
 * @param rateOut requests a second that leave over its border
 */
public record ClusterBox(
    String id,
    String network,
    ClusterState state,
    String region,
    List<String> zones,
    List<GatewayChip> gateways,
    Bounds bounds,
    double rateIn,
    double rateOut) {
  public ClusterBox {
    zones = List.copyOf(zones);
    gateways = List.copyOf(gateways);
  }
}
