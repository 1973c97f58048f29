package dev.weft.translate;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * One object for all that are equal, for as long as somebody holds it. Thread-safe.
 *
 * @param <T> immutable
 */
final class Interner<T> {
  // Guarded by this.
  private final Map<T, WeakReference<T>> known = new WeakHashMap<>();

  /** The first of those that are equal to the value. */
  synchronized T intern(T value) {
    WeakReference<T> reference = known.get(value);
    T first = reference == null ? null : reference.get();
    if (first != null) {
      return first;
    }
    known.put(value, new WeakReference<>(value));
    return value;
  }
}
