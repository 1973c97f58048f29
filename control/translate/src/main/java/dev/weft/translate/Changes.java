package dev.weft.translate;

import dev.weft.xds.XdsType;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which resources differ from what they were: new, gone or of another version.
 *
 * @param names by type, of those types that have any
 */
public record Changes(Map<XdsType, Set<String>> names) {
  public static final Changes NONE = new Changes(Map.of());

  public Changes {
    Map<XdsType, Set<String>> copy = new EnumMap<>(XdsType.class);
    names.forEach((type, some) -> copy.put(type, Collections.unmodifiableSet(some)));
    names = Collections.unmodifiableMap(copy);
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  /** Collects names; for use by one thread, once. */
  static final class Builder {
    private final Map<XdsType, Set<String>> names = new EnumMap<>(XdsType.class);

    void addAll(Changes others) {
      others.names().forEach((type, some) -> some.forEach(name -> add(type, name)));
    }

    void add(XdsType type, String name) {
      names.computeIfAbsent(type, t -> new TreeSet<>()).add(name);
    }

    Changes build() {
      return names.isEmpty() ? NONE : new Changes(names);
    }
  }
}
