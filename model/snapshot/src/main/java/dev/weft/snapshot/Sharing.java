package dev.weft.snapshot;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the identity of what did not change. */
final class Sharing {
  private Sharing() {}

  static <T> T value(T now, T before) {
    return now.equals(before) ? before : now;
  }

  static <K, V> Map<K, V> map(Map<K, V> now, Map<K, V> before) {
    Map<K, V> shared = new LinkedHashMap<>();
    boolean same = now.size() == before.size();
    for (Map.Entry<K, V> entry : now.entrySet()) {
      V old = before.get(entry.getKey());
      boolean kept = entry.getValue().equals(old);
      same &= kept;
      shared.put(entry.getKey(), kept && old != null ? old : entry.getValue());
    }
    return same ? before : shared;
  }
}
