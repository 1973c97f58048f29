package dev.weft.control.ingest;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.loop.Clock;
import dev.weft.snapshot.GatewayHosts;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Observed;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.SnapshotListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread takes config events from a mailbox, waits for quiet, builds a snapshot and shows it to
 * the listeners. The first snapshot waits until everything has been read once, or for {@link
 * #FIRST_SNAPSHOT}: an early, incomplete one would take endpoints away from proxies that have
 * outlived the control plane. For a cluster that cannot be read in that time, what was known of it
 * before stands in.
 */
public final class Ingest implements Consumer<ConfigEvent>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Ingest.class);

  /** How long an unreachable member cluster can hold back the first snapshot. */
  public static final Duration FIRST_SNAPSHOT = Duration.ofSeconds(30);

  private static final Duration NAMES = Duration.ofSeconds(5);

  private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final ConfigStore store;
  private final Clock clock;
  // Confined to the ingest thread.
  private final List<SnapshotListener> listeners = new ArrayList<>();
  private final List<BiConsumer<ConfigSet, MeshSnapshot>> configListeners = new ArrayList<>();
  private @Nullable ConfigSet config;
  private SnapshotBuilder.Built built;
  private final Debounce debounce = new Debounce();
  private final CountDownLatch published = new CountDownLatch(1);
  private final AtomicLong events = new AtomicLong();
  private final Duration firstSnapshot;
  private @Nullable Consumer<SortedSet<String>> names;
  // Confined to the ingest thread: until when the first snapshot waits for names; 0 before that.
  private long namesBy;
  private final Analyst analyst = new Analyst();
  private volatile MeshSnapshot current;
  private volatile long buildNanos;
  private volatile boolean closed;
  private @Nullable Thread thread;

  private sealed interface Message {
    record Event(ConfigEvent event) implements Message {}

    record Subscribe(SnapshotListener listener) implements Message {}

    record SubscribeConfig(BiConsumer<ConfigSet, MeshSnapshot> listener) implements Message {}

    record UnsubscribeConfig(BiConsumer<ConfigSet, MeshSnapshot> listener) implements Message {}
  }

  public Ingest(MeshSettings defaults, Clock clock) {
    this(defaults, FIRST_SNAPSHOT, clock);
  }

  Ingest(MeshSettings defaults, Duration firstSnapshot, Clock clock) {
    this.clock = clock;
    this.store = new ConfigStore(defaults);
    this.built = SnapshotBuilder.Built.nothing(defaults);
    this.current = built.snapshot();
    this.firstSnapshot = firstSnapshot;
  }

  /** Posts an event; never blocks. */
  @Override
  public void accept(ConfigEvent event) {
    mailbox.add(new Message.Event(event));
  }

  /**
   * Says who resolves the host names of gateways, before the start: without them the first snapshot
   * would take endpoints away, so it waits a little.
   *
   * @param resolver is told the names with every snapshot, and answers by an event
   */
  public void resolveBy(Consumer<SortedSet<String>> resolver) {
    names = resolver;
  }

  /**
   * Tells a listener of every snapshot, on the ingest thread. A listener that comes late gets the
   * current one, as a delta with everything in it.
   */
  public void subscribe(SnapshotListener listener) {
    mailbox.add(new Message.Subscribe(listener));
  }

  /**
   * Tells a listener of every set that snapshots are built from, on the ingest thread. A listener
   * that comes late gets the current one. Closing the result ends it.
   */
  public AutoCloseable subscribeConfig(Consumer<ConfigSet> listener) {
    return subscribeBuilt((config, snapshot) -> listener.accept(config));
  }

  /** The same with the snapshot that was made of the set, whether or not it differs. */
  public AutoCloseable subscribeBuilt(BiConsumer<ConfigSet, MeshSnapshot> listener) {
    mailbox.add(new Message.SubscribeConfig(listener));
    return () -> mailbox.add(new Message.UnsubscribeConfig(listener));
  }

  /**
   * Tells a listener what is found, on a thread that is in no hurry: not about every snapshot, but
   * always about the last one. A listener that comes late gets what was found last.
   */
  public void subscribeFindings(Consumer<Observed> listener) {
    analyst.subscribe(listener);
  }

  /** What was found last, the worst first; nothing before the first snapshot. */
  public List<Diagnostic> findings() {
    return analyst.findings();
  }

  /** The latest snapshot; the empty one before the first. */
  public MeshSnapshot current() {
    return current;
  }

  /** Whether a snapshot has been published. */
  public boolean ready() {
    return published.getCount() == 0;
  }

  /** Waits for the first snapshot; whether it came in time. */
  public boolean awaitReady(Duration max) throws InterruptedException {
    return published.await(max.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Events taken in so far. */
  public long events() {
    return events.get();
  }

  /** How long the last build took. */
  public Duration buildTime() {
    return Duration.ofNanos(buildNanos);
  }

  /** Starts the threads. */
  public void start() {
    analyst.start();
    thread = Thread.ofPlatform().name("ingest").start(this::run);
  }

  @Override
  public void close() {
    closed = true;
    analyst.close();
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run() {
    long completeBy = Long.MAX_VALUE;
    try {
      while (!closed) {
        Message message = next(completeBy);
        long now = clock.nanos();
        switch (message) {
          case null -> {}
          case Message.Event(ConfigEvent event) -> {
            events.incrementAndGet();
            if (store.apply(event)) {
              debounce.changed(event.subject(), event.aboutEndpoints(), now);
            }
          }
          case Message.Subscribe(SnapshotListener listener) -> add(listener);
          case Message.SubscribeConfig(BiConsumer<ConfigSet, MeshSnapshot> listener) ->
              add(listener);
          case Message.UnsubscribeConfig(BiConsumer<ConfigSet, MeshSnapshot> listener) ->
              configListeners.remove(listener);
        }
        if (completeBy == Long.MAX_VALUE && store.meshApiWasComplete()) {
          completeBy = now + firstSnapshot.toNanos();
        }
        boolean may = ready() || store.complete() || now >= completeBy;
        if (may && debounce.pending() && left(now) <= 0 && !waitsForNames(now)) {
          debounce.done();
          publish();
        }
      }
    } catch (InterruptedException e) {
      if (!closed) {
        log.error("the ingest thread was interrupted", e);
      }
    }
  }

  /** The next event, or null when there is something else to do. */
  private @Nullable Message next(long completeBy) throws InterruptedException {
    Message waiting = mailbox.poll();
    if (waiting != null) {
      return waiting;
    }
    if (!debounce.pending()) {
      return mailbox.take();
    }
    long now = clock.nanos();
    long wait = left(now);
    if (!ready() && !store.complete()) {
      wait = Math.max(wait, completeBy == Long.MAX_VALUE ? Long.MAX_VALUE : completeBy - now);
    }
    if (!ready() && namesBy != 0 && !store.namesKnown()) {
      wait = Math.max(wait, namesBy - now);
    }
    return wait <= 0 ? null : clock.poll(mailbox, Duration.ofNanos(wait));
  }

  private boolean waitsForNames(long now) {
    Consumer<SortedSet<String>> resolver = names;
    if (ready() || resolver == null || store.namesKnown()) {
      return false;
    }
    if (namesBy == 0) {
      SortedSet<String> hosts = GatewayHosts.of(store.toSet());
      if (hosts.isEmpty()) {
        return false;
      }
      namesBy = now + NAMES.toNanos();
      resolver.accept(hosts);
    }
    return now < namesBy;
  }

  private long left(long now) {
    return debounce.nanosLeft(
        now, store.settings().debounceQuiet(), store.settings().debounceMax());
  }

  private void publish() {
    long start = clock.nanos();
    ConfigSet now = store.toSet();
    SnapshotBuilder.Built next = SnapshotBuilder.build(now, built);
    buildNanos = clock.nanos() - start;
    config = now;
    built = next;
    analyst.accept(now, next.snapshot());
    Consumer<SortedSet<String>> resolver = names;
    if (resolver != null) {
      tell("gateway names", () -> resolver.accept(next.gatewayHosts()));
    }
    for (BiConsumer<ConfigSet, MeshSnapshot> listener : configListeners) {
      tell("config", () -> listener.accept(now, next.snapshot()));
    }
    if (ready() && next.delta().nothing()) {
      return;
    }
    current = next.snapshot();
    if (!ready()) {
      log.info(
          "first snapshot: {} clusters, {} services, {} workloads",
          current.clusters().size(),
          current.services().size(),
          current.workloads().size());
    }
    for (SnapshotListener listener : listeners) {
      tell("snapshot", () -> listener.onSnapshot(next.snapshot(), next.delta()));
    }
    published.countDown();
  }

  private void add(SnapshotListener listener) {
    listeners.add(listener);
    if (ready()) {
      tell("snapshot", () -> listener.onSnapshot(current, SnapshotBuilder.everything(current)));
    }
  }

  private void add(BiConsumer<ConfigSet, MeshSnapshot> listener) {
    configListeners.add(listener);
    ConfigSet latest = config;
    if (latest != null) {
      tell("config", () -> listener.accept(latest, current));
    }
  }

  /** One listener's fault must not keep the others from the news. */
  private static void tell(String what, Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      log.error("a {} listener failed", what, e);
    }
  }
}
