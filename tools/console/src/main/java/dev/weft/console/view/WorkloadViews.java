package dev.weft.console.view;

import dev.weft.console.api.ObjectRef;
import dev.weft.console.api.ProxyRow;
import dev.weft.console.api.WorkloadDetail;
import dev.weft.console.api.WorkloadDetail.PodRow;
import dev.weft.console.api.WorkloadRow;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.topology.Place;
import dev.weft.topology.picture.PictureEdge;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Pods by the workload that made them. */
public final class WorkloadViews {
  private WorkloadViews() {}

  /**
   * All of them, in order.
   *
   * @param namespace empty for all
   */
  public static List<WorkloadRow> rows(Moment moment, Flows flows, String namespace) {
    return pods(moment.snapshot()).entrySet().stream()
        .filter(e -> namespace.isEmpty() || e.getKey().namespace().equals(namespace))
        .map(e -> row(e.getKey(), e.getValue(), flows))
        .toList();
  }

  /**
   * One of them; empty where there is no such.
   *
   * @param proxies the connected ones
   * @param in what was seen of the traffic that comes in
   * @param out what goes out
   */
  public static Optional<WorkloadDetail> detail(
      Moment moment,
      Place place,
      Flows flows,
      List<ProxyRow> proxies,
      List<PictureEdge> in,
      List<PictureEdge> out) {
    List<Workload> pods = pods(moment.snapshot()).getOrDefault(place, List.of());
    if (pods.isEmpty()) {
      return Optional.empty();
    }
    List<ObjectRef> about = new ArrayList<>();
    pods.forEach(p -> about.add(new ObjectRef("Pod", place.namespace(), p.key().pod(), "")));
    about.add(
        new ObjectRef(pods.getFirst().workloadKind(), place.namespace(), place.workload(), ""));
    Set<String> connected = new HashSet<>();
    proxies.forEach(p -> connected.add(p.id()));
    return Optional.of(
        new WorkloadDetail(
            row(place, pods, flows),
            pods.stream().map(p -> pod(p, connected)).toList(),
            in,
            out,
            services(moment.snapshot(), pods),
            FindingViews.of(FindingViews.byObject(moment), about)));
  }

  private static Map<Place, List<Workload>> pods(MeshSnapshot snapshot) {
    Map<Place, List<Workload>> pods = new TreeMap<>();
    for (Workload pod : snapshot.workloads().values()) {
      if (!pod.terminating()) {
        Place place =
            new Place(pod.key().cluster().value(), pod.key().namespace(), pod.workloadName());
        pods.computeIfAbsent(place, p -> new ArrayList<>()).add(pod);
      }
    }
    return pods;
  }

  private static WorkloadRow row(Place place, List<Workload> pods, Flows flows) {
    Workload first = pods.getFirst();
    Flows.Sum in = flows.to(place);
    return new WorkloadRow(
        place.cluster(),
        place.namespace(),
        place.workload(),
        first.canonicalService(),
        first.canonicalRevision(),
        pods.size(),
        (int) pods.stream().filter(Workload::ready).count(),
        (int) pods.stream().filter(p -> p.injected() || p.mtls()).count(),
        in.rate(),
        flows.from(place).rate(),
        in.failed());
  }

  private static PodRow pod(Workload pod, Set<String> connected) {
    String proxy =
        pod.key().pod() + "." + pod.key().namespace() + "." + pod.key().cluster().value();
    return new PodRow(
        pod.key().pod(),
        pod.ips().isEmpty() ? "" : pod.ips().getFirst(),
        pod.node(),
        pod.locality().toString(),
        pod.ready(),
        pod.injected() || pod.mtls(),
        pod.identity().uri(),
        pod.labels(),
        connected.contains(proxy) ? proxy : "");
  }

  private static List<ObjectRef> services(MeshSnapshot snapshot, List<Workload> pods) {
    Set<Object> keys = new HashSet<>();
    pods.forEach(p -> keys.add(p.key()));
    return snapshot.services().values().stream()
        .filter(s -> has(s, keys))
        .map(s -> new ObjectRef("Service", s.id().namespace(), s.id().name(), ""))
        .toList();
  }

  private static boolean has(MeshService service, Set<Object> keys) {
    return service.endpoints().stream()
        .anyMatch(e -> e.workload() != null && keys.contains(e.workload().key()));
  }
}
