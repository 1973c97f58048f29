package dev.weft.access;

import java.util.List;

/**
 * Calls by one of the callers for one of the things.
 *
 * @param what at least one
 * @param who at least one
 */
public record AccessPolicy(String name, List<Criterion> what, List<Criterion> who) {
  public AccessPolicy {
    what = List.copyOf(what);
    who = List.copyOf(who);
  }

  boolean matches(AccessView view) {
    return one(what, view) && one(who, view);
  }

  private static boolean one(List<Criterion> criteria, AccessView view) {
    for (Criterion criterion : criteria) {
      if (criterion.matches(view)) {
        return true;
      }
    }
    return false;
  }
}
