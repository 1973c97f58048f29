package dev.weft.topology.layout;

import dev.weft.topology.layout.Scene.Cluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where gateways sit on the borders of their clusters: towards the other networks. */
final class Chips {
  private Chips() {}

  static Map<String, Point> of(List<Cluster> clusters, Map<String, Bounds> boxes) {
    Map<String, Point> chips = new LinkedHashMap<>();
    for (Cluster cluster : clusters) {
      Bounds box = boxes.get(cluster.id());
      if (cluster.gateway() && box != null) {
        chips.put(cluster.id(), on(box, towards(cluster, box, clusters, boxes)));
      }
    }
    return chips;
  }

  /** The nearest point of another network's cluster; of several as near, the first. */
  private static Point towards(
      Cluster cluster, Bounds box, List<Cluster> clusters, Map<String, Bounds> boxes) {
    Point own = box.middle();
    Point nearest = null;
    double min = Double.MAX_VALUE;
    for (Cluster other : clusters) {
      Bounds there = boxes.get(other.id());
      if (there != null && !other.network().equals(cluster.network())) {
        double distance = Math.hypot(there.middle().x() - own.x(), there.middle().y() - own.y());
        if (distance < min) {
          min = distance;
          nearest = there.middle();
        }
      }
    }
    return nearest == null ? new Point(box.right(), own.y()) : nearest;
  }

  private static Point on(Bounds box, Point towards) {
    return new Point(towards.x() >= box.middle().x() ? box.right() : box.x(), Layout.entry(box));
  }
}
