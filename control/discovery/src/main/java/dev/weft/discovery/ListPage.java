package dev.weft.discovery;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.api.model.ListMeta;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * What a page of a list says of the list. Its objects are gone by then: each one is handed on as it
 * comes, and nothing else of the page is held in memory.
 *
 * @param version of the list; empty where it has none
 * @param next where the list goes on; empty at its end
 */
record ListPage(String version, String next) {

  /**
   * Reads a page.
   *
   * @throws IOException where it ends before its end, or is no list
   */
  static <T> ListPage read(JsonParser parser, Source<?, T> source, Consumer<Item<T>> items)
      throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("the answer is no list");
    }
    ListMeta meta = new ListMeta();
    boolean complete = false;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (field.equals("metadata") && token == JsonToken.START_OBJECT) {
        KubeJson.into(meta, parser);
      } else if (field.equals("items") && token == JsonToken.START_ARRAY) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.accept(source.read(parser));
        }
        complete = true;
      } else {
        // Go writes an empty list as null here and there.
        complete |= field.equals("items") && token == JsonToken.VALUE_NULL;
        parser.skipChildren();
      }
    }
    // Only an answer that has been read to its end leaves its connection to the next one.
    if (parser.nextToken() != null) {
      throw new IOException("something follows the list");
    }
    if (!complete) {
      throw new IOException("the answer is a list without items");
    }
    return new ListPage(
        KubeJson.text(meta.getResourceVersion()), KubeJson.text(meta.getContinue()));
  }
}
