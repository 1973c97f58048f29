package dev.weft.xds;

import java.util.HashSet;
import java.util.Set;

/**
 * The names of one type whose resources may differ from what the client holds: none, some or all.
 * Confined to the owner of the stream.
 */
final class Suspects {
  private Set<String> some = Set.of();
  private boolean all;

  /**
   * @param max how many names are worth telling apart; more are all
   */
  void add(String name, int max) {
    if (all) {
      return;
    }
    if (some.isEmpty()) {
      some = new HashSet<>();
    }
    some.add(name);
    if (some.size() > max) {
      addAll();
    }
  }

  void addAll() {
    all = true;
    some = Set.of();
  }

  void clear() {
    all = false;
    some = Set.of();
  }

  boolean isEmpty() {
    return !all && some.isEmpty();
  }

  boolean all() {
    return all;
  }

  /** Where they are not all. */
  Set<String> some() {
    return some;
  }
}
