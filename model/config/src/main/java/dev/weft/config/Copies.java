package dev.weft.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Immutable copies that keep the order of their source, because bytes that depend on the order must
 * be the same in every run ({@link Map#copyOf} and {@link Set#copyOf} iterate in an order of their
 * own).
 */
public final class Copies {
  private Copies() {}

  public static <K, V> Map<K, V> map(Map<K, V> source) {
    return source.isEmpty()
        ? Collections.emptyMap()
        : Collections.unmodifiableMap(new LinkedHashMap<>(source));
  }

  public static <E> Set<E> set(Iterable<E> source) {
    Set<E> copy = new LinkedHashSet<>();
    source.forEach(copy::add);
    return Collections.unmodifiableSet(copy);
  }
}
