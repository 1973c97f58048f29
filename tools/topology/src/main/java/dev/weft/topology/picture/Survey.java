package dev.weft.topology.picture;

import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.NetworkGateway;
import dev.weft.topology.Edge.Path;
import dev.weft.topology.Place;
import dev.weft.topology.Traffic;
import dev.weft.topology.history.ClusterFact;
import dev.weft.topology.history.Contact;
import dev.weft.topology.history.History;
import dev.weft.topology.history.MeshState;
import dev.weft.topology.history.WorkloadFact;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The whole mesh as it is to be drawn, before anybody chose what to see of it.
 *
 * @param ghosts workloads that are gone
 * @param calls of the window, between workloads
 * @param known those who called each other not long ago, without counts
 */
record Survey(
    Instant at,
    MeshSnapshot snapshot,
    MeshState state,
    Traffic traffic,
    History history,
    Map<Place, WorkloadFact> ghosts,
    Spots spots,
    Marks marks,
    Map<Call, Ends> calls,
    Map<Call, Ends> known) {

  static Survey of(PictureInput input, MeshState state) {
    Map<Place, WorkloadFact> ghosts = new TreeMap<>(input.history().ghosts(input.at()));
    ghosts.keySet().removeAll(state.workloads().keySet());
    Spots spots = new Spots(state, ghosts);
    Map<Call, Ends> known = new HashMap<>();
    for (Contact contact : input.history().contacts(input.at())) {
      if (!spots.crossClusterProxy(contact.source())
          && !spots.crossClusterProxy(contact.destination())) {
        Optional<Spot> source = spots.of(contact.source());
        Optional<Spot> target = spots.of(contact.destination());
        if (source.isPresent() && target.isPresent()) {
          known.put(
              new Call(source.get(), target.get(), contact.service(), contact.protocol()),
              new Ends());
        }
      }
    }
    return new Survey(
        input.at(),
        input.snapshot(),
        state,
        input.traffic(),
        input.history(),
        ghosts,
        spots,
        Marks.of(input.snapshot(), input.findings()),
        Calls.of(input.traffic().flows(), spots),
        known);
  }

  /** What is known of a workload, gone or not; null where it was never ours. */
  @Nullable WorkloadFact fact(Spot spot) {
    Place place = place(spot);
    WorkloadFact fact = state.workloads().get(place);
    return fact == null ? ghosts.get(place) : fact;
  }

  /**
   * Whether a workload is gone: it has no pods, and there were some, or there is traffic of it. Of
   * a cluster that is not ours, or was never read completely, nobody knows.
   */
  boolean ghost(Spot spot) {
    ClusterFact cluster = cluster(spot);
    return (spot.kind() == NodeKind.WORKLOAD || spot.kind() == NodeKind.GATEWAY)
        && cluster != null
        && read(cluster.state())
        && !state.workloads().containsKey(place(spot));
  }

  private static boolean read(SyncState state) {
    return switch (state) {
      case SYNCED, LOST, LAST_KNOWN -> true;
      case SYNCING, REJECTED -> false;
    };
  }

  static Place place(Spot spot) {
    return spot.kind() == NodeKind.OUTSIDE
        ? Place.UNKNOWN
        : new Place(spot.cluster(), spot.namespace(), spot.name());
  }

  /** The way from one card to the other. */
  Path path(Call call) {
    String from = call.source().cluster();
    String to = call.target().cluster();
    if (from.isEmpty() || to.isEmpty()) {
      return Path.UNKNOWN;
    }
    if (from.equals(to)) {
      return Path.LOCAL;
    }
    if (!state.clusters().containsKey(from) || !state.clusters().containsKey(to)) {
      return Path.UNKNOWN;
    }
    return state.networkOf(place(call.source())).equals(state.networkOf(place(call.target())))
        ? Path.DIRECT
        : Path.GATEWAY;
  }

  /** What traffic to a card of another network passes. */
  Optional<NetworkGateway> gateway(Spot target) {
    String network = state.networkOf(place(target));
    return network.isEmpty() || !Names.isLabel(target.cluster())
        ? Optional.empty()
        : snapshot
            .networkGateways()
            .into(new NetworkId(network), new ClusterId(target.cluster()))
            .stream()
            .findFirst();
  }

  @Nullable ClusterFact cluster(Spot spot) {
    return state.clusters().get(spot.cluster());
  }

  /** Not the pods that keep clusters and the mesh itself going. */
  boolean ofUsers(String namespace) {
    return !List.of("kube-system", "kube-public", "kube-node-lease").contains(namespace)
        && !namespace.equals(snapshot.settings().rootNamespace());
  }
}
