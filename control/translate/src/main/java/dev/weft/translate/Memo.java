package dev.weft.translate;

import dev.weft.xds.VersionedResource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Remembers what was made of equal inputs, for all proxies. Thread-safe and bounded: the inputs
 * that were not asked for the longest are forgotten.
 */
final class Memo<I> {
  private final Function<I, VersionedResource> translator;
  private final int most;
  private final Map<I, VersionedResource> made;
  private long misses;

  /**
   * @param translator pure
   * @param most how many results are kept
   */
  Memo(int most, Function<I, VersionedResource> translator) {
    this.translator = translator;
    this.most = most;
    this.made = new LinkedHashMap<>(16, 0.75f, true);
  }

  VersionedResource get(I input) {
    synchronized (made) {
      VersionedResource known = made.get(input);
      if (known != null) {
        return known;
      }
    }
    // Outside the lock: two threads may do the same work once, but none waits for another's.
    VersionedResource resource = translator.apply(input);
    synchronized (made) {
      misses++;
      made.put(input, resource);
      if (made.size() > most) {
        made.remove(made.keySet().iterator().next());
      }
    }
    return resource;
  }

  /** How often something was translated. */
  long misses() {
    synchronized (made) {
      return misses;
    }
  }
}
