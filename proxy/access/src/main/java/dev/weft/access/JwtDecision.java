package dev.weft.access;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the tokens of a request mean for it. */
public sealed interface JwtDecision {
  /**
   * It may go on.
   *
   * @param removed headers that it loses, in lower case
   * @param added headers that it gets, by name in lower case
   * @param target its new target without tokens; null where it stays as it is
   */
  record Passed(
      Claims claims, Set<String> removed, Map<String, String> added, @Nullable String target)
      implements JwtDecision {
    public Passed {
      removed = Set.copyOf(removed);
      added = Map.copyOf(added);
    }
  }

  /** It is answered. */
  record Refused(JwtStatus status) implements JwtDecision {}
}
