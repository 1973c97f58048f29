package dev.weft.translate;

import dev.weft.xds.VersionedResource;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * What was made of equal inputs, for all proxies, for as long as anybody serves it: the result is
 * held weakly, so that what nobody has any more is gone, whatever its size. Thread-safe.
 *
 * @param <I> a record of everything that the translator reads
 */
final class Memo<I> {
  private final Function<I, VersionedResource> translator;
  private final Map<I, Kept<I>> kept = new ConcurrentHashMap<>();
  private final ReferenceQueue<VersionedResource> gone = new ReferenceQueue<>();
  private final LongAdder translations = new LongAdder();

  private static final class Kept<I> extends WeakReference<VersionedResource> {
    private final I input;

    Kept(I input, VersionedResource resource, ReferenceQueue<VersionedResource> gone) {
      super(resource, gone);
      this.input = input;
    }
  }

  /**
   * @param translator pure
   */
  Memo(Function<I, VersionedResource> translator) {
    this.translator = translator;
  }

  /** The same object for equal inputs, as long as somebody holds it. */
  VersionedResource get(I input) {
    forgetTheGone();
    Kept<I> known = kept.get(input);
    VersionedResource resource = known == null ? null : known.get();
    if (resource != null) {
      return resource;
    }
    // Outside of any lock: two threads may do the same work once, but none waits for another's.
    VersionedResource made = translator.apply(input);
    translations.increment();
    Kept<I> mine = new Kept<>(input, made, gone);
    while (true) {
      Kept<I> other = kept.putIfAbsent(input, mine);
      if (other == null) {
        return made;
      }
      VersionedResource theirs = other.get();
      if (theirs != null) {
        return theirs;
      }
      kept.remove(input, other);
    }
  }

  private void forgetTheGone() {
    Object reference = gone.poll();
    while (reference instanceof Kept<?> one) {
      kept.remove(one.input, one);
      reference = gone.poll();
    }
  }

  /** How often something was translated. */
  long translations() {
    return translations.sum();
  }

  /** How many results are in use, or were until the last garbage collection. */
  int size() {
    forgetTheGone();
    return kept.size();
  }
}
