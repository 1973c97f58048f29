package dev.weft.control.ads;

import dev.weft.loop.Clock;
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
 * Which proxies look at the mesh from where. Proxies with equal viewpoints share a feed. Every feed
 * gets each snapshot; a proxy hears of it directly only if it touches the proxy's own pod.
 * Thread-safe.
 */
final class Views {
  private static final Logger LOG = LoggerFactory.getLogger(Views.class);

  private final Translation translation;
  private final Semaphore workers;
  private final Executor threads;
  private final Clock clock;
  // The following is guarded by this.
  private final Map<Viewpoint, ViewFeed> feeds = new HashMap<>();
  private final Map<Onlooker, ViewFeed> joined = new HashMap<>();
  private final Map<WorkloadKey, Set<Onlooker>> byPod = new HashMap<>();
  private volatile @Nullable Published latest;

  Views(Translation translation, Semaphore workers, Executor threads, Clock clock) {
    this.clock = clock;
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
    long now = clock.nanos();
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
      byPod.values().forEach(all -> all.forEach(Onlooker::ownChanged));
    } else {
      Set<WorkloadKey> touched = TouchedPods.of(before.snapshot(), snapshot, delta);
      if (!delta.accessPolicies().isEmpty()) {
        byPod.keySet().stream()
            .filter(pod -> TouchedPods.byPolicies(before.snapshot(), snapshot, delta, pod))
            .forEach(touched::add);
      }
      Set<String> namespaces = new HashSet<>();
      delta.sidecars().forEach(ref -> namespaces.add(ref.namespace()));
      delta.telemetries().forEach(ref -> namespaces.add(ref.namespace()));
      delta.envoyFilters().forEach(ref -> namespaces.add(ref.namespace()));
      if (!namespaces.isEmpty()) {
        // Another one may hold for their proxies, which then look from elsewhere.
        boolean everywhere = namespaces.contains(snapshot.settings().rootNamespace());
        byPod.keySet().stream()
            .filter(pod -> everywhere || namespaces.contains(pod.namespace()))
            .forEach(touched::add);
      }
      touched.forEach(pod -> byPod.getOrDefault(pod, Set.of()).forEach(Onlooker::ownChanged));
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
    } catch (RuntimeException e) {
      // Nobody has anything from there yet; each connection is told for itself.
      LOG.debug("{} cannot be made", feed.at(), e);
    }
  }

  /** From now on the onlooker hears of changes to its proxy's pod. */
  synchronized void introduce(Onlooker onlooker, ProxyNode node) {
    byPod.computeIfAbsent(pod(node), key -> new HashSet<>()).add(onlooker);
  }

  /**
   * Where a proxy looks from by the newest snapshot; from now on it hears of changes there.
   *
   * @return the same as before where it has not moved
   */
  synchronized ViewFeed join(Onlooker onlooker, ProxyNode node) {
    Published published = latest;
    if (published == null) {
      throw new IllegalStateException("nothing to look at before the first snapshot");
    }
    Viewpoint at = Viewpoint.of(published.snapshot(), node, published.reads());
    ViewFeed before = joined.get(onlooker);
    if (before != null && before.at().equals(at)) {
      return before;
    }
    leave(onlooker);
    ViewFeed feed = feeds.get(at);
    if (feed == null) {
      feed = new ViewFeed(at, translation::view, workers);
      feed.post(
          published.snapshot(),
          SnapshotBuilder.everything(published.snapshot()),
          published.nanos());
      feeds.put(at, feed);
    }
    feed.add(onlooker);
    joined.put(onlooker, feed);
    return feed;
  }

  /** The onlooker looks no more. */
  synchronized void leave(Onlooker onlooker, @Nullable ProxyNode node) {
    leave(onlooker);
    if (node != null) {
      byPod.computeIfPresent(
          pod(node),
          (key, all) -> {
            all.remove(onlooker);
            return all.isEmpty() ? null : all;
          });
    }
  }

  private void leave(Onlooker onlooker) {
    ViewFeed feed = joined.remove(onlooker);
    if (feed != null && feed.remove(onlooker)) {
      feeds.remove(feed.at());
    }
  }

  private static WorkloadKey pod(ProxyNode node) {
    return new WorkloadKey(node.cluster(), node.namespace(), node.pod());
  }
}
