package dev.weft.traffic;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of a mapping in a test's file. One that nobody asked for is a mistake in the file. */
final class Words {
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();

  Words(Object fields) {
    if (!(fields instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("no fields: " + fields);
    }
    map.forEach((key, value) -> this.fields.put(key.toString(), value));
  }

  boolean has(String key) {
    asked.add(key);
    return fields.containsKey(key);
  }

  String text(String key, String otherwise) {
    asked.add(key);
    Object value = fields.get(key);
    return value == null ? otherwise : value.toString();
  }

  int number(String key, int otherwise) {
    return Integer.parseInt(text(key, String.valueOf(otherwise)));
  }

  boolean flag(String key) {
    return Boolean.parseBoolean(text(key, "false"));
  }

  List<Object> list(String key) {
    asked.add(key);
    return fields.get(key) instanceof List<?> list ? List.copyOf(list) : List.of();
  }

  List<String> texts(String key) {
    return list(key).stream().map(Object::toString).toList();
  }

  Map<String, Object> map(String key) {
    asked.add(key);
    Map<String, Object> map = new LinkedHashMap<>();
    if (fields.get(key) instanceof Map<?, ?> inner) {
      inner.forEach((name, value) -> map.put(name.toString(), value));
    }
    return map;
  }

  /** Fields that say nothing here. */
  void known(String... keys) {
    asked.addAll(List.of(keys));
  }

  /** All of them. */
  Map<String, Object> all() {
    return new LinkedHashMap<>(fields);
  }

  /** Fails where a field was not asked for. */
  void done() {
    Set<String> left = new HashSet<>(fields.keySet());
    left.removeAll(asked);
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("nothing is known of " + left + " in " + fields);
    }
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
