package dev.weft.discovery;

import dev.weft.config.ControlIdentity;
import dev.weft.loop.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects one of the replicas of a control plane by a Lease in the config API, as Kubernetes' own
 * components do. A replica that cannot renew in time stops leading before another one may start.
 */
public final class LeaseElection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaseElection.class);
  private static final String COLLECTION = "/apis/coordination.k8s.io/v1/namespaces/%s/leases";

  private final KubeApi api;
  private final String namespace;
  private final String name;
  private final String me;
  private final Terms terms;
  private final Leadership leadership;
  private final Runnable following;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
  // Confined to the election's thread.
  private long renewedAt;
  private boolean decided;
  private String complaint = "";
  // Confined to the attempts, of which there is one at a time.
  private @Nullable Lease seen;
  private long seenAt;

  /**
   * How long things take.
   *
   * @param lease how long a leader that is not heard of counts as one
   * @param renew how long a leader may fail to renew before it follows; shorter than the lease
   * @param retry between two attempts
   */
  public record Terms(Duration lease, Duration renew, Duration retry) {
    public Terms {
      if (renew.compareTo(lease) >= 0 || retry.compareTo(renew) >= 0) {
        throw new IllegalArgumentException(
            "a lease of " + lease + " needs a shorter renew (" + renew + ") and retry " + retry);
      }
    }

    /** Those of Kubernetes' own components. */
    public static Terms usual() {
      return new Terms(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }
  }

  /**
   * @param me name of this replica, the same after a restart, and no other's
   * @param following run when it is known that this replica does not lead, at least the first time
   */
  public LeaseElection(
      KubeApi api,
      ControlIdentity control,
      String me,
      Terms terms,
      Leadership leadership,
      Runnable following,
      Clock clock) {
    this.api = api;
    this.namespace = control.rootNamespace();
    this.name = control.named("weft-control-leader");
    this.me = me;
    this.terms = terms;
    this.leadership = leadership;
    this.following = following;
    this.clock = clock;
  }

  /** Starts on a thread of its own. */
  public void start() {
    Thread.ofPlatform().name("leader-election").daemon().start(this::run);
  }

  /** Follows, and lets another replica lead at once. */
  @Override
  public void close() {
    closed.countDown();
    try {
      // The writers have ended before the lease is given back.
      if (!ended.await(terms.renew().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("the lease {} is not given back: its last attempt does not end", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    attempts.shutdownNow();
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        turn();
        if (clock.await(closed, terms.retry())) {
          break;
        }
      }
      boolean led = leadership.leading();
      leadership.follow();
      if (led) {
        release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private void turn() throws InterruptedException {
    long now = clock.nanos();
    long left =
        leadership.leading()
            ? Math.max(1, renewedAt + terms.renew().toNanos() - now)
            : terms.renew().toNanos();
    Future<Boolean> attempt = attempts.submit(this::attempt);
    Optional<Boolean> held = Optional.empty();
    try {
      held = Optional.of(attempt.get(left, TimeUnit.NANOSECONDS));
      complaint = "";
    } catch (ExecutionException e) {
      complain(e.getCause());
    } catch (TimeoutException e) {
      attempt.cancel(true);
      complain(e);
    }
    if (held.isPresent() && held.get()) {
      renewedAt = now;
      if (!leadership.leading()) {
        log.info("{} leads: it holds the lease {}/{}", me, namespace, name);
        leadership.lead();
      }
      decided = true;
    } else {
      boolean late = clock.nanos() - renewedAt >= terms.renew().toNanos();
      if (leadership.leading() && (held.isPresent() || late)) {
        log.warn("{} follows: the lease {}/{} is not its own any more", me, namespace, name);
        leadership.follow();
        following.run();
      }
      if (!decided && held.isPresent()) {
        decided = true;
        log.info("{} follows: another replica holds the lease {}/{}", me, namespace, name);
        following.run();
      }
    }
  }

  /** Whether the lease is this replica's now. */
  private boolean attempt() throws KubeApi.RefusedException {
    String collection = COLLECTION.formatted(namespace);
    Optional<Map<String, Object>> there = api.get(collection + "/" + name);
    Instant now = clock.instant();
    try {
      if (there.isEmpty()) {
        Lease first =
            new Lease("", terms.lease(), "", "", 0, Map.of("name", name, "namespace", namespace));
        create(collection, first.takenBy(me, terms.lease(), now));
        return true;
      }
      Lease lease = Lease.of(there.get());
      if (!lease.equals(seen)) {
        seen = lease;
        seenAt = clock.nanos();
      }
      Lease.Step step = lease.step(me, Duration.ofNanos(clock.nanos() - seenAt));
      return switch (step) {
        case TAKE -> {
          Map<String, Object> unused =
              api.replace(collection + "/" + name, lease.takenBy(me, terms.lease(), now).object());
          yield true;
        }
        case WAIT -> false;
      };
    } catch (KubeApi.RefusedException e) {
      if (e.conflict()) {
        // Another replica was faster.
        return false;
      }
      throw e;
    }
  }

  /** Where the API is empty, its first writer makes the namespace too. */
  private void create(String collection, Lease lease) throws KubeApi.RefusedException {
    try {
      Map<String, Object> unused = api.create(collection, lease.object());
    } catch (KubeApi.RefusedException e) {
      if (!e.notFound()) {
        throw e;
      }
      Map<String, Object> made =
          api.create(
              "/api/v1/namespaces",
              Map.of(
                  "apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", namespace)));
      log.debug("made {}", made.get("metadata"));
      Map<String, Object> unused = api.create(collection, lease.object());
    }
  }

  private void release() {
    String path = COLLECTION.formatted(namespace) + "/" + name;
    try {
      Optional<Map<String, Object>> there = api.get(path);
      if (there.isPresent() && Lease.of(there.get()).holder().equals(me)) {
        Map<String, Object> unused =
            api.replace(path, Lease.of(there.get()).released(clock.instant()).object());
      }
    } catch (KubeApi.RefusedException e) {
      log.debug("the lease {} is not given back: {}", name, e.getMessage());
    }
  }

  private void complain(@Nullable Throwable cause) {
    String why = cause == null ? "" : String.valueOf(cause.getMessage());
    boolean forbidden = cause instanceof KubeApi.RefusedException refused && refused.forbidden();
    if (forbidden && !decided) {
      decided = true;
      following.run();
    }
    if (why.equals(complaint)) {
      return;
    }
    complaint = why;
    if (forbidden) {
      log.warn(
          "{} follows: leases may not be used ({}); grant get, create and update on leases in"
              + " namespace {}, or give --no-leader-election to the only replica",
          me,
          why,
          namespace);
    } else {
      log.warn("the lease {}/{} cannot be renewed: {}", namespace, name, why);
    }
  }
}
