package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.print.Tables;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.select.Match;
import dev.weft.apiserver.select.WatchEvents;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoreEvent;
import dev.weft.apiserver.storage.StoredObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Watch requests: one JSON document per line, for as long as the client stays. Thread-safe. */
public final class Watches implements AutoCloseable {
  private static final long BOOKMARK_MILLIS = 30_000;

  /** A client that reads slower than this falls behind and has to list again. */
  private static final int LONGEST_QUEUE = 10_000;

  private final Store store;
  private final Set<Store.Subscription> open = ConcurrentHashMap.newKeySet();

  public Watches(Store store) {
    this.store = store;
  }

  /** Where a watch begins. */
  private record Start(Store.Subscription subscription, List<StoredObject> initial, long version) {}

  public Answer watch(Request request, Target target) {
    KnownType known = target.known();
    Match match = Resources.match(request, target);
    String version = request.parameter("resourceVersion");
    boolean initialEvents = request.flag("sendInitialEvents");
    if (initialEvents && !request.parameter("resourceVersionMatch").equals("NotOlderThan")) {
      throw Errors.badRequest(
          "resourceVersionMatch: Required value: sendInitialEvents requires setting"
              + " resourceVersionMatch to NotOlderThan");
    }
    long from = number(version);
    int seconds = request.number("timeoutSeconds", 0);
    // As the real server: watches end by themselves, so that clients spread over servers again.
    long timeout =
        1000L * (seconds > 0 ? seconds : ThreadLocalRandom.current().nextInt(1800, 3600));
    Start start;
    try {
      start = start(known, from, initialEvents);
    } catch (ApiException e) {
      return new Answer.Stream("application/json", out -> line(out, "ERROR", Errors.status(e)));
    }
    return new Answer.Stream(
        "application/json",
        out -> {
          open.add(start.subscription());
          try {
            new Sender(request, known, match, out, initialEvents).run(start, timeout);
          } finally {
            open.remove(start.subscription());
            start.subscription().close();
          }
        });
  }

  private static long number(String version) {
    if (version.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(version);
    } catch (NumberFormatException e) {
      throw Errors.badRequest(
          "resourceVersion: Invalid value: \"" + version + "\": must be a number");
    }
  }

  private Start start(KnownType known, long from, boolean initialEvents) {
    if (from == 0 || initialEvents) {
      Store.Following following = store.follow(known.key());
      return new Start(
          following.subscription(), following.initial().objects(), following.initial().version());
    }
    return new Start(store.since(known.key(), from), List.of(), from);
  }

  /** Ends all watches. */
  @Override
  public void close() {
    open.forEach(Store.Subscription::close);
  }

  private static void line(OutputStream out, String type, JsonNode object) throws IOException {
    ObjectNode event = Json.object().put("type", type);
    event.set("object", object);
    out.write(Json.bytes(event));
    out.write('\n');
  }

  /** One watch. Confined to the thread of its request. */
  private final class Sender {
    private final KnownType known;
    private final Match match;
    private final OutputStream out;
    private final boolean table;
    private final String include;
    private final boolean bookmarks;
    private final boolean initialEvents;
    private boolean headers = true;
    private boolean written;

    Sender(Request request, KnownType known, Match match, OutputStream out, boolean initialEvents) {
      this.known = known;
      this.match = match;
      this.out = out;
      this.table = Resources.wantsTable(request);
      this.include = request.parameter("includeObject");
      this.bookmarks = request.flag("allowWatchBookmarks");
      this.initialEvents = initialEvents;
    }

    void run(Start start, long timeout) throws IOException, InterruptedException {
      for (StoredObject stored : start.initial()) {
        if (match.matches(stored)) {
          send("ADDED", stored.object());
        }
      }
      if (initialEvents) {
        bookmark(start.version(), true);
      }
      if (!written) {
        // The server sends the response's head with its first byte, and clients wait for the head
        // before they trust the watch. White space before a document means nothing.
        out.write(' ');
      }
      out.flush();
      long end = System.nanoTime() + timeout * 1_000_000;
      while (true) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return;
        }
        // Read before the queue is: everything up to it is then in the queue or already sent.
        long version = store.version();
        Optional<StoreEvent> next = start.subscription().poll(Math.min(left, BOOKMARK_MILLIS));
        if (next == null) {
          if (bookmarks) {
            bookmark(version, false);
            out.flush();
          }
          continue;
        }
        if (next.isEmpty()) {
          return;
        }
        if (start.subscription().waiting() > LONGEST_QUEUE) {
          line(out, "ERROR", Errors.status(Errors.expired(next.get().version(), version)));
          return;
        }
        Optional<ObjectStore.Change> change = WatchEvents.change(next.get(), match);
        if (change.isPresent()) {
          send(change.get().name(), next.get().object().object());
        }
        if (start.subscription().waiting() == 0) {
          out.flush();
        }
      }
    }

    private void send(String type, ObjectNode stored) throws IOException {
      written = true;
      ObjectNode object = known.shown(stored);
      if (table) {
        String version = Json.text(object, "metadata", "resourceVersion");
        line(out, type, Tables.of(known, List.of(object), version, include, headers));
        headers = false;
      } else {
        line(out, type, object);
      }
    }

    private void bookmark(long version, boolean initialEnd) throws IOException {
      written = true;
      ObjectNode object;
      if (table) {
        object = Tables.of(known, List.of(), Long.toString(version), include, headers);
      } else {
        object =
            Json.object()
                .put("kind", known.type().kind())
                .put("apiVersion", known.type().apiVersion());
        object.putObject("metadata").put("resourceVersion", Long.toString(version));
      }
      if (initialEnd) {
        Json.child(Json.meta(object), "annotations").put("k8s.io/initial-events-end", "true");
      }
      line(out, "BOOKMARK", object);
    }
  }
}
