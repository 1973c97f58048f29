package dev.weft.control.ingest;

import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.snapshot.Findings;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Observed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for findings on a thread of its own, since that takes as long as the mesh is large: in the
 * latest picture that there is, at most once in {@link #PACE}, and always in the last one.
 */
final class Analyst implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Analyst.class);

  /** From the end of one look to the next one. */
  static final Duration PACE = Duration.ofSeconds(1);

  private final BiFunction<ConfigSet, MeshSnapshot, List<Diagnostic>> analysis;
  private final Duration pace;
  private final BlockingQueue<Picture> latest = new ArrayBlockingQueue<>(1);
  // Guarded by this.
  private final List<Consumer<Observed>> listeners = new ArrayList<>();
  private volatile @Nullable Observed observed;
  private @Nullable Thread thread;

  private record Picture(ConfigSet config, MeshSnapshot snapshot) {}

  Analyst() {
    this(Findings::of, PACE);
  }

  Analyst(BiFunction<ConfigSet, MeshSnapshot, List<Diagnostic>> analysis, Duration pace) {
    this.analysis = analysis;
    this.pace = pace;
  }

  /** Takes a picture; the previous one is dropped if work on it has not begun. One caller. */
  void accept(ConfigSet config, MeshSnapshot snapshot) {
    latest.clear();
    latest.add(new Picture(config, snapshot));
  }

  /**
   * Tells a listener of every result, on the analyst's thread; a late one gets the last result at
   * once.
   */
  synchronized void subscribe(Consumer<Observed> listener) {
    listeners.add(listener);
    Observed last = observed;
    if (last != null) {
      tell(listener, last);
    }
  }

  /** What was found last, the worst first; nothing before the first look. */
  List<Diagnostic> findings() {
    Observed last = observed;
    return last == null ? List.of() : last.findings();
  }

  void start() {
    thread = Thread.ofPlatform().name("findings").daemon().start(this::run);
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look(latest.take());
        Thread.sleep(pace);
      }
    } catch (InterruptedException e) {
      log.debug("findings: told to end");
    }
  }

  private void look(Picture picture) {
    try {
      publish(
          new Observed(
              picture.config(),
              picture.snapshot(),
              analysis.apply(picture.config(), picture.snapshot())));
    } catch (RuntimeException e) {
      log.error("findings of snapshot {} cannot be had", picture.snapshot().version(), e);
    }
  }

  private synchronized void publish(Observed now) {
    observed = now;
    listeners.forEach(listener -> tell(listener, now));
  }

  private static void tell(Consumer<Observed> listener, Observed news) {
    try {
      listener.accept(news);
    } catch (RuntimeException e) {
      log.error("a listener for findings failed", e);
    }
  }
}
