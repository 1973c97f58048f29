package dev.weft.control.credentials;

import dev.weft.config.ConfigEvent;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.snapshot.Credentials;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.SnapshotListener;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the Secrets that gateways need, one by one and again every few seconds: so the right to get
 * single Secrets is enough, where a watch would need the right to see all of a namespace. While an
 * API server does not answer, what was read stays.
 */
public final class CredentialFeed implements SnapshotListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CredentialFeed.class);
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Consumer<ConfigEvent> events;
  private final Reader reader;
  private final Duration fresh;
  private final AtomicReference<Set<CredentialKey>> wanted = new AtomicReference<>(Set.of());
  private final Semaphore news = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  // Confined to whoever tells of snapshots.
  private @Nullable MeshSnapshot latest;

  /** Where Secrets are read. */
  @FunctionalInterface
  public interface Reader {
    /**
     * What is there.
     *
     * @throws IOException where nobody answers
     */
    Credential read(CredentialKey key) throws IOException;
  }

  /**
   * @param events told whenever something was read that is different
   */
  public CredentialFeed(Consumer<ConfigEvent> events, Reader reader) {
    this(events, reader, FRESH);
  }

  CredentialFeed(Consumer<ConfigEvent> events, Reader reader, Duration fresh) {
    this.events = events;
    this.reader = reader;
    this.fresh = fresh;
  }

  @Override
  public void onSnapshot(MeshSnapshot snapshot, SnapshotDelta delta) {
    MeshSnapshot before = latest;
    latest = snapshot;
    if (before == null || Credentials.mayDiffer(before, snapshot, delta)) {
      Set<CredentialKey> keys = Credentials.wanted(snapshot);
      if (!keys.equals(wanted.getAndSet(keys))) {
        news.release();
      }
    }
  }

  /** Starts reading on a thread of its own. */
  public void start() {
    Thread.ofVirtual().name("credentials").start(this::run);
  }

  @Override
  public void close() {
    closed.countDown();
    news.release();
  }

  private void run() {
    Map<CredentialKey, Credential> known = new TreeMap<>();
    Map<CredentialKey, Credential> told = Map.of();
    try {
      while (closed.getCount() > 0) {
        Set<CredentialKey> keys = wanted.get();
        known.keySet().retainAll(keys);
        keys.forEach(key -> look(key, known));
        if (!known.equals(told)) {
          told = new TreeMap<>(known);
          events.accept(new ConfigEvent.CredentialsRead(told));
        }
        if (keys.isEmpty()) {
          news.acquire();
        } else if (news.tryAcquire(fresh.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(CredentialKey key, Map<CredentialKey, Credential> known) {
    try {
      Credential found = reader.read(key);
      Credential before = known.put(key, found);
      if (!found.equals(before)) {
        log.info("{}: {}", key, found.usable() ? "read" : found.problem());
      }
    } catch (IOException | RuntimeException e) {
      Credential before = known.get(key);
      if (before == null) {
        known.put(key, Credential.missing(key + " cannot be read now: " + e.getMessage()));
      }
      log.debug("{} cannot be read now", key, e);
    }
  }
}
