package dev.weft.control.ads;

import dev.weft.translate.Changes;
import dev.weft.translate.ProxyNode;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.ServerStream;
import dev.weft.xds.StreamResponse;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy sees: the feed that it shares with others, and what is its own. Confined to its
 * connection, except for what it is told of.
 */
final class Sight {
  private final AdsCore core;
  private final Onlooker onlooker;
  private final boolean secrets;
  private final News news = new News();
  private @Nullable ViewFeed feed;
  private ResourceSet own = ResourceSet.EMPTY;
  // When the oldest change was published that may not have been sent yet; 0 where there is none.
  private long changedSince;

  /**
   * @param secrets whether it gets keys
   */
  Sight(AdsCore core, Onlooker onlooker, boolean secrets) {
    this.core = core;
    this.onlooker = onlooker;
    this.secrets = secrets;
  }

  /** Of any thread. */
  void changed(Changes changes, long nanos) {
    news.add(changes, nanos);
  }

  /** Of any thread: what there is was made anew. */
  void anythingChanged(long nanos) {
    news.addAnything(nanos);
  }

  /** Of any thread: the proxy's own pod, or where it looks from, may have changed. */
  void ownChanged() {
    news.addOwn();
  }

  /** Tells the stream what may differ from what the proxy holds. */
  void look(ProxyNode proxy, ServerStream stream) throws InterruptedException {
    ViewFeed now = feed;
    boolean ownMayDiffer = news.takeOwn();
    if (now == null || ownMayDiffer) {
      ViewFeed joined = core.views().join(onlooker, proxy);
      feed = joined;
      if (joined != now) {
        stream.anythingMayHaveChanged();
      }
      now = joined;
      lookAtOwn(proxy, stream);
    }
    // A proxy that can take something now gets the newest, even if another thread was here.
    now.catchUp();
    long since = news.handTo(stream);
    if (since != 0 && (changedSince == 0 || since < changedSince)) {
      changedSince = since;
    }
  }

  private void lookAtOwn(ProxyNode proxy, ServerStream stream) {
    Published now = Objects.requireNonNull(core.views().latest());
    ResourceSet next = core.translation().own(now.snapshot(), proxy);
    for (XdsType type : XdsType.values()) {
      Set<VersionedResource> differ = new HashSet<>(own.all(type));
      for (VersionedResource resource : next.all(type)) {
        if (!differ.remove(resource)) {
          differ.add(resource);
        }
      }
      stream.mayHaveChanged(type, differ.stream().map(VersionedResource::name).toList());
    }
    own = next;
    if (changedSince == 0) {
      changedSince = now.nanos();
    }
  }

  /** What brings the proxy to what there is; after {@link #look}. */
  List<StreamResponse> push(ServerStream stream) {
    List<StreamResponse> responses =
        Objects.requireNonNull(feed)
            .read(shared -> stream.push(new ProxyResources(shared, own, secrets)));
    if (!responses.isEmpty() && changedSince != 0) {
      core.metrics().converged(Duration.ofNanos(core.clock().nanos() - changedSince));
    }
    if (!stream.pushDue()) {
      changedSince = 0;
    }
    return responses;
  }

  /** The connection has ended. */
  void leave(@Nullable ProxyNode proxy) {
    core.views().leave(onlooker, proxy);
  }
}
