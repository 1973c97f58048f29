package dev.weft.discovery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.weft.loop.Backoff;
import dev.weft.loop.Clock;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one kind of object on one API server, for as long as it is open: list, watch from there,
 * watch again where the server ends a watch in good order, list again after every failure, with
 * back-off. Everything is told to the sink on one thread.
 *
 * <p>It reads lists and watches itself: the client library builds all of a list before it shows any
 * of it, and its watches hide whether the server still answers, which has to be known here.
 */
final class ListWatch<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ListWatch.class);
  private static final long WATCH_SECONDS = 240;
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  // Of one request. A server makes the whole of an answer before it sends any of it.
  private static final int PAGE = 500;

  private final Source<?, T> source;
  private final Sink<T> sink;
  private final Clock clock;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable InputStream current;
  // The rest is confined to the thread that follows. Objects that cannot be read, by their names.
  private Map<String, Unreadable> unreadable = new TreeMap<>();
  private List<Unreadable> told = List.of();
  private boolean ofTwoMoments;

  ListWatch(Source<?, T> source, Sink<T> sink, Clock clock) {
    this.source = source;
    this.sink = sink;
    this.clock = clock;
  }

  /** What happens, in order, on one thread. */
  interface Sink<T> {
    /** Everything there is that can be read; what is not named is gone. */
    void listed(List<T> items);

    void stored(T item);

    void removed(T item);

    /** All objects that cannot be read, whenever these are others than before; before a list. */
    void unreadable(List<Unreadable> objects);

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
    end(current);
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

  /** Lists; the version to watch from. As client-go: tools/pager/pager.go. */
  private String list() throws IOException {
    Found<T> found = new Found<>();
    // The watch that was to follow the list before was refused: the next one must be of one moment.
    int limit = ofTwoMoments ? 0 : PAGE;
    ofTwoMoments = false;
    String version = "";
    String next = "";
    do {
      ListPage page;
      try {
        page = page(limit, next, found);
      } catch (KubeApi.RefusedException e) {
        if (next.isEmpty() || !gone(e)) {
          throw e;
        }
        // The moment that a list shows is remembered for some minutes only.
        if (e.next().isEmpty()) {
          found = new Found<>();
          version = "";
          limit = 0;
          page = page(limit, "", found);
        } else {
          // The rest as it is now. What changed in between is told by a watch from the first
          // moment, where the server still can.
          ofTwoMoments = true;
          page = page(limit, e.next(), found);
        }
      }
      version = version.isEmpty() ? page.version() : version;
      next = page.next();
    } while (!next.isEmpty() && open());
    if (open()) {
      unreadable = found.unreadable;
      tellUnreadable();
      sink.listed(found.items);
    }
    return version.isEmpty() ? "0" : version;
  }

  /** What has been read of a list. */
  private static final class Found<T> {
    private final List<T> items = new ArrayList<>();
    private final Map<String, Unreadable> unreadable = new TreeMap<>();

    void add(Item<T> item) {
      switch (item) {
        case Item.Good<T> good -> items.add(good.value());
        case Item.Bad<T> bad -> unreadable.put(bad.why().object(), bad.why());
      }
    }
  }

  private ListPage page(int limit, String next, Found<T> found) throws IOException {
    InputStream answer;
    try {
      answer = source.api().stream(source.page(limit, next));
    } catch (KubeApi.RefusedException e) {
      throw e.notFound() ? new IOException("the API server does not know " + source.path()) : e;
    }
    try (InputStream stream = entered(new LimitedStream(answer, clock, SILENCE));
        JsonParser parser = KubeJson.parser(stream)) {
      return ListPage.read(parser, source, found::add);
    } catch (JsonProcessingException e) {
      throw new IOException("the list cannot be read: " + e.getOriginalMessage(), e);
    } finally {
      current = null;
    }
  }

  /** What {@link #close} is to end. */
  private InputStream entered(InputStream stream) {
    current = stream;
    if (!open()) {
      end(stream);
    }
    return stream;
  }

  private void tellUnreadable() {
    List<Unreadable> now = List.copyOf(unreadable.values());
    if (!now.equals(told)) {
      told = now;
      sink.unreadable(now);
    }
  }

  /** Watches until the server ends it in good order; the version to go on from, empty to list. */
  private String watch(String from) throws IOException {
    String version = from;
    InputStream answer = source.api().stream(source.watch(from, WATCH_SECONDS));
    // A frozen server neither sends nor closes, also when the time of the watch is over.
    Runnable off = clock.after(Duration.ofSeconds(WATCH_SECONDS).plus(SILENCE), () -> end(answer));
    try (InputStream stream = entered(answer);
        JsonParser parser = KubeJson.parser(stream)) {
      while (parser.nextToken() != null && open()) {
        version = event(parser, version);
        if (version.isEmpty()) {
          return "";
        }
      }
      return version;
    } catch (JsonProcessingException e) {
      throw new IOException("a watch cannot be read: " + e.getOriginalMessage(), e);
    } finally {
      current = null;
      off.run();
    }
  }

  /** Takes in the event at which the parser stands; the version to go on from, empty to list. */
  private String event(JsonParser parser, String before) throws IOException {
    String type = "";
    String version = "";
    boolean again = false;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (field.equals("type")) {
        type = parser.getText();
      } else if (field.equals("object") && token == JsonToken.START_OBJECT) {
        switch (type) {
          case "ADDED", "MODIFIED", "DELETED" -> {
            Item<T> item = source.read(parser);
            version = KubeJson.text(item.meta().getResourceVersion());
            again = !happened(item, type.equals("DELETED"));
          }
          case "BOOKMARK" -> version = KubeJson.text(source.readMeta(parser).getResourceVersion());
          case "ERROR" -> {
            ended(parser);
            again = true;
          }
          case "" -> throw new IOException("an event of a watch does not begin with its type");
          default -> parser.skipChildren();
        }
      } else {
        parser.skipChildren();
      }
    }
    if (again) {
      return "";
    }
    ofTwoMoments = false;
    return version.isEmpty() ? before : version;
  }

  /** Tells what happened to an object; false where only a list can say. */
  private boolean happened(Item<T> item, boolean removed) {
    ObjectMeta meta = item.meta();
    switch (item) {
      case Item.Bad<T> bad -> {
        if (removed) {
          return false;
        }
        unreadable.put(bad.why().object(), bad.why());
      }
      case Item.Good<T> good -> {
        if (!unreadable.isEmpty()) {
          unreadable.remove(Unreadable.object(meta.getNamespace(), meta.getName()));
        }
        if (removed) {
          sink.removed(good.value());
        } else {
          sink.stored(good.value());
        }
      }
    }
    tellUnreadable();
    return true;
  }

  /**
   * Reads why the server ends a watch.
   *
   * @throws IOException unless it has but forgotten what happened since, as it does after a while
   */
  private static void ended(JsonParser parser) throws IOException {
    Status status = new Status();
    KubeJson.into(status, parser);
    if (status.getCode() == null || status.getCode() != 410) {
      throw new IOException("the API server ended a watch: " + status.getMessage());
    }
  }

  private static void end(@Nullable InputStream stream) {
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        log.debug("while ending an answer: {}", e.getMessage());
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
