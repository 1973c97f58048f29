package dev.weft.translate;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was made of equal inputs, for all proxies, for as long as anybody serves it: the result is
 * held weakly, so that what nobody has any more is gone, whatever its size. Thread-safe.
 *
 * @param <I> a record of everything that the translator reads
 * @param <R> what it makes, a resource or a part of several
 */
final class Memo<I, R> {
  private final Function<I, R> translator;
  private final ReferenceQueue<R> gone = new ReferenceQueue<>();
  // The following is guarded by this.
  private final Map<Key<I>, Kept<I, R>> kept = new HashMap<>();
  private long translations;

  /** Inputs are deep: their hash is computed once, and not while others wait. */
  private record Key<I>(I input, int hash) {
    Key(I input) {
      this(input, input.hashCode());
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key<?> key && hash == key.hash && input.equals(key.input);
    }
  }

  private static final class Kept<I, R> extends WeakReference<R> {
    private final Key<I> key;

    Kept(Key<I> key, R result, ReferenceQueue<R> gone) {
      super(result, gone);
      this.key = key;
    }
  }

  /**
   * @param translator pure
   */
  Memo(Function<I, R> translator) {
    this.translator = translator;
  }

  /** The same object for equal inputs, as long as somebody holds it. */
  R get(I input) {
    Key<I> key = new Key<>(input);
    synchronized (this) {
      R known = known(key);
      if (known != null) {
        return known;
      }
    }
    // Outside of the lock: two threads may do the same work once, but none waits for another's.
    R made = translator.apply(input);
    synchronized (this) {
      translations++;
      R theirs = known(key);
      if (theirs != null) {
        return theirs;
      }
      kept.put(key, new Kept<>(key, made, gone));
      return made;
    }
  }

  private @Nullable R known(Key<I> key) {
    forgetTheGone();
    Kept<I, R> known = kept.get(key);
    return known == null ? null : known.get();
  }

  private void forgetTheGone() {
    Object reference = gone.poll();
    while (reference instanceof Kept<?, ?> one) {
      // Its place may have been taken by a later result for the same input.
      kept.remove(one.key, one);
      reference = gone.poll();
    }
  }

  /** How often something was translated. */
  synchronized long translations() {
    return translations;
  }

  /** How many results are in use, or were until the last garbage collection. */
  synchronized int size() {
    forgetTheGone();
    return kept.size();
  }
}
