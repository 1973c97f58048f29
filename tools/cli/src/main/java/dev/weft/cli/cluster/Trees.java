package dev.weft.cli.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reading and merging of untyped object trees. */
final class Trees {
  private Trees() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> child(Map<String, Object> tree, String key) {
    return tree.get(key) instanceof Map<?, ?> m ? (Map<String, Object>) m : Map.of();
  }

  static String text(Map<String, Object> tree, String key) {
    Object value = tree.get(key);
    return value == null ? "" : value.toString();
  }

  /** A copy of {@code base} in which maps are merged and other values replaced. */
  static Map<String, Object> merged(Map<String, Object> base, Map<String, Object> change) {
    Map<String, Object> result = new LinkedHashMap<>(base);
    change.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?>) {
            result.put(key, merged(child(base, key), child(change, key)));
          } else {
            result.put(key, value);
          }
        });
    return result;
  }
}
