package dev.weft.console;

import dev.weft.discovery.KubeApi;
import dev.weft.discovery.KubeApi.RefusedException;
import dev.weft.types.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kubernetes versions of clusters. Nobody waits for an answer: what is known is said, and asked
 * for again behind everybody's back. Thread-safe.
 */
final class ClusterVersions {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterVersions.class);
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration UNKNOWN_KEPT = Duration.ofSeconds(20);

  private final Function<ClusterId, Optional<KubeApi>> clusters;
  private final InstantSource clock;
  private final Map<ClusterId, Known> known = new ConcurrentHashMap<>();

  private record Known(String version, Instant until) {}

  ClusterVersions(Function<ClusterId, Optional<KubeApi>> clusters, InstantSource clock) {
    this.clusters = clusters;
    this.clock = clock;
  }

  /** Empty while it is not known. */
  String of(ClusterId cluster) {
    Instant now = clock.instant();
    Known before = known.get(cluster);
    if (before == null || !now.isBefore(before.until())) {
      String version = before == null ? "" : before.version();
      // Whoever puts it there first asks.
      Known asking = new Known(version, now.plus(UNKNOWN_KEPT));
      boolean mine =
          before == null
              ? known.putIfAbsent(cluster, asking) == null
              : known.replace(cluster, before, asking);
      if (mine) {
        Thread.ofVirtual().name("cluster-version").start(() -> ask(cluster));
      }
      return version;
    }
    return before.version();
  }

  private void ask(ClusterId cluster) {
    Optional<KubeApi> api = clusters.apply(cluster);
    if (api.isEmpty()) {
      known.remove(cluster);
      return;
    }
    try {
      Object version = api.get().get("/version").map(v -> v.get("gitVersion")).orElse(null);
      if (version instanceof String text) {
        known.put(cluster, new Known(text, clock.instant().plus(KEPT)));
      }
    } catch (RefusedException e) {
      LOG.debug("cluster {} does not say its version: {}", cluster, e.getMessage());
    }
  }
}
