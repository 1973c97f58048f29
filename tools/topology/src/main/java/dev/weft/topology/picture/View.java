package dev.weft.topology.picture;

import dev.weft.config.Copies;
import java.time.Duration;
import java.util.Set;

/**
 * What somebody wants to see.
 *
 * @param clusters empty for all
 * @param namespaces empty for all; what they speak with is shown too
 * @param services whether host names are stops on the way
 * @param boxes whether namespaces are boxes
 * @param idle whether what has no traffic is shown
 * @param window over which traffic was counted, above zero
 */
public record View(
    Level level,
    Set<String> clusters,
    Set<String> namespaces,
    boolean services,
    boolean boxes,
    boolean idle,
    Duration window) {
  public View {
    clusters = Copies.set(clusters);
    namespaces = Copies.set(namespaces);
    if (!window.isPositive()) {
      throw new IllegalArgumentException("the window is " + window + ", but must be above zero");
    }
  }

  /** Workloads of everything, with what is idle. */
  public static View all(Duration window) {
    return new View(Level.WORKLOAD, Set.of(), Set.of(), false, true, true, window);
  }

  /** For each second of the window. */
  double perSecond(long count) {
    return count * 1000.0 / window.toMillis();
  }

  /** Whether a card is of its clusters and namespaces. */
  boolean sees(Spot spot) {
    return (clusters.isEmpty() || clusters.contains(spot.cluster()))
        && (namespaces.isEmpty() || namespaces.contains(spot.namespace()));
  }
}
