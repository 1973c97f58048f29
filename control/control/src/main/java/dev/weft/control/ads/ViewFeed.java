package dev.weft.control.ads;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.translate.Changes;
import dev.weft.translate.ViewResources;
import dev.weft.translate.Viewpoint;
import dev.weft.xds.Resources;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the proxies of one viewpoint look at: kept up to date once for all of them, and each is told
 * of what concerns it. Snapshots that follow each other quickly are taken as one. Thread-safe.
 */
final class ViewFeed {
  private static final Logger LOG = LoggerFactory.getLogger(ViewFeed.class);

  /**
   * @param nanos when the oldest part of it was published
   */
  private record Pending(MeshSnapshot snapshot, SnapshotDelta delta, long nanos) {
    Pending and(Pending later) {
      return new Pending(later.snapshot, delta.and(later.delta), nanos);
    }
  }

  private final Viewpoint at;
  private final BiFunction<Viewpoint, MeshSnapshot, ViewResources> views;
  private final Semaphore workers;
  private final Set<Onlooker> onlookers = ConcurrentHashMap.newKeySet();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  // Guarded by the lock; null before the first.
  private @Nullable ViewResources resources;
  // Held while there is something to catch up with, which also guards the next field.
  private final ReentrantLock advancing = new ReentrantLock();
  private boolean broken;
  // Guarded by this.
  private @Nullable Pending pending;

  /**
   * @param views gives what is seen from a viewpoint of a snapshot
   * @param workers how much is translated at the same time
   */
  ViewFeed(
      Viewpoint at, BiFunction<Viewpoint, MeshSnapshot, ViewResources> views, Semaphore workers) {
    this.at = at;
    this.views = views;
    this.workers = workers;
  }

  Viewpoint at() {
    return at;
  }

  /** From now on told of what changes. */
  void add(Onlooker onlooker) {
    onlookers.add(onlooker);
  }

  /** Whether it was the last one. */
  boolean remove(Onlooker onlooker) {
    onlookers.remove(onlooker);
    return onlookers.isEmpty();
  }

  /** There is a later snapshot; {@link #catchUp} goes on to it. */
  synchronized void post(MeshSnapshot snapshot, SnapshotDelta delta, long nanos) {
    Pending next = new Pending(snapshot, delta, nanos);
    pending = pending == null ? next : pending.and(next);
  }

  private synchronized @Nullable Pending take() {
    Pending taken = pending;
    pending = null;
    return taken;
  }

  private synchronized boolean behind() {
    return pending != null;
  }

  /**
   * Returns when everything that was posted before the call has been dealt with. Where it cannot be
   * made, those who are here keep what they have until there is a later snapshot.
   *
   * @throws RuntimeException where it cannot be made and nobody has anything yet
   */
  void catchUp() throws InterruptedException {
    advancing.lockInterruptibly();
    try {
      if (!behind()) {
        return;
      }
      workers.acquire();
      try {
        Pending next = Objects.requireNonNull(take());
        follow(next);
      } finally {
        workers.release();
      }
    } finally {
      advancing.unlock();
    }
  }

  private void follow(Pending next) {
    ViewResources known = resources;
    try {
      if (known == null || broken) {
        // What failed in the middle is of no use any more; what is new stays apart until it is
        // whole.
        become(views.apply(at, next.snapshot()));
        onlookers.forEach(onlooker -> onlooker.anythingChanged(next.nanos()));
      } else {
        Changes changes = advance(known, next);
        if (!changes.isEmpty()) {
          onlookers.forEach(onlooker -> onlooker.changed(changes, next.nanos()));
        }
      }
      broken = false;
    } catch (RuntimeException e) {
      broken = true;
      if (known == null) {
        post(next.snapshot(), next.delta(), next.nanos());
        throw e;
      }
      LOG.error(
          "snapshot {} cannot be made into what proxies at {} are served; they keep what they have",
          next.snapshot().version(),
          at,
          e);
    }
  }

  private void become(ViewResources anew) {
    lock.writeLock().lock();
    try {
      resources = anew;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private Changes advance(ViewResources known, Pending next) {
    lock.writeLock().lock();
    try {
      return known.advance(next.snapshot(), next.delta());
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Lets a reader see one state; it must not keep what it is given. After {@link #catchUp}. */
  <T> T read(Function<Resources, T> reader) {
    lock.readLock().lock();
    try {
      return reader.apply(Objects.requireNonNull(resources));
    } finally {
      lock.readLock().unlock();
    }
  }
}
