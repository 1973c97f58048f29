package dev.weft.topology.picture;

import dev.weft.topology.history.WorkloadFact;
import dev.weft.topology.layout.Scene.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which cards of different clusters are twins: workloads of the same canonical service. Where a
 * cluster has several of one, those of the same revision are.
 */
final class Slots {
  private Slots() {}

  private record App(String namespace, String name) {}

  private record Member(Spot spot, String version) {
    private static final Comparator<Member> ORDER =
        Comparator.comparing(Member::version).thenComparing(Member::spot);
  }

  /** Of all cards that are in a cluster. */
  static Map<Spot, Slot> of(Iterable<Spot> spots, Survey survey) {
    Map<Spot, Slot> slots = new TreeMap<>();
    Map<App, Map<String, List<Member>>> apps = new HashMap<>();
    for (Spot spot : spots) {
      if (!spot.cluster().isEmpty()) {
        switch (spot.kind()) {
          case WORKLOAD, GATEWAY -> {
            WorkloadFact fact = survey.fact(spot);
            apps.computeIfAbsent(
                    new App(spot.namespace(), fact == null ? spot.name() : fact.app()),
                    a -> new TreeMap<>())
                .computeIfAbsent(spot.cluster(), c -> new ArrayList<>())
                .add(new Member(spot, fact == null ? "" : fact.version()));
          }
          case SERVICE -> slots.put(spot, new Slot(spot.namespace(), "service:" + spot.name()));
          case NAMESPACE -> slots.put(spot, new Slot(spot.namespace(), ""));
          case CLUSTER -> slots.put(spot, new Slot("", ""));
          case OUTSIDE -> {}
        }
      }
    }
    apps.forEach((app, members) -> place(app, members, slots));
    return slots;
  }

  private static void place(App app, Map<String, List<Member>> byCluster, Map<Spot, Slot> slots) {
    boolean single = byCluster.values().stream().allMatch(members -> members.size() == 1);
    for (List<Member> members : byCluster.values()) {
      members.sort(Member.ORDER);
      Map<String, Integer> seen = new HashMap<>();
      for (Member member : members) {
        int nth = seen.merge(member.version(), 1, Integer::sum);
        String name = app.name();
        if (!single) {
          name += ":" + member.version() + (nth == 1 ? "" : ":" + nth);
        }
        slots.put(member.spot(), new Slot(app.namespace(), name));
      }
    }
  }
}
