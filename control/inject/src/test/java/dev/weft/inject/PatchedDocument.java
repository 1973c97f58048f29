package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies the operations of RFC 6902 that the injector uses, as an API server would. */
final class PatchedDocument {
  private PatchedDocument() {}

  static JsonNode apply(JsonNode document, JsonNode patch) {
    JsonNode result = document.deepCopy();
    for (JsonNode operation : patch) {
      String path = operation.path("path").asText();
      int slash = path.lastIndexOf('/');
      JsonNode parent = result.at(path.substring(0, slash));
      String key = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
      step(parent, key, operation);
    }
    return result;
  }

  private static void step(JsonNode parent, String key, JsonNode operation) {
    String op = operation.path("op").asText();
    JsonNode value = operation.path("value");
    if (parent instanceof ObjectNode object) {
      if (op.equals("add") == object.has(key)) {
        throw new IllegalStateException(op + " of " + operation.path("path"));
      }
      if (op.equals("remove")) {
        object.remove(key);
      } else {
        object.set(key, value.deepCopy());
      }
    } else if (parent instanceof ArrayNode array) {
      int index = Integer.parseInt(key);
      switch (op) {
        case "add" -> array.insert(index, value.deepCopy());
        case "replace" -> array.set(index, value.deepCopy());
        default -> array.remove(index);
      }
    } else {
      throw new IllegalStateException("no parent of " + operation.path("path"));
    }
  }
}
