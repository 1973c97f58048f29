package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON Patch (RFC 6902). */
public final class JsonPatch {
  private static final int MAX_OPERATIONS = 10_000;

  private JsonPatch() {}

  /**
   * Applies all operations to {@code document}, which is changed.
   *
   * @throws ApiException 400 for a malformed patch, 422 where it does not fit the document
   */
  public static JsonNode apply(JsonNode document, JsonNode patch) {
    if (!patch.isArray()) {
      throw Errors.badRequest("a JSON patch is an array of operations");
    }
    if (patch.size() > MAX_OPERATIONS) {
      throw new ApiException(
          413,
          "RequestEntityTooLarge",
          "The allowed maximum operations in a JSON patch is "
              + MAX_OPERATIONS
              + ", got "
              + patch.size());
    }
    JsonNode current = document;
    for (JsonNode operation : patch) {
      current = operation(current, operation);
    }
    return current;
  }

  private static JsonNode operation(JsonNode document, JsonNode operation) {
    String op = Json.text(operation, "op");
    if (!operation.path("path").isTextual()) {
      throw Errors.badRequest("a JSON patch operation needs a \"path\": " + operation);
    }
    List<String> path = pointer(operation.get("path").asText());
    return switch (op) {
      case "add" -> add(document, path, value(operation));
      case "replace" -> {
        if (path.isEmpty()) {
          yield value(operation);
        }
        require(document, path, op);
        yield replace(document, path, value(operation));
      }
      case "remove" -> {
        require(document, path, op);
        yield remove(document, path);
      }
      case "copy" -> add(document, path, require(document, from(operation), op).deepCopy());
      case "move" -> {
        List<String> from = from(operation);
        if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
          throw Errors.badRequest("cannot move a value into itself: " + operation);
        }
        JsonNode moved = require(document, from, op);
        yield add(remove(document, from), path, moved);
      }
      case "test" -> {
        JsonNode found = find(document, path);
        JsonNode wanted = operation.path("value");
        boolean same =
            found == null ? wanted.isNull() || wanted.isMissingNode() : Json.same(found, wanted);
        if (!same) {
          throw unprocessable(
              "testing value " + operation.get("path").asText() + " failed: test failed");
        }
        yield document;
      }
      default ->
          throw Errors.badRequest(
              "Unexpected kind: \"" + op + "\"; use add, remove, replace, move, copy or test");
    };
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw Errors.badRequest("a JSON patch operation needs a \"value\": " + operation);
    }
    return value.deepCopy();
  }

  private static List<String> from(JsonNode operation) {
    if (!operation.path("from").isTextual()) {
      throw Errors.badRequest("a JSON patch operation needs a \"from\": " + operation);
    }
    return pointer(operation.get("from").asText());
  }

  private static List<String> pointer(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    if (!text.startsWith("/")) {
      throw Errors.badRequest("a JSON pointer begins with a slash: \"" + text + "\"");
    }
    List<String> keys = new ArrayList<>();
    for (String part : text.substring(1).split("/", -1)) {
      keys.add(part.replace("~1", "/").replace("~0", "~"));
    }
    return keys;
  }

  private static ApiException unprocessable(String why) {
    return new ApiException(
        422, "Invalid", "the server rejected our request due to an error in our request: " + why);
  }

  private static JsonNode require(JsonNode document, List<String> path, String op) {
    JsonNode found = find(document, path);
    if (found == null) {
      throw unprocessable(
          op
              + " operation does not apply: doc is missing path: /"
              + String.join("/", path)
              + ": missing value");
    }
    return found;
  }

  private static @Nullable JsonNode find(JsonNode document, List<String> path) {
    JsonNode found = document;
    for (String key : path) {
      if (found instanceof ArrayNode array) {
        int index = index(key, array.size() - 1);
        found = index < 0 ? null : array.get(index);
      } else {
        found = found.get(key);
      }
      if (found == null) {
        return null;
      }
    }
    return found;
  }

  /** -1 where it is no index up to {@code last}. */
  private static int index(String key, int last) {
    if (key.isEmpty() || key.length() > 9 || !key.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int index = Integer.parseInt(key);
    return index <= last ? index : -1;
  }

  private static JsonNode parent(JsonNode document, List<String> path, String op) {
    return require(document, path.subList(0, path.size() - 1), op);
  }

  private static JsonNode add(JsonNode document, List<String> path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    String key = path.getLast();
    switch (parent(document, path, "add")) {
      case ObjectNode object -> object.set(key, value);
      case ArrayNode array -> {
        int index = key.equals("-") ? array.size() : index(key, array.size());
        if (index < 0) {
          throw unprocessable("add operation does not apply: invalid array index: " + key);
        }
        array.insert(index, value);
      }
      default -> throw unprocessable("add operation does not apply: /" + String.join("/", path));
    }
    return document;
  }

  private static JsonNode replace(JsonNode document, List<String> path, JsonNode value) {
    String key = path.getLast();
    switch (parent(document, path, "replace")) {
      case ObjectNode object -> object.set(key, value);
      case ArrayNode array -> array.set(Integer.parseInt(key), value);
      default ->
          throw unprocessable("replace operation does not apply: /" + String.join("/", path));
    }
    return document;
  }

  private static JsonNode remove(JsonNode document, List<String> path) {
    if (path.isEmpty()) {
      return Json.NODES.nullNode();
    }
    String key = path.getLast();
    switch (parent(document, path, "remove")) {
      case ObjectNode object -> object.remove(key);
      case ArrayNode array -> array.remove(Integer.parseInt(key));
      default -> throw unprocessable("remove operation does not apply: /" + String.join("/", path));
    }
    return document;
  }
}
