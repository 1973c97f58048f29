package dev.weft.topology.picture;

import dev.weft.config.Diagnostic;
import dev.weft.config.Diagnostic.Severity;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.HostNames;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.topology.Place;
import dev.weft.topology.history.ClusterFact;
import dev.weft.topology.history.MeshStates;
import dev.weft.topology.history.WorkloadFact;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is special about workloads and services, from what users wrote. */
final class Marks {
  private final Map<Place, Set<Mark>> workloads = new HashMap<>();
  private final Map<String, Set<Mark>> services = new HashMap<>();
  private final Set<Place> served = new HashSet<>();

  private Marks() {}

  static Marks of(MeshSnapshot snapshot, List<Diagnostic> findings) {
    Marks marks = new Marks();
    Map<String, Set<ObjectRef>> routed = routed(snapshot);
    Set<String> objects =
        findings.stream()
            .filter(d -> d.severity() != Severity.NOTE)
            .map(Diagnostic::object)
            .map(object -> object.replaceFirst(" \\(cluster .*", ""))
            .collect(Collectors.toSet());
    for (MeshService service : snapshot.services().values()) {
      Set<Mark> own = service(service, snapshot, routed, objects);
      marks.services.put(service.hostname(), own);
      for (ServiceEndpoint endpoint : service.endpoints()) {
        if (endpoint.workload() != null) {
          Place place = MeshStates.place(endpoint.workload());
          marks.served.add(place);
          if (!own.isEmpty()) {
            marks.workloads.computeIfAbsent(place, p -> EnumSet.noneOf(Mark.class)).addAll(own);
          }
        }
      }
    }
    return marks;
  }

  private static Map<String, Set<ObjectRef>> routed(MeshSnapshot snapshot) {
    Map<String, Set<ObjectRef>> routed = new HashMap<>();
    for (VirtualService routes : snapshot.virtualServices()) {
      for (String host : routes.hosts()) {
        String full =
            HostNames.full(host, routes.meta().namespace(), snapshot.settings().domainSuffix());
        routed.computeIfAbsent(full, h -> new HashSet<>()).add(routes.meta().ref());
      }
    }
    return routed;
  }

  private static Set<Mark> service(
      MeshService service,
      MeshSnapshot snapshot,
      Map<String, Set<ObjectRef>> routed,
      Set<String> objects) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    Set<ObjectRef> about = new HashSet<>(routed.getOrDefault(service.hostname(), Set.of()));
    if (!about.isEmpty()) {
      marks.add(Mark.ROUTING);
    }
    MergedDestinationRule rule =
        snapshot
            .destinationRules()
            .find(service.id().namespace(), Map.of(), service.id(), service.hostname())
            .orElse(null);
    if (rule != null) {
      about.addAll(rule.sources());
      if (breaks(rule)) {
        marks.add(Mark.BREAKER);
      }
    }
    String name = "Service " + service.id().namespace() + "/" + service.id().name();
    if (objects.contains(name) || about.stream().anyMatch(o -> objects.contains(o.toString()))) {
      marks.add(Mark.FINDING);
    }
    return marks;
  }

  private static boolean breaks(MergedDestinationRule rule) {
    return breaks(rule.trafficPolicy())
        || rule.subsets().stream().anyMatch(s -> breaks(s.trafficPolicy()));
  }

  private static boolean breaks(TrafficPolicy policy) {
    return policy.connectionPool() != null
        || policy.outlierDetection() != null
        || policy.ports().values().stream().anyMatch(Marks::breaks);
  }

  /** Whether a service has pods of it as endpoints. */
  boolean serves(Place place) {
    return served.contains(place);
  }

  List<Mark> of(WorkloadFact workload, @Nullable ClusterFact cluster) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    marks.addAll(workloads.getOrDefault(workload.place(), Set.of()));
    if (workload.proxied() < workload.pods()) {
      marks.add(Mark.NO_SIDECAR);
    }
    if (cluster != null
        && (cluster.state() == SyncState.LOST || cluster.state() == SyncState.LAST_KNOWN)) {
      marks.add(Mark.STALE);
    }
    return List.copyOf(marks);
  }

  List<Mark> ofService(String host) {
    return List.copyOf(services.getOrDefault(host, Set.of()));
  }
}
