package dev.weft.traffic;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tree that remembers the paths that its reader asked for, there or not. */
final class AskedFields extends AbstractMap<String, Object> {
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final String path;
  private final Set<String> asked;

  /**
   * @param asked gets the paths, without indices of lists
   */
  AskedFields(Map<?, ?> tree, Set<String> asked) {
    this("", tree, asked);
  }

  private AskedFields(String path, Map<?, ?> tree, Set<String> asked) {
    this.path = path;
    this.asked = asked;
    tree.forEach((key, value) -> fields.put(key.toString(), wrapped(at(key), value)));
  }

  private String at(Object key) {
    return path.isEmpty() ? key.toString() : path + "." + key;
  }

  private @Nullable Object wrapped(String at, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map -> new AskedFields(at, map, asked);
      case List<?> list -> list.stream().map(each -> wrapped(at, each)).toList();
      default -> value;
    };
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    asked.add(at(String.valueOf(key)));
    return fields.get(key);
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    return fields.entrySet();
  }
}
