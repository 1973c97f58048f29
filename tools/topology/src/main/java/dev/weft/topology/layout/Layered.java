package dev.weft.topology.layout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.NullElkProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * Cards in layers, callers left of what they call. Deterministic: cards and arrows in the same
 * order come to the same places. By the Eclipse Layout Kernel.
 *
 * @param places of the cards
 * @param ways of the arrows, from one card to the other
 */
record Layered<K>(
    double width, double height, Map<K, Bounds> places, Map<Arrow<K>, List<Point>> ways) {

  static {
    // Where ELK learns how to copy the defaults of its own options.
    LayoutMetaDataService.getInstance()
        .registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
  }

  /** Between two cards that are not the same. */
  record Arrow<K>(K from, K to) {}

  /** How large a card is. */
  record Size(double width, double height) {}

  /**
   * @param between cards of one layer, in pixels
   * @param layers how far they are apart, in pixels
   */
  static <K> Layered<K> of(
      Map<K, Size> cards, List<Arrow<K>> arrows, double between, double layers) {
    ElkNode root = ElkGraphUtil.createGraph();
    root.setProperty(CoreOptions.DIRECTION, Direction.RIGHT);
    root.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.POLYLINE);
    root.setProperty(CoreOptions.PADDING, new ElkPadding(0));
    root.setProperty(CoreOptions.ASPECT_RATIO, 1.6);
    root.setProperty(CoreOptions.RANDOM_SEED, 1);
    root.setProperty(CoreOptions.SPACING_NODE_NODE, between);
    root.setProperty(CoreOptions.SPACING_COMPONENT_COMPONENT, between);
    root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, layers);
    // A card that comes does not turn the others over.
    root.setProperty(LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.PREFER_NODES);
    Map<K, ElkNode> nodes = new LinkedHashMap<>();
    cards.forEach(
        (key, size) -> {
          ElkNode node = ElkGraphUtil.createNode(root);
          node.setDimensions(size.width(), size.height());
          nodes.put(key, node);
        });
    Map<Arrow<K>, ElkEdge> edges = new LinkedHashMap<>();
    for (Arrow<K> arrow : arrows) {
      ElkNode from = nodes.get(arrow.from());
      ElkNode to = nodes.get(arrow.to());
      if (from != null && to != null && from != to) {
        edges.put(arrow, ElkGraphUtil.createSimpleEdge(from, to));
      }
    }
    LayeredLayoutProvider layout = new LayeredLayoutProvider();
    layout.layout(root, new NullElkProgressMonitor());
    return read(root, nodes, edges);
  }

  private static <K> Layered<K> read(
      ElkNode root, Map<K, ElkNode> nodes, Map<Arrow<K>, ElkEdge> edges) {
    Map<K, Bounds> places = new LinkedHashMap<>();
    nodes.forEach(
        (key, node) ->
            places.put(
                key,
                new Bounds(
                    Math.round(node.getX()),
                    Math.round(node.getY()),
                    node.getWidth(),
                    node.getHeight())));
    Map<Arrow<K>, List<Point>> ways = new LinkedHashMap<>();
    edges.forEach((arrow, edge) -> ways.put(arrow, points(edge)));
    return new Layered<>(Math.ceil(root.getWidth()), Math.ceil(root.getHeight()), places, ways);
  }

  private static List<Point> points(ElkEdge edge) {
    List<Point> points = new ArrayList<>();
    for (ElkEdgeSection section : edge.getSections()) {
      points.add(point(section.getStartX(), section.getStartY()));
      section.getBendPoints().forEach(b -> points.add(point(b.getX(), b.getY())));
      points.add(point(section.getEndX(), section.getEndY()));
    }
    return points;
  }

  /** In whole pixels, so that a sum of them is the same in whatever order it is made. */
  private static Point point(double x, double y) {
    return new Point(Math.round(x), Math.round(y));
  }
}
