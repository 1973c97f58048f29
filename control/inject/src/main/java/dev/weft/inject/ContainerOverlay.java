package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Puts what a user wrote for the proxy's container over the template: objects field by field, ports
 * and mounts element by element, everything else as a whole. Kubernetes refuses a container that
 * has a port's name or a mount's path twice, so elements have the keys that its own merge has
 * (core/v1 patchMergeKey).
 */
final class ContainerOverlay {
  private ContainerOverlay() {}

  /** Changes the template in place; {@code env} is not touched, an image {@code auto} says none. */
  static void apply(ObjectNode template, ObjectNode own) {
    for (Map.Entry<String, JsonNode> field : own.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      JsonNode old = template.path(name);
      if (name.equals("env") || name.equals("image") && value.asText().equals("auto")) {
        continue;
      }
      if (old instanceof ObjectNode inner && value instanceof ObjectNode over) {
        apply(inner, over);
      } else if (old instanceof ArrayNode list && name.equals("ports")) {
        value.forEach(each -> put(list, each, "containerPort", "protocol"));
      } else if (old instanceof ArrayNode list && name.equals("volumeMounts")) {
        value.forEach(each -> put(list, each, "mountPath"));
      } else {
        template.set(name, value.deepCopy());
      }
    }
  }

  private static void put(ArrayNode list, JsonNode element, String... keys) {
    for (int i = 0; i < list.size(); i++) {
      if (same(list.get(i), element, keys)) {
        list.set(i, element.deepCopy());
        return;
      }
    }
    list.add(element.deepCopy());
  }

  private static boolean same(JsonNode one, JsonNode other, String... keys) {
    for (String key : keys) {
      String otherwise = key.equals("protocol") ? "TCP" : "";
      if (!one.path(key).asText(otherwise).equals(other.path(key).asText(otherwise))) {
        return false;
      }
    }
    return true;
  }
}
