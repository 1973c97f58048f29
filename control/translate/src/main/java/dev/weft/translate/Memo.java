package dev.weft.translate;

import dev.weft.xds.VersionedResource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Remembers what was made of equal inputs, for all proxies. What nobody asked for in this
 * generation or the one before is forgotten: a route table of a big mesh weighs megabytes, so that
 * a number of entries alone is no bound. Thread-safe.
 */
final class Memo<I> {
  private final Function<I, VersionedResource> translator;
  private final int most;
  private final Object lock = new Object();
  private Map<I, VersionedResource> current = new HashMap<>();
  private Map<I, VersionedResource> previous = Map.of();
  private long misses;

  /**
   * @param translator pure
   * @param most how many results of one generation are kept; more begin another
   */
  Memo(int most, Function<I, VersionedResource> translator) {
    this.translator = translator;
    this.most = most;
  }

  VersionedResource get(I input) {
    synchronized (lock) {
      VersionedResource known = current.get(input);
      if (known != null) {
        return known;
      }
      known = previous.get(input);
      if (known != null) {
        keep(input, known);
        return known;
      }
    }
    // Outside the lock: two threads may do the same work once, but none waits for another's.
    VersionedResource resource = translator.apply(input);
    synchronized (lock) {
      misses++;
      keep(input, resource);
    }
    return resource;
  }

  private void keep(I input, VersionedResource resource) {
    if (current.size() >= most) {
      nextGeneration();
    }
    current.put(input, resource);
  }

  /** Forgets what was not asked for since the last call. */
  void nextGeneration() {
    synchronized (lock) {
      previous = current;
      current = new HashMap<>();
    }
  }

  /** How often something was translated. */
  long misses() {
    synchronized (lock) {
      return misses;
    }
  }

  /** How many results are kept. */
  int size() {
    synchronized (lock) {
      return current.size()
          + (int) previous.keySet().stream().filter(i -> !current.containsKey(i)).count();
    }
  }
}
