package dev.weft.traffic;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A rule, and what it means.
 *
 * @param weighted whether localities count by weight and not by their pods
 * @param levels from the first priority to the last; localities in none of them get nothing
 */
record LocalityCase(String name, String client, String rule, boolean weighted, List<Level> levels) {
  static LocalityCase of(
      String name, String client, String rule, boolean weighted, String... levels) {
    return new LocalityCase(
        name, client, rule, weighted, Arrays.stream(levels).map(Level::of).toList());
  }

  /**
   * Localities of one priority.
   *
   * @param weights by letter
   */
  record Level(Map<String, Integer> weights) {
    /** {@code "a=2 b=1"}; no number means 1. */
    static Level of(String text) {
      Map<String, Integer> weights = new TreeMap<>();
      for (String part : text.split(" ")) {
        String[] pair = part.split("=");
        weights.put(pair[0], pair.length == 2 ? Integer.parseInt(pair[1]) : 1);
      }
      return new Level(weights);
    }

    Set<String> pods() {
      Set<String> pods = new HashSet<>();
      weights.keySet().forEach(l -> pods.addAll(List.of(l + "1", l + "2")));
      return pods;
    }
  }
}
