package dev.weft.control.ads;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.translate.PolicyReads;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.Translation;
import dev.weft.translate.Viewpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who looks at the mesh from where. Proxies of equal viewpoints share a feed; a snapshot is handed
 * to every feed, and of the proxies only those hear of it whose own pod it touches. Thread-safe.
 */
final class Views {
  private static final Logger LOG = LoggerFactory.getLogger(Views.class);

  private final Translation translation;
  private final Semaphore workers;
  private final Executor threads;
  // The following is guarded by this.
  private final Map<Viewpoint, ViewFeed> feeds = new HashMap<>();
  private final Map<WorkloadKey, Set<AdsConnection>> byPod = new HashMap<>();
  private volatile @Nullable Published latest;

  Views(Translation translation, Semaphore workers, Executor threads) {
    this.translation = translation;
    this.workers = workers;
    this.threads = threads;
  }

  /** Null until there is a first snapshot: until then nobody is answered. */
  @Nullable Published latest() {
    return latest;
  }

  /** There is a new snapshot. Returns quickly; the work is done on other threads. */
  synchronized void publish(MeshSnapshot snapshot, SnapshotDelta delta) {
    Published before = latest;
    long now = System.nanoTime();
    PolicyReads reads =
        before == null || mayReadElse(delta) ? PolicyReads.of(snapshot) : before.reads();
    latest = new Published(snapshot, reads, now);
    for (ViewFeed feed : feeds.values()) {
      feed.post(snapshot, delta, now);
      threads.execute(() -> catchUp(feed));
    }
    if (before == null
        || delta.settings()
        || !delta.clusters().isEmpty()
        || !delta.peerAuthentications().isEmpty()
        || !reads.equals(before.reads())) {
      byPod.values().forEach(all -> all.forEach(AdsConnection::ownChanged));
    } else {
      TouchedPods.of(before.snapshot(), snapshot, delta)
          .forEach(pod -> byPod.getOrDefault(pod, Set.of()).forEach(AdsConnection::ownChanged));
    }
  }

  private static boolean mayReadElse(SnapshotDelta delta) {
    return delta.settings()
        || !delta.destinationRules().isEmpty()
        || !delta.virtualServices().isEmpty()
        || !delta.servicesBeyondEndpoints().isEmpty();
  }

  private static void catchUp(ViewFeed feed) {
    try {
      feed.catchUp();
    } catch (InterruptedException e) {
      LOG.debug("stopped");
    }
  }

  /** From now on the connection hears of changes to its proxy's pod. */
  synchronized void introduce(AdsConnection connection, ProxyNode node) {
    byPod.computeIfAbsent(pod(node), key -> new HashSet<>()).add(connection);
  }

  /**
   * Where a proxy looks from by the newest snapshot, and that it hears of changes there.
   *
   * @param now where it looked from; stays when that is the same
   * @return up to date with a snapshot that is not older than {@link #latest} at the call
   */
  ViewFeed join(AdsConnection connection, ProxyNode node, @Nullable ViewFeed now)
      throws InterruptedException {
    ViewFeed feed = moved(connection, node, now);
    if (feed != now) {
      feed.catchUp();
    }
    return feed;
  }

  private synchronized ViewFeed moved(
      AdsConnection connection, ProxyNode node, @Nullable ViewFeed now) {
    Published published = latest;
    if (published == null) {
      throw new IllegalStateException("nothing to look at before the first snapshot");
    }
    Viewpoint at = Viewpoint.of(published.snapshot(), node, published.reads());
    if (now != null && now.at().equals(at)) {
      return now;
    }
    if (now != null) {
      left(connection, now);
    }
    ViewFeed feed = feeds.get(at);
    if (feed == null) {
      feed = new ViewFeed(translation.view(at), workers);
      feed.post(
          published.snapshot(),
          SnapshotBuilder.everything(published.snapshot()),
          published.nanos());
      feeds.put(at, feed);
    }
    feed.add(connection);
    return feed;
  }

  /** The connection has ended. */
  synchronized void leave(
      AdsConnection connection, @Nullable ProxyNode node, @Nullable ViewFeed feed) {
    if (feed != null) {
      left(connection, feed);
    }
    if (node != null) {
      byPod.computeIfPresent(
          pod(node),
          (key, all) -> {
            all.remove(connection);
            return all.isEmpty() ? null : all;
          });
    }
  }

  private void left(AdsConnection connection, ViewFeed feed) {
    if (feed.remove(connection)) {
      feeds.remove(feed.at());
    }
  }

  /** How many different views there are. */
  synchronized int size() {
    return feeds.size();
  }

  private static WorkloadKey pod(ProxyNode node) {
    return new WorkloadKey(node.cluster(), node.namespace(), node.pod());
  }
}
