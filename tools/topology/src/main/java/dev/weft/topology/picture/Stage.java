package dev.weft.topology.picture;

import dev.weft.topology.history.ClusterFact;
import dev.weft.topology.layout.Scene;
import dev.weft.topology.layout.Scene.Cluster;
import dev.weft.topology.layout.Scene.Home;
import dev.weft.topology.layout.Scene.Item;
import dev.weft.topology.layout.Scene.Link;
import dev.weft.topology.layout.Scene.Slot;
import dev.weft.topology.layout.Scene.Tie;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** From what is drawn to what a layout has to know of it. */
final class Stage {
  private Stage() {}

  static Scene of(Contents contents, Survey survey, View view) {
    Map<Spot, Slot> slots = Slots.of(contents.spots(), survey);
    List<Item> items = new ArrayList<>();
    contents.spots().forEach(spot -> items.add(new Item(spot.id(), home(spot, slots))));
    List<Link> links = new ArrayList<>();
    Set<Tie> ties = new TreeSet<>();
    contents
        .calls()
        .keySet()
        .forEach(
            call -> {
              links.add(
                  new Link(
                      call.id(), call.source().id(), call.target().id(), through(call, survey)));
              tie(call, slots, ties);
            });
    contents.known().keySet().forEach(call -> tie(call, slots, ties));
    return new Scene(
        clusters(contents, survey, view),
        items,
        links,
        List.copyOf(ties),
        view.boxes() && contents.level() == Level.WORKLOAD);
  }

  private static Home home(Spot spot, Map<Spot, Slot> slots) {
    if (spot.kind() == NodeKind.OUTSIDE) {
      return new Home.Before();
    }
    Slot slot = slots.get(spot);
    return slot == null ? new Home.Behind() : new Home.In(spot.cluster(), slot);
  }

  private static void tie(Call call, Map<Spot, Slot> slots, Set<Tie> ties) {
    Slot from = slots.get(call.source());
    Slot to = slots.get(call.target());
    if (from != null && to != null && !from.equals(to)) {
      ties.add(new Tie(from, to));
    }
  }

  /** The cluster whose gateway an edge passes. */
  private static String through(Call call, Survey survey) {
    return switch (survey.path(call)) {
      case GATEWAY ->
          survey
              .gateway(call.target())
              .map(g -> g.cluster() == null ? call.target().cluster() : g.cluster().value())
              .orElse("");
      case LOCAL, DIRECT, UNKNOWN -> "";
    };
  }

  private static List<Cluster> clusters(Contents contents, Survey survey, View view) {
    Map<String, Cluster> clusters = new TreeMap<>();
    for (ClusterFact fact : survey.state().clusters().values()) {
      if (view.clusters().isEmpty() || view.clusters().contains(fact.id())) {
        clusters.put(fact.id(), cluster(fact));
      }
    }
    for (Spot spot : contents.spots()) {
      if (!spot.cluster().isEmpty() && !clusters.containsKey(spot.cluster())) {
        ClusterFact fact = survey.cluster(spot);
        clusters.put(
            spot.cluster(),
            fact == null ? new Cluster(spot.cluster(), "", false, false) : cluster(fact));
      }
    }
    return List.copyOf(clusters.values());
  }

  private static Cluster cluster(ClusterFact fact) {
    return new Cluster(fact.id(), fact.network(), true, fact.gateway().present());
  }
}
