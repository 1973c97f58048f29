package dev.weft.routing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lower-case host names to values, looked up by a part of a text without allocating. */
final class HostIndex<V> {
  private final @Nullable String[] keys;
  private final @Nullable Object[] values;
  private final int mask;

  HostIndex(Map<String, V> entries) {
    int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, entries.size()) * 2 - 1) * 2);
    keys = new @Nullable String[capacity];
    values = new @Nullable Object[capacity];
    mask = capacity - 1;
    entries.forEach(
        (key, value) -> {
          int at = hash(key, 0, key.length()) & mask;
          while (keys[at] != null) {
            at = (at + 1) & mask;
          }
          keys[at] = key;
          values[at] = value;
        });
  }

  @SuppressWarnings("unchecked")
  @Nullable V find(CharSequence text, int from, int to) {
    int at = hash(text, from, to) & mask;
    while (true) {
      String key = keys[at];
      if (key == null) {
        return null;
      }
      if (Text.equal(text, from, to, key, true)) {
        return (V) values[at];
      }
      at = (at + 1) & mask;
    }
  }

  private static int hash(CharSequence text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + Text.lower(text.charAt(i));
    }
    return hash ^ (hash >>> 15);
  }
}
