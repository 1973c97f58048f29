package dev.weft.explain;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.topology.Place;
import dev.weft.translate.Translation;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The proxies of a workload before and after a loss. Pods of a workload that are in one place are
 * told the same, so that one of them stands for all. Confined to one prediction.
 */
final class CallerViews {
  private final MeshSnapshot before;
  private final MeshSnapshot after;
  private final Lost lost;
  private final Translation translation = new Translation();

  /**
   * A pod, and for how many of its workload it stands.
   *
   * @param part 0 to 1
   */
  record Both(CallerView before, CallerView after, double part) {}

  CallerViews(MeshSnapshot before, MeshSnapshot after, Lost lost) {
    this.before = before;
    this.after = after;
    this.lost = lost;
  }

  /**
   * Those of the pods that are not lost; empty where none is left.
   *
   * @param hosts of the services that are asked about
   */
  List<Both> of(Place place, Set<String> hosts) {
    record Where(Locality locality, NetworkId network) {}
    Map<Where, List<Workload>> groups = new LinkedHashMap<>();
    int all = 0;
    for (Workload pod : before.workloads().values()) {
      if (pod.key().cluster().value().equals(place.cluster())
          && pod.key().namespace().equals(place.namespace())
          && pod.workloadName().equals(place.workload())
          && !pod.terminating()
          && !lost.has(pod)) {
        groups
            .computeIfAbsent(new Where(pod.locality(), pod.network()), w -> new ArrayList<>())
            .add(pod);
        all++;
      }
    }
    List<Both> views = new ArrayList<>();
    for (List<Workload> pods : groups.values()) {
      Client client = Client.of(before, pods.getFirst());
      views.add(
          new Both(
              view(before, client, hosts), view(after, client, hosts), (double) pods.size() / all));
    }
    return views;
  }

  private CallerView view(MeshSnapshot snapshot, Client client, Set<String> hosts) {
    ResourceSet resources = translation.resources(snapshot, client.node());
    Held held =
        Held.compiled(
            resources,
            Held.ASKED,
            (type, name) ->
                type == XdsType.LISTENER || type == XdsType.ROUTE || hosts.contains(host(name)));
    return new CallerView(snapshot, client, held.config());
  }

  private static String host(String cluster) {
    return ClusterName.parse(cluster).orElse(null) instanceof ClusterName.Outbound outbound
        ? outbound.host()
        : "";
  }
}
