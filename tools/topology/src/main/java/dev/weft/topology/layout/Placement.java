package dev.weft.topology.layout;

import dev.weft.config.Copies;
import java.util.List;
import java.util.Map;

/**
 * Where everything of a scene is.
 *
 * @param clusters by id
 * @param chips of the gateways, by cluster
 * @param namespaces by cluster and name; empty where they are no boxes
 * @param items by id
 * @param links by id, from source to target
 */
public record Placement(
    double width,
    double height,
    Map<String, Bounds> clusters,
    Map<String, Point> chips,
    Map<Box, Bounds> namespaces,
    Map<String, Bounds> items,
    Map<String, List<Point>> links) {
  public Placement {
    clusters = Copies.map(clusters);
    chips = Copies.map(chips);
    namespaces = Copies.map(namespaces);
    items = Copies.map(items);
    links = Copies.map(links);
  }

  /** A namespace of a cluster. */
  public record Box(String cluster, String namespace) {}
}
