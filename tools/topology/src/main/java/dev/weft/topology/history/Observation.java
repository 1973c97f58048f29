package dev.weft.topology.history;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Traffic;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What is to be seen at a moment.
 *
 * @param at not before that of the observation before
 * @param traffic of the seconds before; some ten of them show a move soon and without noise
 * @param rejections that stand now
 * @param others what else happened since, which no snapshot shows
 */
public record Observation(
    Instant at,
    MeshSnapshot snapshot,
    Traffic traffic,
    Set<Rejection> rejections,
    List<Happening> others) {
  public Observation {
    rejections = Set.copyOf(rejections);
    others = List.copyOf(others);
  }

  /**
   * That a proxy does not take what it was sent.
   *
   * @param node of the picture that it belongs to: {@code cluster/namespace/workload}; empty where
   *     not known
   * @param proxy its id
   * @param type of the resources, such as {@code CDS}
   * @param message what it said
   */
  public record Rejection(String node, String proxy, String type, String message) {
    static final Comparator<Rejection> ORDER =
        Comparator.comparing(Rejection::proxy)
            .thenComparing(Rejection::type)
            .thenComparing(Rejection::message);
  }
}
