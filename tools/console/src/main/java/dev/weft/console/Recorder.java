package dev.weft.console;

import dev.weft.console.api.ProxyRow;
import dev.weft.console.api.ProxyRow.SyncWord;
import dev.weft.console.view.Moment;
import dev.weft.topology.history.History;
import dev.weft.topology.history.Observation;
import dev.weft.topology.history.Observation.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the mesh every five seconds, so that what became of it is known, and tells those who
 * watch. Thread-safe.
 */
final class Recorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  static final Duration BEAT = Duration.ofSeconds(5);

  /** Of traffic: some of it shows a move soon and without noise. */
  private static final Duration LOOK_BACK = Duration.ofSeconds(10);

  private final ConsoleParts parts;
  private final List<Runnable> listeners = new ArrayList<>();
  private final Thread thread;
  private final Object lock = new Object();
  // Guarded by lock.
  private long beats;
  private boolean closed;
  private volatile History history = History.EMPTY;

  Recorder(ConsoleParts parts) {
    this.parts = parts;
    this.thread = Thread.ofPlatform().name("console-recorder").daemon().unstarted(this::run);
  }

  /** Before the start: runs something with every beat. */
  void each(Runnable listener) {
    listeners.add(listener);
  }

  void start() {
    thread.start();
  }

  /** What became of the mesh so far. */
  History history() {
    return history;
  }

  /** How often the mesh was looked at. */
  long beats() {
    synchronized (lock) {
      return beats;
    }
  }

  /**
   * Waits for the next look.
   *
   * @param seen the beat that the caller knows
   * @return false where there will be none
   */
  boolean awaitAfter(long seen) throws InterruptedException {
    synchronized (lock) {
      while (beats <= seen && !closed) {
        lock.wait();
      }
      return !closed;
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        beat();
        Thread.sleep(BEAT);
      }
    } catch (InterruptedException e) {
      LOG.debug("the console's recorder ends");
    }
  }

  /** Looks once. */
  void beat() {
    try {
      look();
      listeners.forEach(Runnable::run);
    } catch (RuntimeException e) {
      LOG.error("the console could not look at the mesh", e);
    }
    synchronized (lock) {
      beats++;
      lock.notifyAll();
    }
  }

  private void look() {
    Moment moment = parts.mesh().get();
    if (moment.snapshot().version() == 0) {
      // Nothing has been read: it would look as if everything appeared afterwards.
      return;
    }
    Instant now = parts.clock().instant();
    history =
        history.with(
            new Observation(
                now,
                moment.snapshot(),
                parts.traffic().between(now.minus(LOOK_BACK), now),
                rejections(parts.proxies().rows()),
                List.of()));
  }

  private static Set<Rejection> rejections(List<ProxyRow> proxies) {
    return proxies.stream()
        .flatMap(
            p ->
                p.types().stream()
                    .filter(t -> t.state() == SyncWord.REJECTED)
                    .map(t -> new Rejection(node(p), p.id(), t.type(), t.message())))
        .collect(Collectors.toSet());
  }

  private static String node(ProxyRow proxy) {
    return proxy.workload().isEmpty()
        ? ""
        : proxy.cluster() + "/" + proxy.namespace() + "/" + proxy.workload();
  }

  @Override
  public void close() {
    thread.interrupt();
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
  }
}
