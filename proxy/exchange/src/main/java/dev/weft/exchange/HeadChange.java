package dev.weft.exchange;

import dev.weft.access.Claims;
import dev.weft.access.JwtDecision;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderEdits.Action;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
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

  /** By configured edits, one after the other, of a request as it is by now. */
  static HeadChange of(List<HeaderEdits> all, Asked request) {
    Set<String> removed = new LinkedHashSet<>();
    Map<String, String> set = new LinkedHashMap<>();
    for (HeaderEdits edits : all) {
      removed.addAll(edits.remove());
      set.keySet().removeAll(edits.remove());
      for (HeaderEdits.Edit edit : edits.edits()) {
        String name = edit.name();
        String value = edit.formatted() ? request.expand(edit.value()) : edit.value();
        CharSequence before = removed.contains(name) ? null : request.request().header(name);
        String now = set.getOrDefault(name, before == null ? null : before.toString());
        boolean counts = !value.isEmpty() || edit.keepEmpty();
        if (counts && edit.action().applies(now != null)) {
          boolean joins = now != null && edit.action() == Action.APPEND_IF_EXISTS_OR_ADD;
          set.put(name, joins ? now + "," + value : value);
        }
      }
    }
    return of(removed, set);
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
