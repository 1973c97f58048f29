package dev.weft.discovery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Objects of one kind on one API server.
 *
 * @param path of the list, such as {@code /api/v1/pods}
 * @param query selectors, such as {@code labelSelector=a%3Db}; empty for none
 * @param blank an object with nothing in it
 * @param reading what is kept of an object; the rest is gone as soon as it has been read
 */
record Source<K extends HasMetadata, T>(
    KubeApi api, String path, String query, Supplier<K> blank, Function<? super K, T> reading) {

  /** Objects as they are. */
  static <K extends HasMetadata> Source<K, K> whole(
      KubeApi api, String path, String query, Supplier<K> blank) {
    return new Source<>(api, path, query, blank, Function.identity());
  }

  /**
   * Where a page of the list is.
   *
   * @param limit 0 for everything in one piece
   * @param next where the page before ended; empty for the first
   */
  String page(int limit, String next) {
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

  /** Where a watch is that the server ends after some seconds. */
  String watch(String from, long seconds) {
    return path
        + "?watch=true&allowWatchBookmarks=true&timeoutSeconds="
        + seconds
        + "&resourceVersion="
        + from
        + (query.isEmpty() ? "" : "&" + query);
  }

  /**
   * Reads the object at which a parser stands, to its end.
   *
   * @throws IOException where what follows cannot be read either
   */
  Item<T> read(JsonParser parser) throws IOException {
    K object = blank.get();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return bad(meta(object), "", "it is no object");
    }
    JsonStreamContext around = parser.getParsingContext().getParent();
    try {
      KubeJson.into(object, parser);
      return new Item.Good<>(meta(object), reading.apply(object));
    } catch (JsonMappingException e) {
      // What is no JSON has no end to go on from.
      if (e.getCause() instanceof JsonProcessingException) {
        throw e;
      }
      KubeJson.leave(around, parser);
      return bad(
          KubeJson.metaIn(e).orElseGet(() -> meta(object)),
          KubeJson.path(e),
          e.getOriginalMessage());
    } catch (RuntimeException e) {
      // It lacks what such an object must have, or has what none may have. Others are good.
      return bad(meta(object), "", String.valueOf(e.getMessage()));
    }
  }

  private Item<T> bad(ObjectMeta meta, String path, String why) {
    return new Item.Bad<>(
        meta,
        new Unreadable(
            KubeJson.text(meta.getNamespace()), KubeJson.text(meta.getName()), path, why));
  }

  /** Reads only the metadata of the object at which a parser stands. */
  ObjectMeta readMeta(JsonParser parser) throws IOException {
    K object = blank.get();
    KubeJson.into(object, parser);
    return meta(object);
  }

  private static ObjectMeta meta(HasMetadata object) {
    return Objects.requireNonNullElseGet(object.getMetadata(), ObjectMeta::new);
  }
}
