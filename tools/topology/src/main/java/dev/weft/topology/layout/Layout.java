package dev.weft.topology.layout;

import dev.weft.topology.layout.Placement.Box;
import dev.weft.topology.layout.Scene.Cluster;
import dev.weft.topology.layout.Scene.Home;
import dev.weft.topology.layout.Scene.Item;
import dev.weft.topology.layout.Scene.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts everything of a scene in its place. Clusters stand in one row up to three, in a grid beyond,
 * those of a network side by side. Confined to one call of {@link #of}.
 */
public final class Layout {
  private static final int MAX_IN_A_ROW = 3;

  /** Between clusters: room for the bridges. */
  private static final double BETWEEN = 160;

  private static final double HEADER = 48;
  private static final double PADDING = 28;

  /** Below the cards, where what leaves the cluster runs. */
  private static final double FOOTER = 56;

  /** Of a cluster with nothing in it. */
  private static final double EMPTY_WIDTH = 280;

  private static final double EMPTY_HEIGHT = HEADER + FOOTER;

  /** Below it, clusters have too little in common to have the same places. */
  private static final double TWINS = 0.4;

  private static final Comparator<Cluster> ORDER =
      Comparator.comparing(Cluster::registered)
          .reversed()
          .thenComparing(Cluster::network)
          .thenComparing(Cluster::id);

  private static final Bounds NOTHING = new Bounds(0, 0, 0, 0);

  private final Scene scene;
  private final Map<String, Interior> interiors = new TreeMap<>();
  private final Map<String, Bounds> clusters = new LinkedHashMap<>();
  private final Map<Box, Bounds> namespaces = new LinkedHashMap<>();
  private final Map<String, Bounds> items = new LinkedHashMap<>();
  private double width;
  private double height;

  private Layout(Scene scene) {
    this.scene = scene;
  }

  /** The same scene always comes to the same placement. */
  public static Placement of(Scene scene) {
    Layout layout = new Layout(scene);
    layout.interiors();
    layout.boxes();
    layout.insides();
    layout.behind();
    Map<String, Point> chips = Chips.of(scene.clusters(), layout.clusters);
    return new Placement(
        layout.width,
        layout.height,
        layout.clusters,
        chips,
        layout.namespaces,
        layout.items,
        Routes.of(scene, layout.interiors, layout.clusters, layout.items, chips));
  }

  static Point inside(Bounds cluster) {
    return new Point(cluster.x() + PADDING, cluster.y() + HEADER);
  }

  /** The height at which edges leave a cluster for another network. */
  static double exit(Bounds cluster) {
    return cluster.bottom() - FOOTER / 4;
  }

  /** The height at which edges come in; its gateway is there. */
  static double entry(Bounds cluster) {
    return cluster.bottom() - FOOTER * 3 / 4;
  }

  /** The height at which edges run between clusters of one network, above all cards. */
  static double lane(Bounds cluster) {
    return cluster.y() + HEADER - 8;
  }

  private void interiors() {
    Map<String, Set<Slot>> slots = new TreeMap<>();
    for (Item item : scene.items()) {
      if (item.home() instanceof Home.In(String cluster, Slot slot)) {
        slots.computeIfAbsent(cluster, c -> new TreeSet<>()).add(slot);
      }
    }
    Set<Slot> union = new TreeSet<>();
    slots.values().forEach(union::addAll);
    if (slots.size() > 1 && twins(slots.values(), union) < TWINS) {
      slots.forEach((c, own) -> interiors.put(c, interior(own)));
    } else {
      Interior shared = interior(union);
      slots.keySet().forEach(c -> interiors.put(c, shared));
    }
  }

  private Interior interior(Set<Slot> slots) {
    return Interior.of(
        slots,
        scene.ties().stream()
            .filter(t -> slots.contains(t.from()) && slots.contains(t.to()))
            .toList(),
        scene.boxes());
  }

  /** The part of the slots that several clusters have. */
  private static double twins(Iterable<Set<Slot>> clusters, Set<Slot> union) {
    Map<Slot, Integer> owners = new HashMap<>();
    clusters.forEach(own -> own.forEach(slot -> owners.merge(slot, 1, Integer::sum)));
    long shared = owners.values().stream().filter(n -> n > 1).count();
    return (double) shared / union.size();
  }

  private void boxes() {
    List<Cluster> order = scene.clusters().stream().sorted(ORDER).toList();
    int columns =
        order.size() <= MAX_IN_A_ROW
            ? Math.max(1, order.size())
            : (int) Math.ceil(Math.sqrt(order.size()));
    double[] widths = new double[columns];
    double[] heights = new double[(order.size() + columns - 1) / columns];
    for (int i = 0; i < order.size(); i++) {
      Interior inside = interiors.get(order.get(i).id());
      double wide = inside == null ? EMPTY_WIDTH : reach(order.get(i).id(), inside) + 2 * PADDING;
      double high = inside == null ? EMPTY_HEIGHT : inside.height() + HEADER + FOOTER;
      widths[i % columns] = Math.max(widths[i % columns], Math.max(wide, EMPTY_WIDTH));
      heights[i / columns] = Math.max(heights[i / columns], high);
    }
    double left = before(heights);
    double y = 0;
    for (int row = 0; row < heights.length; row++) {
      double x = left;
      for (int column = 0; column < columns && row * columns + column < order.size(); column++) {
        Cluster cluster = order.get(row * columns + column);
        // Of one row, all are as high as the highest, so that borders make a line.
        clusters.put(cluster.id(), new Bounds(x, y, widths[column], heights[row]));
        x += widths[column] + BETWEEN;
        width = Math.max(width, x - BETWEEN);
      }
      y += heights[row] + BETWEEN;
    }
    height = Math.max(height, y - BETWEEN);
  }

  /** How far to the right its own cards and boxes are: where its twins have more, it has none. */
  private double reach(String cluster, Interior inside) {
    double reach = 0;
    for (Item item : scene.items()) {
      if (item.home() instanceof Home.In(String home, Slot slot) && home.equals(cluster)) {
        Bounds own = inside.slots().getOrDefault(slot, NOTHING);
        Bounds place = inside.namespaces().getOrDefault(slot.namespace(), own);
        reach = Math.max(reach, place.x() + place.width());
      }
    }
    return reach;
  }

  /** Puts what comes before all clusters; where they begin. */
  private double before(double[] heights) {
    double all = BETWEEN * Math.max(0, heights.length - 1);
    for (double each : heights) {
      all += each;
    }
    boolean any = stack(0, all, Home.Before.class);
    width = any ? Interior.CARD.width() : 0;
    return any ? Interior.CARD.width() + BETWEEN : 0;
  }

  private void behind() {
    if (stack(width + BETWEEN, height, Home.Behind.class)) {
      width += BETWEEN + Interior.CARD.width();
    }
  }

  /** One below the other, around the middle; whether there are any. */
  private boolean stack(double x, double room, Class<? extends Home> home) {
    List<Item> stacked = scene.items().stream().filter(i -> home.isInstance(i.home())).toList();
    double step = Interior.CARD.height() * 1.5;
    double y = Math.max(0, (room - stacked.size() * step) / 2);
    for (Item item : stacked) {
      items.put(item.id(), new Bounds(x, y, Interior.CARD.width(), Interior.CARD.height()));
      y += step;
    }
    height = Math.max(height, y);
    return !stacked.isEmpty();
  }

  private void insides() {
    Map<String, Set<String>> present = new TreeMap<>();
    for (Item item : scene.items()) {
      if (item.home() instanceof Home.In(String cluster, Slot slot)) {
        Bounds box = clusters.get(cluster);
        Interior inside = interiors.get(cluster);
        if (box == null || inside == null) {
          throw new IllegalArgumentException(
              "card " + item.id() + " is in cluster " + cluster + ", which is not in the scene");
        }
        Point origin = inside(box);
        Bounds place = inside.slots().getOrDefault(slot, NOTHING);
        items.put(item.id(), place.moved(origin.x(), origin.y()));
        present.computeIfAbsent(cluster, c -> new TreeSet<>()).add(slot.namespace());
      }
    }
    for (Map.Entry<String, Set<String>> cluster : present.entrySet()) {
      Interior inside = interiors.get(cluster.getKey());
      Bounds box = clusters.get(cluster.getKey());
      if (inside != null && box != null) {
        Point origin = inside(box);
        List<String> drawn = new ArrayList<>(inside.namespaces().keySet());
        drawn.retainAll(cluster.getValue());
        for (String namespace : drawn) {
          Bounds place = inside.namespaces().getOrDefault(namespace, NOTHING);
          namespaces.put(new Box(cluster.getKey(), namespace), place.moved(origin.x(), origin.y()));
        }
      }
    }
  }
}
