package dev.weft.topology.picture;

import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.history.MeshState;
import dev.weft.topology.history.ServiceFact;
import dev.weft.topology.history.WorkloadFact;
import dev.weft.topology.history.WorkloadFact.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which cards the ends of traffic are. Nothing is guessed. Confined to one drawing. */
final class Spots {
  private final MeshState state;
  private final Map<Place, WorkloadFact> ghosts;
  private final Map<Place, Optional<Spot>> found = new HashMap<>();
  private final Map<String, TreeSet<String>> clustersOf = new HashMap<>();

  Spots(MeshState state, Map<Place, WorkloadFact> ghosts) {
    this.state = state;
    this.ghosts = ghosts;
    state
        .workloads()
        .keySet()
        .forEach(p -> clustersOf.computeIfAbsent(key(p), k -> new TreeSet<>()).add(p.cluster()));
  }

  private static String key(Place place) {
    return place.namespace() + "/" + place.workload();
  }

  /** A workload's; empty where it is not known which one it is. */
  Optional<Spot> of(Place place) {
    return found.computeIfAbsent(place, this::find);
  }

  private Optional<Spot> find(Place place) {
    if (!place.known()) {
      return Optional.empty();
    }
    if (!place.cluster().equals(Place.UNKNOWN_PART)) {
      return Optional.of(
          new Spot(kind(place), place.cluster(), place.namespace(), place.workload()));
    }
    // A name that only one cluster has needs no cluster to be known.
    TreeSet<String> clusters = clustersOf.getOrDefault(key(place), new TreeSet<>());
    return clusters.size() == 1
        ? find(new Place(clusters.getFirst(), place.namespace(), place.workload()))
        : Optional.empty();
  }

  /** Where a call goes; where nobody known took it, to the service itself. */
  Spot target(Flow flow) {
    return of(flow.destination()).orElseGet(() -> service(flow.service()));
  }

  /**
   * A host name's: in the one cluster that has endpoints of it, else in none. Where several have
   * some, nobody knows which of them was meant.
   */
  Spot service(String host) {
    ServiceFact service = state.services().get(host);
    if (service == null) {
      return Spot.service("", "", host);
    }
    List<String> with =
        service.endpoints().entrySet().stream()
            .filter(e -> e.getValue().total() > 0)
            .map(Map.Entry::getKey)
            .toList();
    return Spot.service(
        with.size() == 1 ? with.getFirst() : "", service.namespace(), service.name());
  }

  /** A stop on the way: as the target's cluster knows it. */
  Spot stop(Call call) {
    ServiceFact service = state.services().get(call.service());
    return service == null
        ? Spot.service("", "", call.service())
        : Spot.service(call.target().cluster(), service.namespace(), service.name());
  }

  boolean crossClusterProxy(Place place) {
    WorkloadFact fact = fact(place);
    return fact != null && fact.role() == Role.CROSS_CLUSTER_PROXY;
  }

  private NodeKind kind(Place place) {
    WorkloadFact fact = fact(place);
    return fact != null && fact.role() == Role.GATEWAY ? NodeKind.GATEWAY : NodeKind.WORKLOAD;
  }

  private @Nullable WorkloadFact fact(Place place) {
    WorkloadFact fact = state.workloads().get(place);
    return fact == null ? ghosts.get(place) : fact;
  }
}
