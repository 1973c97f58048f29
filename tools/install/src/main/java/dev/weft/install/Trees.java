package dev.weft.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading, merging and writing of trees of maps, lists and scalars. */
final class Trees {
  private Trees() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(@Nullable Object value) {
    return value instanceof Map<?, ?> m ? (Map<String, Object>) m : Map.of();
  }

  static List<?> list(@Nullable Object value) {
    return value instanceof List<?> l ? l : List.of();
  }

  static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  /** What lies at that path, or null. */
  static @Nullable Object at(Map<String, Object> tree, String... path) {
    Object value = tree;
    for (String key : path) {
      value = map(value).get(key);
    }
    return value;
  }

  /** A copy with the value at that path. */
  static Map<String, Object> with(Map<String, Object> tree, Object value, String... path) {
    Map<String, Object> change = new LinkedHashMap<>();
    Map<String, Object> inner = change;
    for (int i = 0; i < path.length - 1; i++) {
      Map<String, Object> next = new LinkedHashMap<>();
      inner.put(path[i], next);
      inner = next;
    }
    inner.put(path[path.length - 1], value);
    return merged(tree, change);
  }

  /**
   * A copy of {@code base} in which maps are merged and other values replaced; lists whose elements
   * have names are merged by them, as gateways are.
   */
  static Map<String, Object> merged(Map<String, Object> base, Map<String, Object> change) {
    Map<String, Object> result = new LinkedHashMap<>(base);
    change.forEach((key, value) -> result.put(key, merged(base.get(key), value)));
    return result;
  }

  private static Object merged(@Nullable Object base, Object change) {
    if (change instanceof Map<?, ?>) {
      return merged(map(base), map(change));
    }
    if (change instanceof List<?> changes && base instanceof List<?> bases) {
      boolean named =
          changes.stream().allMatch(e -> map(e).get("name") != null)
              && bases.stream().allMatch(e -> map(e).get("name") != null);
      return named ? byName(bases, changes) : change;
    }
    return change;
  }

  private static List<Object> byName(List<?> bases, List<?> changes) {
    Map<Object, Object> elements = new LinkedHashMap<>();
    for (Object each : bases) {
      elements.put(Trees.text(map(each).get("name")), each);
    }
    for (Object each : changes) {
      elements.merge(
          Trees.text(map(each).get("name")), each, (old, own) -> merged(map(old), map(own)));
    }
    return new ArrayList<>(elements.values());
  }
}
