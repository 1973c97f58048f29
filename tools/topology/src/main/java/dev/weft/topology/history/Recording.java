package dev.weft.topology.history;

import dev.weft.topology.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there was within the last hour: what is known the longest, and every change since. A value.
 *
 * @param oldest what there was before the first of the changes
 * @param changes the oldest first
 * @param newest what there is after the last of them
 */
record Recording(MeshState oldest, List<Changes> changes, MeshState newest) {
  static final Recording EMPTY = new Recording(MeshState.NOTHING, List.of(), MeshState.NOTHING);

  /** Changes of single things, some 200 bytes each. */
  private static final int MAX = 100_000;

  Recording {
    changes = List.copyOf(changes);
  }

  /**
   * With what there is now.
   *
   * @param latest from the newest to it
   * @param reach what is older melts into the oldest
   */
  Recording with(Changes latest, MeshState now, Duration reach) {
    Instant at = latest.at();
    List<Changes> kept = new ArrayList<>(changes);
    if (latest.size() > 0) {
      kept.add(latest);
    }
    MeshState base = oldest;
    int size = kept.stream().mapToInt(Changes::size).sum();
    while (!kept.isEmpty() && (size > MAX || kept.getFirst().at().isBefore(at.minus(reach)))) {
      Changes first = kept.removeFirst();
      size -= first.size();
      base = first.appliedTo(base);
    }
    // Its maps are shared with the changes, where a fresh one would be kept beside them.
    return new Recording(base, kept, latest.size() > 0 ? now : newest);
  }

  /** What there was at a moment; before all that is known, the oldest. */
  MeshState at(Instant moment) {
    MeshState state = oldest;
    for (Changes each : changes) {
      if (each.at().isAfter(moment)) {
        break;
      }
      state = each.appliedTo(state);
    }
    return state;
  }

  /** Workloads that were there after {@code from} and were not at {@code to}, as they last were. */
  Map<Place, WorkloadFact> lost(Instant from, Instant to) {
    Map<Place, WorkloadFact> lost = new TreeMap<>();
    for (Changes each : changes) {
      if (each.at().isAfter(to)) {
        break;
      }
      each.workloads()
          .forEach(
              (place, move) -> {
                WorkloadFact before = move.before();
                if (move.after() != null) {
                  lost.remove(place);
                } else if (before != null && each.at().isAfter(from)) {
                  lost.put(place, before);
                }
              });
    }
    return lost;
  }
}
