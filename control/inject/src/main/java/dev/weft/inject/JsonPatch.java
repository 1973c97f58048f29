package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The difference of two JSON documents as a JSON Patch (RFC 6902). */
public final class JsonPatch {
  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  private JsonPatch() {}

  /** Operations that turn {@code before} into {@code after}; empty where they are equal. */
  public static ArrayNode diff(JsonNode before, JsonNode after) {
    JsonPatch patch = new JsonPatch();
    patch.compare("", before, after);
    return patch.operations;
  }

  private void compare(String path, JsonNode before, JsonNode after) {
    if (before.equals(after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      objects(path, before, after);
    } else if (before.isArray() && after.isArray() && extendsInOrder(before, after)) {
      arrays(path, before, after);
    } else {
      operation("replace", path).set("value", after);
    }
  }

  private void objects(String path, JsonNode before, JsonNode after) {
    for (Map.Entry<String, JsonNode> field : before.properties()) {
      if (!after.has(field.getKey())) {
        operation("remove", path + "/" + escaped(field.getKey()));
      }
    }
    for (Map.Entry<String, JsonNode> field : after.properties()) {
      String child = path + "/" + escaped(field.getKey());
      JsonNode old = before.get(field.getKey());
      if (old == null) {
        operation("add", child).set("value", field.getValue());
      } else {
        compare(child, old, field.getValue());
      }
    }
  }

  /** Whether {@code after} has everything that {@code before} has, in its order, and only adds. */
  private static boolean extendsInOrder(JsonNode before, JsonNode after) {
    int next = 0;
    for (JsonNode each : after) {
      if (next < before.size() && same(before.get(next), each)) {
        next++;
      }
    }
    return next == before.size();
  }

  private void arrays(String path, JsonNode before, JsonNode after) {
    int next = 0;
    for (int i = 0; i < after.size(); i++) {
      if (next < before.size() && same(before.get(next), after.get(i))) {
        compare(path + "/" + i, before.get(next), after.get(i));
        next++;
      } else {
        operation("add", path + "/" + i).set("value", after.get(i));
      }
    }
  }

  /** Named elements, such as containers, are the same while their name is. */
  private static boolean same(JsonNode one, JsonNode other) {
    return one.path("name").isTextual()
        ? one.path("name").equals(other.path("name"))
        : one.equals(other);
  }

  private ObjectNode operation(String op, String path) {
    return operations.addObject().put("op", op).put("path", path);
  }

  /** RFC 6901. */
  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
