package dev.weft.topology.history;

import dev.weft.config.SyncState;
import dev.weft.topology.Severity;
import dev.weft.topology.history.Changes.Move;
import dev.weft.topology.history.Happening.Kind;
import dev.weft.topology.history.ServiceFact.Endpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is worth telling of what changed. */
final class StateChanges {
  private StateChanges() {}

  static List<Happening> of(Changes changes) {
    List<Happening> happenings = new ArrayList<>();
    changes.clusters().forEach((id, move) -> cluster(id, move, happenings));
    changes.services().forEach((host, move) -> service(move, happenings));
    return happenings;
  }

  private static void cluster(String id, Move<ClusterFact> move, List<Happening> happenings) {
    ClusterFact before = move.before();
    ClusterFact after = move.after();
    if (before == null || after == null) {
      String code = before == null ? "cluster-joined" : "cluster-removed";
      happenings.add(
          new Happening(Kind.CLUSTER, Severity.INFO, code, Map.of("cluster", id), List.of()));
      return;
    }
    if (before.state() != after.state()) {
      happenings.add(
          new Happening(
              Kind.CLUSTER,
              severity(after.state()),
              "cluster-state",
              Map.of("cluster", id, "state", word(after.state()), "message", after.message()),
              List.of()));
    }
    if (!before.network().equals(after.network())) {
      happenings.add(
          new Happening(
              Kind.CLUSTER,
              Severity.INFO,
              "cluster-network",
              Map.of("cluster", id, "before", before.network(), "after", after.network()),
              List.of()));
    }
    if (!before.gateway().addresses().equals(after.gateway().addresses())) {
      List<String> now = after.gateway().addresses();
      happenings.add(
          new Happening(
              Kind.GATEWAY,
              now.isEmpty() ? Severity.WARNING : Severity.INFO,
              now.isEmpty() ? "gateway-without-address" : "gateway-addresses",
              Map.of(
                  "cluster", id,
                  "gateway", after.gateway().name(),
                  "before", String.join(", ", before.gateway().addresses()),
                  "after", String.join(", ", now)),
              List.of()));
    }
  }

  private static Severity severity(SyncState state) {
    return switch (state) {
      case SYNCED, SYNCING -> Severity.INFO;
      case LOST, LAST_KNOWN -> Severity.WARNING;
      case REJECTED -> Severity.ERROR;
    };
  }

  private static String word(SyncState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void service(Move<ServiceFact> move, List<Happening> happenings) {
    ServiceFact before = move.before();
    ServiceFact after = move.after();
    if (before == null || after == null) {
      return;
    }
    for (String cluster : after.clusters()) {
      Endpoints was = before.in(cluster);
      Endpoints is = after.in(cluster);
      if (was.ready() > 0 && is.ready() == 0) {
        happenings.add(
            endpoints(
                "endpoints-gone",
                after.ready() == 0 ? Severity.ERROR : Severity.WARNING,
                cluster,
                before,
                after));
      } else if (was.ready() == 0 && is.ready() > 0 && before.clusters().contains(cluster)) {
        happenings.add(endpoints("endpoints-back", Severity.INFO, cluster, after, after));
      }
    }
  }

  private static Happening endpoints(
      String code, Severity severity, String cluster, ServiceFact behind, ServiceFact now) {
    return new Happening(
        Kind.ENDPOINTS,
        severity,
        code,
        Map.of(
            "service", now.host(),
            "cluster", cluster,
            "ready", String.valueOf(now.in(cluster).ready()),
            "elsewhere", String.valueOf(now.ready() - now.in(cluster).ready())),
        behind.workloads().stream()
            .filter(place -> place.cluster().equals(cluster))
            .map(Nodes::id)
            .toList());
  }
}
