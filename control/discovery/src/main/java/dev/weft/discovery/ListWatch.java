package dev.weft.discovery;

import dev.weft.loop.Backoff;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one kind of object on one API server, for as long as it is open: list, watch from there,
 * watch again where the server ends a watch in good order, list again after every failure, with
 * back-off. Everything is told to the sink on one thread.
 */
final class ListWatch<T extends HasMetadata> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ListWatch.class);
  private static final long WATCH_SECONDS = 240;
  // What a frozen server may stay silent after the end of a watch, before it counts as lost.
  private static final long GRACE_SECONDS = 15;
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final String name;
  private final FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> source;
  private final Sink<T> sink;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final LinkedBlockingQueue<Signal<T>> signals = new LinkedBlockingQueue<>();

  ListWatch(
      String name,
      FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> source,
      Sink<T> sink) {
    this.name = name;
    this.source = source;
    this.sink = sink;
  }

  /** What happens, in order, on one thread. */
  interface Sink<T> {
    /** Everything there is; what is not named is gone. */
    void listed(List<T> items);

    void stored(T item);

    void removed(T item);

    /** The server does not answer, or refuses; more attempts follow. */
    void failing(String why);
  }

  private sealed interface Signal<T> {
    record Event<T>(Watcher.Action action, T item) implements Signal<T> {}

    record Ended<T>(@Nullable WatcherException cause) implements Signal<T> {}
  }

  /** Starts following on a thread of its own. */
  void start() {
    Thread.ofVirtual().name("list-watch " + name).start(this::run);
  }

  @Override
  public void close() {
    closed.countDown();
    signals.add(new Signal.Ended<>(null));
  }

  private boolean open() {
    return closed.getCount() > 0;
  }

  private void run() {
    int failures = 0;
    String version = "";
    while (open()) {
      try {
        if (version.isEmpty()) {
          KubernetesResourceList<T> list = source.list();
          if (!open()) {
            return;
          }
          sink.listed(list.getItems());
          version = list.getMetadata().getResourceVersion();
        }
        version = watch(version);
        failures = 0;
      } catch (KubernetesClientException | WatchLostException e) {
        version = "";
        failures++;
        if (open()) {
          log.debug("{}: {}", name, e.getMessage());
          sink.failing(reason(e));
          pause(BACKOFF.delay(failures, ThreadLocalRandom.current()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        // A fault of ours must not end the following of a kind for good.
        log.error("{}: unexpected failure, listing again", name, e);
        version = "";
        failures++;
        pause(BACKOFF.delay(failures, ThreadLocalRandom.current()));
      }
    }
  }

  /** Watches until the server ends it in good order; the version to go on from, empty to list. */
  private String watch(String from) throws InterruptedException, WatchLostException {
    signals.clear();
    ListOptions options =
        new ListOptionsBuilder()
            .withResourceVersion(from)
            .withAllowWatchBookmarks(true)
            .withTimeoutSeconds(WATCH_SECONDS)
            .build();
    String version = from;
    try (Watch watch = source.watch(options, new Forwarding())) {
      while (open()) {
        Signal<T> signal = signals.poll(WATCH_SECONDS + GRACE_SECONDS, TimeUnit.SECONDS);
        switch (signal) {
          case null -> throw new WatchLostException("the API server stopped answering");
          case Signal.Event<T>(Watcher.Action action, T item) -> {
            version = item.getMetadata().getResourceVersion();
            tell(action, item);
          }
          case Signal.Ended<T>(WatcherException cause) -> {
            if (cause == null) {
              return version;
            }
            if (cause.isHttpGone()) {
              return "";
            }
            throw new WatchLostException(String.valueOf(cause.getMessage()));
          }
        }
      }
    }
    return version;
  }

  private void tell(Watcher.Action action, T item) {
    switch (action) {
      case ADDED, MODIFIED -> sink.stored(item);
      case DELETED -> sink.removed(item);
      case BOOKMARK, ERROR -> {}
    }
  }

  private void pause(Duration time) {
    try {
      boolean ended = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
      log.trace("{}: pause over, closed: {}", name, ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** The watch is of no more use. */
  private static final class WatchLostException extends Exception {
    WatchLostException(String message) {
      super(message);
    }
  }

  private final class Forwarding implements Watcher<T> {
    @Override
    public boolean reconnecting() {
      return false;
    }

    @Override
    public void eventReceived(Action action, T item) {
      signals.add(new Signal.Event<>(action, item));
    }

    @Override
    public void onClose() {
      signals.add(new Signal.Ended<>(null));
    }

    @Override
    public void onClose(WatcherException cause) {
      signals.add(new Signal.Ended<>(cause));
    }
  }
}
