package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.select.Match;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Lists in pieces: {@code limit} and {@code continue}. All pieces of a list show the objects of one
 * moment, which is remembered for some minutes. Thread-safe.
 */
final class Pages {
  /** As long as etcd keeps old versions where nobody says otherwise. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  private static final int MAX_KEPT = 64;

  /** In a token: whatever is there by now, whose moment is forgotten. */
  private static final long NOW = -1;

  /**
   * One piece of a list.
   *
   * @param next the token for the piece after it; empty at the end
   * @param remaining how many follow; empty where a selector makes it a guess
   */
  record Page(
      List<StoredObject> objects, long version, Optional<String> next, OptionalLong remaining) {

    /** Says in the metadata of a list where it goes on. */
    void describe(ObjectNode metadata) {
      next.ifPresent(token -> metadata.put("continue", token));
      remaining.ifPresent(count -> metadata.put("remainingItemCount", count));
    }
  }

  private record Moment(TypeKey type, String namespace, long version) {}

  private record Kept(Store.Snapshot snapshot, long since) {}

  private record Token(long version, ObjectKey last) {}

  private final Store store;

  /** In the order in which they were taken. Guarded by this. */
  private final Map<Moment, Kept> moments = new LinkedHashMap<>();

  Pages(Store store) {
    this.store = store;
  }

  /**
   * The piece that a request asks for; everything where it sets no limit.
   *
   * @throws ApiException 400 for a token or a limit that is none, 410 for a token that is too old
   */
  Page page(Request request, KnownType known, String namespace, Match match) {
    int limit = request.number("limit", 0);
    if (limit < 0) {
      throw Errors.badRequest("limit: Invalid value: " + limit + ": must not be negative");
    }
    String continued = request.parameter("continue");
    Store.Snapshot snapshot;
    Optional<ObjectKey> after;
    if (continued.isEmpty()) {
      snapshot = store.list(known.key(), namespace);
      after = Optional.empty();
    } else {
      if (!request.parameter("resourceVersion").isEmpty()
          && !request.parameter("resourceVersion").equals("0")) {
        throw Errors.badRequest("specifying resource version is not allowed when using continue");
      }
      Token token = token(continued);
      snapshot =
          token.version() == NOW
              ? store.list(known.key(), namespace)
              : recall(new Moment(known.key(), namespace, token.version()), token.last());
      after = Optional.of(token.last());
    }
    List<StoredObject> matching =
        snapshot.objects().stream()
            .filter(stored -> after.isEmpty() || stored.key().compareTo(after.get()) > 0)
            .filter(match::matches)
            .toList();
    if (limit == 0 || matching.size() <= limit) {
      return new Page(matching, snapshot.version(), Optional.empty(), OptionalLong.empty());
    }
    remember(new Moment(known.key(), namespace, snapshot.version()), snapshot);
    boolean selective =
        !request.parameter("labelSelector").isEmpty()
            || !request.parameter("fieldSelector").isEmpty();
    List<StoredObject> piece = matching.subList(0, limit);
    return new Page(
        piece,
        snapshot.version(),
        Optional.of(written(new Token(snapshot.version(), piece.getLast().key()))),
        selective ? OptionalLong.empty() : OptionalLong.of(matching.size() - limit));
  }

  private synchronized void remember(Moment moment, Store.Snapshot snapshot) {
    moments.putIfAbsent(moment, new Kept(snapshot, System.nanoTime()));
    forget();
  }

  private synchronized Store.Snapshot recall(Moment moment, ObjectKey last) {
    forget();
    Kept kept = moments.get(moment);
    if (kept == null) {
      throw new ApiException(
              410,
              "Expired",
              "The provided continue parameter is too old to display a consistent list result. You"
                  + " can start a new list without the continue parameter, or use the continue token"
                  + " in this response to retrieve the remainder of the results. Continuing with the"
                  + " provided token results in an inconsistent list - objects that were created,"
                  + " modified, or deleted between the time the first chunk was returned and now may"
                  + " show up in the list.")
          .goingOnWith(written(new Token(NOW, last)));
    }
    return kept.snapshot();
  }

  private void forget() {
    long now = System.nanoTime();
    moments.values().removeIf(kept -> now - kept.since() > KEPT.toNanos());
    var oldest = moments.entrySet().iterator();
    for (int surplus = moments.size() - MAX_KEPT; surplus > 0; surplus--) {
      oldest.next();
      oldest.remove();
    }
  }

  /** In the form of Kubernetes (k8s.io/apiserver pkg/storage/continue.go). */
  private static String written(Token token) {
    ObjectNode text =
        Json.object()
            .put("v", "meta.k8s.io/v1")
            .put("rv", token.version())
            .put("start", token.last().namespace() + "/" + token.last().name());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(text));
  }

  private static Token token(String text) {
    try {
      JsonNode token = Json.read(Base64.getUrlDecoder().decode(text), new ArrayList<>());
      String start = Json.text(token, "start");
      int slash = start.indexOf('/');
      if (slash >= 0 && token.path("rv").isIntegralNumber()) {
        return new Token(
            token.get("rv").asLong(),
            new ObjectKey(start.substring(0, slash), start.substring(slash + 1)));
      }
    } catch (IllegalArgumentException | ApiException e) {
      throw invalidToken(e);
    }
    throw invalidToken(new IllegalArgumentException("it names no version and object"));
  }

  private static ApiException invalidToken(Exception why) {
    return Errors.badRequest("continue key is not valid: " + why.getMessage());
  }
}
