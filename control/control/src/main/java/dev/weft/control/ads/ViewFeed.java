package dev.weft.control.ads;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.translate.Changes;
import dev.weft.translate.ViewResources;
import dev.weft.translate.Viewpoint;
import dev.weft.xds.Resources;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the proxies of one viewpoint look at: kept up to date once for all of them, and each is told
 * of what concerns it. Snapshots that follow each other quickly are taken as one. Thread-safe.
 */
final class ViewFeed {
  /**
   * @param nanos when the oldest part of it was published
   */
  private record Pending(MeshSnapshot snapshot, SnapshotDelta delta, long nanos) {
    Pending and(Pending later) {
      return new Pending(later.snapshot, delta.and(later.delta), nanos);
    }
  }

  // Guarded by the lock.
  private final ViewResources resources;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Semaphore workers;
  private final Set<AdsConnection> connections = ConcurrentHashMap.newKeySet();
  private final ReentrantLock advancing = new ReentrantLock();
  // Guarded by this.
  private @Nullable Pending pending;

  /**
   * @param workers how much is translated at the same time
   */
  ViewFeed(ViewResources resources, Semaphore workers) {
    this.resources = resources;
    this.workers = workers;
  }

  Viewpoint at() {
    return resources.at();
  }

  /** From now on told of what changes. */
  void add(AdsConnection connection) {
    connections.add(connection);
  }

  /** Whether it was the last one. */
  boolean remove(AdsConnection connection) {
    connections.remove(connection);
    return connections.isEmpty();
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

  /** Returns when everything that was posted before the call has been dealt with. */
  void catchUp() throws InterruptedException {
    advancing.lockInterruptibly();
    try {
      Pending next = take();
      if (next == null) {
        return;
      }
      Changes changes;
      workers.acquire();
      try {
        changes = advance(next);
      } finally {
        workers.release();
      }
      if (!changes.isEmpty()) {
        connections.forEach(connection -> connection.changed(changes, next.nanos()));
      }
    } finally {
      advancing.unlock();
    }
  }

  private Changes advance(Pending next) {
    lock.writeLock().lock();
    try {
      return resources.advance(next.snapshot(), next.delta());
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Lets a reader see one state; it must not keep what it is given. */
  <T> T read(Function<Resources, T> reader) {
    lock.readLock().lock();
    try {
      return reader.apply(resources);
    } finally {
      lock.readLock().unlock();
    }
  }
}
