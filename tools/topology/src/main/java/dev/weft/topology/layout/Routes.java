package dev.weft.topology.layout;

import dev.weft.topology.layout.Scene.Home;
import dev.weft.topology.layout.Scene.Item;
import dev.weft.topology.layout.Scene.Link;
import dev.weft.topology.layout.Scene.Slot;
import dev.weft.topology.layout.Scene.Tie;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which way edges take between cards that have their places. */
final class Routes {
  /** Between edges of the same two cards. */
  private static final double APART = 8;

  /** How far from a card an edge turns. */
  private static final double LOOP = 24;

  private final Map<String, Interior> interiors;
  private final Map<String, Bounds> clusters;
  private final Map<String, Bounds> items;
  private final Map<String, Point> chips;
  private final Map<String, Home> homes = new HashMap<>();

  private Routes(
      Scene scene,
      Map<String, Interior> interiors,
      Map<String, Bounds> clusters,
      Map<String, Bounds> items,
      Map<String, Point> chips) {
    this.interiors = interiors;
    this.clusters = clusters;
    this.items = items;
    this.chips = chips;
    for (Item item : scene.items()) {
      homes.put(item.id(), item.home());
    }
  }

  static Map<String, List<Point>> of(
      Scene scene,
      Map<String, Interior> interiors,
      Map<String, Bounds> clusters,
      Map<String, Bounds> items,
      Map<String, Point> chips) {
    Routes routes = new Routes(scene, interiors, clusters, items, chips);
    record Pair(String source, String target) {}
    Map<Pair, Integer> all = new HashMap<>();
    scene.links().forEach(l -> all.merge(new Pair(l.source(), l.target()), 1, Integer::sum));
    Map<Pair, Integer> drawn = new HashMap<>();
    Map<String, List<Point>> ways = new LinkedHashMap<>();
    for (Link link : scene.links()) {
      Pair pair = new Pair(link.source(), link.target());
      int nth = drawn.merge(pair, 1, Integer::sum);
      double aside = (nth - (all.getOrDefault(pair, 1) + 1) / 2.0) * APART;
      ways.put(link.id(), routes.way(link).stream().map(p -> p.moved(0, aside)).toList());
    }
    return ways;
  }

  private List<Point> way(Link link) {
    Bounds source = items.get(link.source());
    Bounds target = items.get(link.target());
    if (source == null || target == null) {
      throw new IllegalArgumentException(
          "edge " + link.id() + " has an end that is not in the scene");
    }
    if (link.source().equals(link.target())) {
      return loop(source);
    }
    List<Point> inside = inside(link);
    if (!inside.isEmpty()) {
      return inside;
    }
    Bounds from = box(link.source());
    Bounds to = box(link.target());
    Point chip = chips.get(link.through());
    if (from != null && to != null && !from.equals(to)) {
      return chip == null ? over(source, from, target, to) : through(source, from, chip, target);
    }
    return from != null && to == null
        ? over(source, from, target, from)
        : List.of(side(source, target.middle()), side(target, source.middle()));
  }

  private @Nullable Bounds box(String item) {
    return homes.get(item) instanceof Home.In in ? clusters.get(in.cluster()) : null;
  }

  /** Out of its box below all cards, into the chip of the other one, and from there to the card. */
  private static List<Point> through(Bounds source, Bounds from, Point chip, Bounds target) {
    Point start = side(source, chip);
    Point end = side(target, chip);
    double out = Layout.exit(from);
    return List.of(
        start,
        beside(source, start, out),
        new Point(chip.x() >= from.middle().x() ? from.right() : from.x(), out),
        chip,
        beside(target, end, chip.y()),
        end);
  }

  /** Above all cards. */
  private static List<Point> over(Bounds source, Bounds from, Bounds target, Bounds to) {
    Point start = side(source, target.middle());
    Point end = side(target, source.middle());
    return List.of(
        start, beside(source, start, Layout.lane(from)), beside(target, end, Layout.lane(to)), end);
  }

  /** Between the layers, beside the card that an edge leaves or comes to. */
  private static Point beside(Bounds card, Point side, double y) {
    return new Point(side.x() + (side.x() > card.middle().x() ? LOOP : -LOOP), y);
  }

  /** As the layers have it, where both ends are in one box. */
  private List<Point> inside(Link link) {
    if (homes.get(link.source()) instanceof Home.In(String cluster, Slot from)
        && homes.get(link.target()) instanceof Home.In(String other, Slot to)
        && cluster.equals(other)) {
      Interior interior = interiors.get(cluster);
      Bounds box = clusters.get(cluster);
      List<Point> way =
          interior == null ? List.of() : interior.ways().getOrDefault(new Tie(from, to), List.of());
      if (box != null) {
        Point origin = Layout.inside(box);
        return way.stream().map(p -> p.moved(origin.x(), origin.y())).toList();
      }
    }
    return List.of();
  }

  /** The middle of the side that looks to a point. */
  private static Point side(Bounds card, Point towards) {
    return new Point(towards.x() >= card.middle().x() ? card.right() : card.x(), card.middle().y());
  }

  private static List<Point> loop(Bounds card) {
    double y = card.middle().y();
    return List.of(
        new Point(card.right(), y - APART),
        new Point(card.right() + LOOP, y - APART),
        new Point(card.right() + LOOP, y + APART),
        new Point(card.right(), y + APART));
  }
}
