package dev.weft.snapshot;

import java.util.List;

/** The rule of {@code exportTo}. */
public final class Visibility {
  private Visibility() {}

  /**
   * Whether an object is for a namespace.
   *
   * @param exportTo namespace names, {@code .} for the object's own, {@code *} for all, {@code ~}
   *     for none; empty means all
   */
  public static boolean visible(List<String> exportTo, String own, String namespace) {
    if (exportTo.isEmpty()) {
      return true;
    }
    for (String to : exportTo) {
      if (to.equals("*") || (to.equals(".") ? own.equals(namespace) : to.equals(namespace))) {
        return true;
      }
    }
    return false;
  }
}
