package dev.weft.topology.history;

import dev.weft.config.Copies;
import dev.weft.topology.Place;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What differs between what there was and what there is since {@code at}. */
record Changes(
    Instant at,
    Map<String, Move<ClusterFact>> clusters,
    Map<Place, Move<WorkloadFact>> workloads,
    Map<String, Move<ServiceFact>> services) {
  Changes {
    clusters = Copies.map(clusters);
    workloads = Copies.map(workloads);
    services = Copies.map(services);
  }

  /**
   * @param before null where it was not there
   * @param after null where it is gone
   */
  record Move<T>(@Nullable T before, @Nullable T after) {}

  static Changes between(MeshState before, MeshState after, Instant at) {
    return new Changes(
        at,
        moves(before.clusters(), after.clusters()),
        moves(before.workloads(), after.workloads()),
        moves(before.services(), after.services()));
  }

  int size() {
    return clusters.size() + workloads.size() + services.size();
  }

  /** What there is, from what there was. */
  MeshState appliedTo(MeshState before) {
    return new MeshState(
        applied(before.clusters(), clusters),
        applied(before.workloads(), workloads),
        applied(before.services(), services));
  }

  private static <K extends Comparable<K>, T> Map<K, Move<T>> moves(
      Map<K, T> before, Map<K, T> after) {
    Map<K, Move<T>> moves = new TreeMap<>();
    Set<K> keys = new HashSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (K key : keys) {
      T was = before.get(key);
      T is = after.get(key);
      if (!Objects.equals(was, is)) {
        moves.put(key, new Move<>(was, is));
      }
    }
    return moves;
  }

  private static <K extends Comparable<K>, T> Map<K, T> applied(
      Map<K, T> before, Map<K, Move<T>> moves) {
    if (moves.isEmpty()) {
      return before;
    }
    Map<K, T> after = new TreeMap<>(before);
    moves.forEach(
        (key, move) -> {
          if (move.after() == null) {
            after.remove(key);
          } else {
            after.put(key, move.after());
          }
        });
    return after;
  }
}
