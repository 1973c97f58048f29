package dev.weft.topology.layout;

import dev.weft.topology.layout.Layered.Arrow;
import dev.weft.topology.layout.Layered.Size;
import dev.weft.topology.layout.Scene.Slot;
import dev.weft.topology.layout.Scene.Tie;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The inside of a cluster's box: slots, in boxes of their namespaces or not. It is laid out once
 * for all clusters that share it, so that the same workload has the same place in each.
 *
 * @param namespaces by name; empty where they are no boxes
 * @param ways of ties whose ends are in one box
 */
record Interior(
    double width,
    double height,
    Map<String, Bounds> namespaces,
    Map<Slot, Bounds> slots,
    Map<Tie, List<Point>> ways) {
  static final Size CARD = new Size(160, 48);

  /** Between cards of one layer, and between boxes. */
  private static final double GAP = 24;

  /** Between layers: a label of three figures stands there. */
  private static final double LAYERS = 96;

  /** Above the cards of a namespace stands its name. */
  private static final double HEADER = 34;

  private static final double PADDING = 16;

  /** Beyond this, arrows between namespaces are a tangle that orders nothing. */
  private static final int MAX_IN_LAYERS = 12;

  /** A ribbon that is so much wider than high is no picture. */
  private static final double MAX_ASPECT = 6;

  static Interior of(Set<Slot> slots, List<Tie> ties, boolean boxes) {
    return boxes ? boxed(slots, ties) : plain(slots, ties);
  }

  private static Interior plain(Set<Slot> slots, List<Tie> ties) {
    Layered<Slot> layered = layered(new TreeSet<>(slots), ties);
    Map<Tie, List<Point>> ways = new LinkedHashMap<>();
    layered.ways().forEach((a, points) -> ways.put(new Tie(a.from(), a.to()), points));
    return new Interior(layered.width(), layered.height(), Map.of(), layered.places(), ways);
  }

  private static Layered<Slot> layered(Set<Slot> slots, List<Tie> ties) {
    Map<Slot, Size> cards = new LinkedHashMap<>();
    slots.forEach(slot -> cards.put(slot, CARD));
    Layered<Slot> layered =
        Layered.of(
            cards, ties.stream().map(t -> new Arrow<>(t.from(), t.to())).toList(), GAP, LAYERS);
    if (cards.size() <= MAX_IN_LAYERS || layered.width() <= MAX_ASPECT * layered.height()) {
      return layered;
    }
    Shelves<Slot> shelves = Shelves.of(cards, 2 * GAP);
    return new Layered<>(shelves.width(), shelves.height(), shelves.places(), Map.of());
  }

  private static Interior boxed(Set<Slot> slots, List<Tie> ties) {
    Map<String, Set<Slot>> members = new TreeMap<>();
    slots.forEach(s -> members.computeIfAbsent(s.namespace(), n -> new TreeSet<>()).add(s));
    Map<String, List<Tie>> within = new TreeMap<>();
    ties.stream()
        .filter(t -> t.from().namespace().equals(t.to().namespace()))
        .forEach(t -> within.computeIfAbsent(t.from().namespace(), n -> new ArrayList<>()).add(t));
    Map<String, Layered<Slot>> blocks = new LinkedHashMap<>();
    Map<String, Size> sizes = new LinkedHashMap<>();
    members.forEach(
        (namespace, own) -> {
          Layered<Slot> block = layered(own, within.getOrDefault(namespace, List.of()));
          blocks.put(namespace, block);
          sizes.put(
              namespace, new Size(block.width() + 2 * PADDING, block.height() + HEADER + PADDING));
        });
    Arrangement arrangement = arranged(sizes, ties);
    Map<Slot, Bounds> places = new LinkedHashMap<>();
    Map<Tie, List<Point>> ways = new LinkedHashMap<>();
    blocks.forEach(
        (namespace, block) -> {
          Bounds box = arrangement.places().getOrDefault(namespace, new Bounds(0, 0, 0, 0));
          double dx = box.x() + PADDING;
          double dy = box.y() + HEADER;
          block.places().forEach((slot, place) -> places.put(slot, place.moved(dx, dy)));
          block
              .ways()
              .forEach(
                  (a, points) ->
                      ways.put(
                          new Tie(a.from(), a.to()),
                          points.stream().map(p -> p.moved(dx, dy)).toList()));
        });
    return new Interior(
        arrangement.width(), arrangement.height(), arrangement.places(), places, ways);
  }

  private record Arrangement(double width, double height, Map<String, Bounds> places) {}

  private static Arrangement arranged(Map<String, Size> sizes, List<Tie> ties) {
    if (sizes.size() > MAX_IN_LAYERS) {
      Shelves<String> shelves = Shelves.of(sizes, GAP);
      return new Arrangement(shelves.width(), shelves.height(), shelves.places());
    }
    Set<Arrow<String>> arrows = new LinkedHashSet<>();
    for (Tie tie : ties) {
      if (!tie.from().namespace().equals(tie.to().namespace())) {
        arrows.add(new Arrow<>(tie.from().namespace(), tie.to().namespace()));
      }
    }
    Layered<String> layered = Layered.of(sizes, List.copyOf(arrows), GAP, LAYERS / 2);
    return new Arrangement(layered.width(), layered.height(), layered.places());
  }
}
