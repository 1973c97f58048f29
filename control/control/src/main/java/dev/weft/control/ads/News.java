package dev.weft.control.ads;

import dev.weft.translate.Changes;
import dev.weft.xds.ServerStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a connection was told and has not looked at yet. A proxy that is slow or gone keeps no more
 * than a few references. Thread-safe.
 */
final class News {
  private static final int MAX = 16;

  private final List<Changes> changes = new ArrayList<>();
  private boolean anything;
  private boolean own;
  private long since;

  /**
   * @param nanos when it was published
   */
  synchronized void add(Changes more, long nanos) {
    if (since == 0) {
      since = nanos;
    }
    if (changes.size() < MAX) {
      changes.add(more);
    } else {
      anything = true;
    }
  }

  /**
   * Nobody can say what changed.
   *
   * @param nanos when it was published
   */
  synchronized void addAnything(long nanos) {
    if (since == 0) {
      since = nanos;
    }
    anything = true;
  }

  /** The proxy's own pod, or where it looks from, may have changed. */
  synchronized void addOwn() {
    own = true;
  }

  /** Whether {@link #addOwn} was called since the last time. */
  synchronized boolean takeOwn() {
    boolean taken = own;
    own = false;
    return taken;
  }

  /**
   * Tells the stream.
   *
   * @return when the oldest of it was published; 0 where there is none
   */
  synchronized long handTo(ServerStream stream) {
    if (anything) {
      stream.anythingMayHaveChanged();
    } else {
      changes.forEach(one -> one.names().forEach(stream::mayHaveChanged));
    }
    long oldest = since;
    changes.clear();
    anything = false;
    since = 0;
    return oldest;
  }
}
