package dev.weft.provision.kube;

import dev.weft.discovery.KubeApi;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the Kubernetes versions of clusters can do. Asked while an API server waits for a webhook's
 * answer, so it never takes long: a cluster that does not say is treated as an old one, and asked
 * again soon. Thread-safe.
 */
public final class ServerVersions {
  // SidecarContainers, on by default: kubernetes/enhancements 753.
  private static final int SIDECAR_CONTAINERS = 29;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,6}");
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration UNKNOWN_KEPT = Duration.ofSeconds(20);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Function<ClusterId, Optional<KubeApi>> apis;
  private final KubeApi own;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(boolean sidecarContainers, Instant until) {}

  /**
   * @param own the mesh's own API, which is that of the control plane's cluster where it has one
   */
  public ServerVersions(
      Function<ClusterId, Optional<KubeApi>> apis, KubeApi own, InstantSource clock) {
    this.apis = apis;
    this.own = own;
    this.clock = clock;
  }

  /**
   * Whether init containers can go on running beside the application.
   *
   * @param cluster its id; empty for the control plane's own
   */
  public boolean sidecarContainers(String cluster) {
    Known before = known.get(cluster);
    if (before != null && clock.instant().isBefore(before.until())) {
      return before.sidecarContainers();
    }
    Optional<Integer> minor = ask(cluster);
    Known now =
        new Known(
            minor
                .map(m -> m >= SIDECAR_CONTAINERS)
                .orElse(before != null && before.sidecarContainers()),
            clock.instant().plus(minor.isPresent() ? KEPT : UNKNOWN_KEPT));
    known.put(cluster, now);
    return now.sidecarContainers();
  }

  private Optional<Integer> ask(String cluster) {
    Optional<KubeApi> api =
        cluster.isEmpty()
            ? Optional.of(own)
            : Names.isLabel(cluster) ? apis.apply(new ClusterId(cluster)) : Optional.empty();
    if (api.isEmpty()) {
      return Optional.empty();
    }
    CompletableFuture<Optional<Integer>> answer = new CompletableFuture<>();
    Thread asking =
        Thread.ofVirtual()
            .name("server-version")
            .start(
                () -> {
                  try {
                    answer.complete(api.get().get("/version").flatMap(ServerVersions::minor));
                  } catch (IOException | RuntimeException e) {
                    answer.completeExceptionally(e);
                  }
                });
    try {
      return answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      asking.interrupt();
      return Optional.empty();
    } catch (InterruptedException e) {
      asking.interrupt();
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Of {@code {"major": "1", "minor": "29+"}}; a later major has all that 1 had. */
  static Optional<Integer> minor(Map<String, ?> version) {
    String major = digits(version.get("major"));
    String minor = digits(version.get("minor"));
    if (major.isEmpty() || minor.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(major.equals("1") ? Integer.parseInt(minor) : Integer.MAX_VALUE);
  }

  private static String digits(@Nullable Object text) {
    Matcher leading = DIGITS.matcher(String.valueOf(text));
    return leading.lookingAt() ? leading.group() : "";
  }
}
