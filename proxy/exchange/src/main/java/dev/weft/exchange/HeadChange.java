package dev.weft.exchange;

import dev.weft.access.Claims;
import dev.weft.access.JwtDecision;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What filters make of the head of a request: routes, rules and endpoints see it so.
 *
 * @param removed headers that were received and do not count any more, in lower case
 * @param added headers that it gets, by name in lower case
 * @param target its new target; null where it stays as it is
 * @param claims of verified tokens; null where there are none
 */
public record HeadChange(
    Set<String> removed,
    Map<String, String> added,
    @Nullable String target,
    @Nullable Claims claims) {
  public HeadChange {
    removed = Set.copyOf(removed);
    added = Map.copyOf(added);
  }

  /** By tokens. */
  static HeadChange of(JwtDecision.Passed passed) {
    return new HeadChange(passed.removed(), passed.added(), passed.target(), passed.claims());
  }

  /** By headers that take the place of what was received. */
  static HeadChange of(Set<String> removed, Map<String, String> set) {
    Set<String> gone = new LinkedHashSet<>(removed);
    gone.addAll(set.keySet());
    return new HeadChange(gone, set, null, null);
  }

  /** Whether nothing changes. */
  boolean isEmpty() {
    return removed.isEmpty() && added.isEmpty() && target == null && claims == null;
  }

  /** This, and then another one. */
  public HeadChange then(HeadChange other) {
    Set<String> gone = new LinkedHashSet<>(removed);
    gone.addAll(other.removed);
    Map<String, String> more = new LinkedHashMap<>(added);
    more.keySet().removeAll(other.removed);
    more.putAll(other.added);
    return new HeadChange(
        gone,
        more,
        other.target == null ? target : other.target,
        other.claims == null ? claims : other.claims);
  }
}
