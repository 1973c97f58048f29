package dev.weft.provision.kube;

import dev.weft.discovery.Changes;
import dev.weft.discovery.KubeApi;
import dev.weft.loop.Backoff;
import dev.weft.loop.Clock;
import dev.weft.provision.ManagedKind;
import dev.weft.provision.WebhookTrust;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the objects of one API server as they are wanted, on a thread of its own: after every
 * change of what is wanted or observed, when somebody writes a webhook, now and then, and with
 * back-off while the server does not answer. A lost server concerns no other keeper.
 */
final class Keeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
  // Between two passes for the sake of what somebody else wrote, who may not agree with us.
  private static final Duration CALM = Duration.ofSeconds(1);
  private static final Set<ManagedKind> WEBHOOKS =
      EnumSet.of(ManagedKind.MUTATING_WEBHOOK, ManagedKind.VALIDATING_WEBHOOK);

  private final String place;
  private final Supplier<Optional<KubeApi>> api;
  private final MeshInstance instance;
  private final Duration resync;
  private final RandomGenerator random;
  private final Clock clock;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  // Rung when there may be something to do.
  private final BlockingQueue<Boolean> bell = new ArrayBlockingQueue<>(1);
  // Guarded by lock.
  private @Nullable Wish wish;
  private boolean due;
  private boolean touched;

  // Confined to the thread.
  private final List<Changes> following = new ArrayList<>();
  private @Nullable KubeApi followed;

  private volatile List<String> complaints = List.of();
  private volatile boolean looked;

  Keeper(
      String place,
      Supplier<Optional<KubeApi>> api,
      MeshInstance instance,
      Duration resync,
      RandomGenerator random,
      Clock clock) {
    this.clock = clock;
    this.place = place;
    this.api = api;
    this.instance = instance;
    this.resync = resync;
    this.random = random;
    this.thread = Thread.ofVirtual().name("provision-" + place).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Nothing is touched before the first wish. */
  void want(Wish next) {
    lock.lock();
    try {
      if (!next.equals(wish)) {
        wish = next;
        due = true;
        ring();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Why the place is not as wanted, a line each; empty where it is, or was not looked at yet. */
  List<String> complaints() {
    return complaints;
  }

  /** Whether the place was brought to what is wanted, as far as that goes, at least once. */
  boolean looked() {
    return looked;
  }

  /** Once is as good as many times. */
  private void ring() {
    boolean unused = bell.offer(true);
  }

  /** Somebody wrote what is to be kept here. */
  private void touch() {
    lock.lock();
    try {
      touched = true;
      ring();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    int failures = 0;
    String said = "";
    try {
      Duration wait = resync;
      while (true) {
        Wish next = await(wait);
        Pass.Outcome outcome;
        try {
          outcome = pass(next);
          looked = true;
        } catch (IOException | RuntimeException e) {
          if (Thread.currentThread().isInterrupted()) {
            return;
          }
          outcome = new Pass.Outcome(List.of(String.valueOf(e.getMessage())), false);
        }
        complaints = outcome.complaints();
        String complaint = String.join("; ", outcome.complaints());
        if (!complaint.equals(said)) {
          said = complaint;
          if (complaint.isEmpty()) {
            LOG.info("{}: everything is as wanted again", place);
          } else {
            LOG.warn("{}: not as wanted, trying again: {}", place, complaint);
          }
        }
        failures = outcome.good() ? 0 : failures + 1;
        wait = failures == 0 ? resync : BACKOFF.delay(failures, random);
      }
    } catch (InterruptedException e) {
      // Closed.
    } finally {
      following.forEach(Changes::close);
    }
  }

  private Pass.Outcome pass(Wish next) throws IOException {
    KubeApi server = api.get().orElseThrow(() -> new IOException("its API server is not known"));
    Pass.Outcome outcome = new Pass(place, new JsonApi(server), clock).run(next.of(instance.get()));
    follow(server, next);
    return outcome;
  }

  /**
   * A webhook that a chart has just written is of no use before it has the mesh's roots, and pods
   * are made without a sidecar while there is none.
   */
  private void follow(KubeApi server, Wish next) {
    if (server == followed) {
      return;
    }
    following.forEach(Changes::close);
    following.clear();
    followed = server;
    Set<ManagedKind> kinds = EnumSet.noneOf(ManagedKind.class);
    kinds.addAll(next.kinds());
    WebhookTrust trust = next.trust();
    if (trust != null) {
      kinds.addAll(trust.kinds());
    }
    kinds.retainAll(WEBHOOKS);
    kinds.forEach(
        kind -> following.add(Changes.follow(server, kind.listPath(""), this::touch, clock)));
  }

  /** Waits for a change, or for the time; and for the first wish as long as it takes. */
  private Wish await(Duration max) throws InterruptedException {
    long begun = clock.nanos();
    while (true) {
      long left = Long.MAX_VALUE;
      lock.lock();
      try {
        Wish found = wish;
        if (found != null) {
          long wait = touched ? Math.min(max.toNanos(), CALM.toNanos()) : max.toNanos();
          left = begun + wait - clock.nanos();
          if (due || left <= 0) {
            due = false;
            touched = false;
            return found;
          }
        }
      } finally {
        lock.unlock();
      }
      Boolean unused = clock.poll(bell, Duration.ofNanos(left));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  /** For tests and orderly ends: waits until the thread has ended. */
  boolean join(Duration max) throws InterruptedException {
    return thread.join(max);
  }

  @Override
  public String toString() {
    return "Keeper(" + place + ", " + TimeUnit.NANOSECONDS.toSeconds(resync.toNanos()) + " s)";
  }
}
