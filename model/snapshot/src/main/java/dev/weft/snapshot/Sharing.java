package dev.weft.snapshot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the identity of what did not change. */
final class Sharing {
  private Sharing() {}

  static <T> T value(T now, @Nullable T before) {
    return before != null && now.equals(before) ? before : now;
  }

  /** For maps that are small. */
  static <K, V> Map<K, V> map(Map<K, V> now, Map<K, V> before) {
    Map<K, V> shared = new LinkedHashMap<>();
    now.forEach((key, value) -> shared.put(key, value(value, before.get(key))));
    return shared.equals(before) ? before : shared;
  }
}
