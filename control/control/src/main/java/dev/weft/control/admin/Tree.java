package dev.weft.control.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the trees that become JSON. */
public final class Tree {
  private Tree() {}

  /** An object with the entries in the order given: name, value, name, value … */
  public static Map<String, Object> of(Object... entries) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      tree.put(String.valueOf(entries[i]), entries[i + 1]);
    }
    return tree;
  }
}
