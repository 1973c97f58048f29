package dev.weft.topology.picture;

import dev.weft.topology.layout.Point;
import java.util.List;

/**
 * A cross-cluster proxy on its cluster's border.
 *
 * @param addresses where clients of other networks reach it
 * @param at its middle
 */
public record GatewayChip(String name, List<String> addresses, int pods, int ready, Point at) {
  public GatewayChip {
    addresses = List.copyOf(addresses);
  }
}
