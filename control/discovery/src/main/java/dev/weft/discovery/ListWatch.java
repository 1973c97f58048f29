package dev.weft.discovery;

import dev.weft.loop.Backoff;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one kind of object on one API server, for as long as it is open: list, watch from there,
 * watch again where the server ends a watch in good order, list again after every failure, with
 * back-off. Everything is told to the sink on one thread.
 *
 * <p>It reads the watch itself: the client library's watches hide whether the server still answers,
 * and that is what has to be known here.
 */
final class ListWatch<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ListWatch.class);
  private static final long WATCH_SECONDS = 240;
  // What a frozen server may stay silent after the end of a watch, before it counts as lost.
  private static final long GRACE_SECONDS = 15;
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  // Of one request. A list of a big cluster in one piece weighs hundreds of megabytes.
  private static final int PAGE = 500;

  private final Source<?, T> source;
  private final Sink<T> sink;
  private final KubernetesSerialization serialization = new KubernetesSerialization();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable InputStream watching;

  ListWatch(Source<?, T> source, Sink<T> sink) {
    this.source = source;
    this.sink = sink;
  }

  /**
   * What is followed.
   *
   * @param path of the list, such as {@code /api/v1/pods}
   * @param query selectors, such as {@code labelSelector=a%3Db}; empty for none
   * @param reading what is kept of an object; the rest is gone as soon as it has been read
   */
  record Source<K, T>(
      KubeApi api, String path, String query, Class<K> type, Function<? super K, T> reading) {

    /** Objects as they are. */
    static <K> Source<K, K> whole(KubeApi api, String path, String query, Class<K> type) {
      return new Source<>(api, path, query, type, Function.identity());
    }

    /**
     * @param limit 0 for everything in one piece
     * @param next where the page before ended; empty for the first
     */
    private String list(int limit, String next) {
      List<String> words = new ArrayList<>();
      if (limit > 0) {
        words.add("limit=" + limit);
      }
      if (!next.isEmpty()) {
        words.add("continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
      }
      if (!query.isEmpty()) {
        words.add(query);
      }
      return words.isEmpty() ? path : path + "?" + String.join("&", words);
    }

    private String watch(String from) {
      return path
          + "?watch=true&allowWatchBookmarks=true&timeoutSeconds="
          + WATCH_SECONDS
          + "&resourceVersion="
          + from
          + (query.isEmpty() ? "" : "&" + query);
    }

    private T read(KubernetesSerialization serialization, @Nullable Object tree) {
      return reading.apply(serialization.convertValue(tree, type));
    }
  }

  /** What happens, in order, on one thread. */
  interface Sink<T> {
    /** Everything there is; what is not named is gone. */
    void listed(List<T> items);

    void stored(T item);

    void removed(T item);

    /** The server does not answer, or refuses; more attempts follow. */
    void failing(IOException why);
  }

  /** Starts following on a thread of its own. */
  void start() {
    Thread.ofVirtual().name("list-watch " + source.path()).start(this::run);
  }

  @Override
  public void close() {
    closed.countDown();
    end(watching);
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
          version = list();
        }
        version = watch(version);
        failures = 0;
      } catch (IOException e) {
        boolean forgotten = !version.isEmpty() && gone(e);
        version = "";
        if (forgotten) {
          continue;
        }
        failures++;
        if (open()) {
          log.debug("{} {}: {}", source.api().server(), source.path(), e.getMessage());
          sink.failing(e);
          pause(BACKOFF.delay(failures, ThreadLocalRandom.current()));
        }
      } catch (RuntimeException e) {
        // A fault of ours must not end the following of a kind for good.
        log.error("{}: unexpected failure, listing again", source.path(), e);
        version = "";
        failures++;
        pause(BACKOFF.delay(failures, ThreadLocalRandom.current()));
      }
    }
  }

  /**
   * Whether the server no longer knows what happened since the version: that needs a list, no more.
   */
  private static boolean gone(IOException e) {
    return e instanceof KubeApi.RefusedException refused && refused.status() == 410;
  }

  /** Lists; the version to watch from. */
  private String list() throws IOException {
    List<T> items = new ArrayList<>();
    String version;
    try {
      version = list(PAGE, items);
    } catch (KubeApi.RefusedException e) {
      if (!gone(e)) {
        throw e;
      }
      // The pages of a list live for some minutes only: in one piece it cannot fall apart.
      items.clear();
      version = list(0, items);
    }
    if (open()) {
      sink.listed(items);
    }
    return version;
  }

  private String list(int limit, List<T> items) throws IOException {
    String version = "";
    String next = "";
    do {
      Map<String, Object> list =
          source
              .api()
              .get(source.list(limit, next))
              .orElseThrow(() -> new IOException("the API server does not know " + source.path()));
      if (list.get("items") instanceof List<?> elements) {
        elements.forEach(e -> items.add(source.read(serialization, e)));
      }
      version = version.isEmpty() ? metadata(list, "resourceVersion") : version;
      next = metadata(list, "continue");
    } while (!next.isEmpty() && open());
    return version.isEmpty() ? "0" : version;
  }

  private static String metadata(Map<?, ?> tree, String field) {
    return tree.get("metadata") instanceof Map<?, ?> m && m.get(field) instanceof String text
        ? text
        : "";
  }

  /** Watches until the server ends it in good order; the version to go on from, empty to list. */
  private String watch(String from) throws IOException {
    String version = from;
    CountDownLatch over = new CountDownLatch(1);
    try (InputStream stream = source.api().stream(source.watch(from))) {
      watching = stream;
      if (!open()) {
        return "";
      }
      endInTime(stream, over);
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank() && open()) {
          version = event(serialization.unmarshal(line, Map.class), version);
          if (version.isEmpty()) {
            return "";
          }
        }
      }
      return version;
    } finally {
      watching = null;
      over.countDown();
    }
  }

  /** Takes one event in; the version to go on from, empty to list. */
  private String event(Map<?, ?> event, String before) throws IOException {
    Object body = event.get("object");
    String type = String.valueOf(event.get("type"));
    if (type.equals("ERROR")) {
      // 410 Gone is usual after a long silence: what happened since is forgotten.
      if (body instanceof Map<?, ?> status
          && status.get("code") instanceof Number code
          && code.intValue() == 410) {
        return "";
      }
      throw new IOException("the API server ended a watch: " + body);
    }
    switch (type) {
      case "ADDED", "MODIFIED" -> sink.stored(source.read(serialization, body));
      case "DELETED" -> sink.removed(source.read(serialization, body));
      default -> {}
    }
    String version = body instanceof Map<?, ?> tree ? metadata(tree, "resourceVersion") : "";
    return version.isEmpty() ? before : version;
  }

  /** A frozen server neither sends nor closes: reading would block for ever. */
  private static void endInTime(InputStream stream, CountDownLatch over) {
    Thread.ofVirtual()
        .name("watch-limit")
        .start(
            () -> {
              try {
                if (!over.await(WATCH_SECONDS + GRACE_SECONDS, TimeUnit.SECONDS)) {
                  end(stream);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static void end(@Nullable InputStream stream) {
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        log.debug("while ending a watch: {}", e.getMessage());
      }
    }
  }

  private void pause(Duration time) {
    try {
      boolean ended = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
      log.trace("{}: pause over, closed: {}", source.path(), ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
