package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.MergeKeys;
import dev.weft.apiserver.schema.Protos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patch of built-in types (k8s.io/apimachinery pkg/util/strategicpatch): maps are
 * merged, lists are merged by key where the type says so, with the directives {@code $patch},
 * {@code $retainKeys}, {@code $deleteFromPrimitiveList/…} and {@code $setElementOrder/…}.
 */
public final class StrategicMergePatch {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicMergePatch() {}

  /**
   * The patched object; {@code target} may be changed, {@code patch} is not.
   *
   * @throws ApiException 400 for a malformed patch
   */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch, Descriptor message) {
    return object(target, patch, Optional.of(message));
  }

  private static ObjectNode object(
      ObjectNode target, ObjectNode patch, Optional<Descriptor> message) {
    JsonNode directive = patch.get(PATCH);
    if (directive != null) {
      switch (directive.asText()) {
        case "replace" -> {
          ObjectNode copy = patch.deepCopy();
          copy.remove(PATCH);
          return copy;
        }
        case "delete" -> {
          return Json.object();
        }
        case "merge" -> {}
        default -> throw unknownDirective(directive);
      }
    }
    retainKeys(target, patch);
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      String key = change.getKey();
      JsonNode value = change.getValue();
      if (key.equals(PATCH) || key.equals(RETAIN) || key.startsWith(ORDER)) {
        continue;
      }
      if (key.startsWith(DELETE_FROM)) {
        deleteFrom(target, key.substring(DELETE_FROM.length()), value);
        continue;
      }
      if (value.isNull()) {
        target.remove(key);
        continue;
      }
      Optional<FieldDescriptor> field = message.flatMap(m -> Protos.field(m, key));
      JsonNode present = target.get(key);
      if (value instanceof ObjectNode inner) {
        ObjectNode base = present instanceof ObjectNode own ? own : Json.object();
        target.set(key, object(base, inner, field.flatMap(StrategicMergePatch::messageOf)));
      } else if (value instanceof ArrayNode list) {
        ArrayNode base = present instanceof ArrayNode own ? own : Json.array();
        target.set(key, list(base, list, field, patch.get(ORDER + key)));
      } else {
        target.set(key, value);
      }
    }
    orderOnly(target, patch, message);
    return target;
  }

  /** An order for a list that the patch does not change otherwise. */
  private static void orderOnly(ObjectNode target, ObjectNode patch, Optional<Descriptor> message) {
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      if (!change.getKey().startsWith(ORDER)) {
        continue;
      }
      String key = change.getKey().substring(ORDER.length());
      Optional<FieldDescriptor> field = message.flatMap(m -> Protos.field(m, key));
      if (!patch.has(key) && target.get(key) instanceof ArrayNode own && field.isPresent()) {
        target.set(key, list(own, Json.array(), field, change.getValue()));
      }
    }
  }

  private static Optional<Descriptor> messageOf(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()
        ? Optional.of(field.getMessageType())
        : Optional.empty();
  }

  private static ApiException unknownDirective(JsonNode directive) {
    return Errors.badRequest(
        "Unknown patch directive " + directive + "; use replace, delete or merge");
  }

  private static void retainKeys(ObjectNode target, ObjectNode patch) {
    JsonNode retain = patch.get(RETAIN);
    if (retain != null) {
      if (!retain.isArray()) {
        throw Errors.badRequest("$retainKeys has to be a list of keys");
      }
      target.retain(Json.texts(retain));
    }
  }

  private static void deleteFrom(ObjectNode target, String key, JsonNode values) {
    if (target.get(key) instanceof ArrayNode present) {
      ArrayNode left = Json.array();
      for (JsonNode value : present) {
        if (values.valueStream().noneMatch(v -> Json.same(v, value))) {
          left.add(value);
        }
      }
      target.set(key, left);
    }
  }

  private static ArrayNode list(
      ArrayNode target,
      ArrayNode patch,
      Optional<FieldDescriptor> field,
      @Nullable JsonNode order) {
    Optional<String> mergeKey = field.flatMap(MergeKeys::key);
    if (mergeKey.isPresent()) {
      return merged(
          target, patch, field.flatMap(StrategicMergePatch::messageOf), mergeKey.get(), order);
    }
    if (field.map(MergeKeys::set).orElse(false)) {
      ArrayNode union = target.deepCopy();
      for (JsonNode value : patch) {
        if (union.valueStream().noneMatch(v -> Json.same(v, value))) {
          union.add(value);
        }
      }
      return union;
    }
    return patch.deepCopy();
  }

  private static ArrayNode merged(
      ArrayNode target,
      ArrayNode patch,
      Optional<Descriptor> message,
      String mergeKey,
      @Nullable JsonNode order) {
    List<ObjectNode> items = new ArrayList<>(Json.objects(target));
    boolean replaceAll =
        patch.valueStream().anyMatch(p -> p.path(PATCH).asText().equals("replace"));
    if (replaceAll) {
      items.clear();
    }
    for (JsonNode element : patch) {
      if (!(element instanceof ObjectNode change)) {
        throw Errors.badRequest(
            "a list that is merged by " + mergeKey + " needs objects, not " + element);
      }
      String directive = change.path(PATCH).asText();
      if (directive.equals("replace") && !change.has(mergeKey)) {
        continue;
      }
      if (!change.has(mergeKey)) {
        throw Errors.badRequest(
            "map: " + change + " does not contain declared merge key: " + mergeKey);
      }
      String id = change.get(mergeKey).asText();
      int at = find(items, change, mergeKey);
      switch (directive) {
        case "delete" -> items.removeIf(item -> id(item, mergeKey).equals(id));
        case "replace", "", "merge" -> {
          ObjectNode next = object(at >= 0 ? items.get(at) : Json.object(), change, message);
          if (at >= 0) {
            items.set(at, next);
          } else {
            items.add(next);
          }
        }
        default -> throw unknownDirective(change.get(PATCH));
      }
    }
    return Json.array().addAll(order == null ? items : ordered(items, order, mergeKey));
  }

  private static String id(JsonNode item, String mergeKey) {
    return item.path(mergeKey).asText();
  }

  /**
   * Which item a patch element means. Ports may share a number where their protocols differ, so a
   * protocol in the patch decides between items with the same key.
   */
  private static int find(List<ObjectNode> items, ObjectNode change, String mergeKey) {
    String id = id(change, mergeKey);
    for (int i = 0; i < items.size(); i++) {
      ObjectNode item = items.get(i);
      boolean sameProtocol =
          !change.has("protocol")
              || change.get("protocol").asText().equals(item.path("protocol").asText("TCP"));
      if (id(item, mergeKey).equals(id) && sameProtocol) {
        return i;
      }
    }
    return -1;
  }

  /** Items in the asked order; those that it does not name stay where they stood before others. */
  private static List<ObjectNode> ordered(List<ObjectNode> items, JsonNode order, String mergeKey) {
    Map<String, Integer> rank = new LinkedHashMap<>();
    for (JsonNode entry : order) {
      rank.putIfAbsent(id(entry, mergeKey), rank.size());
    }
    List<ObjectNode> named = new ArrayList<>();
    for (ObjectNode item : items) {
      if (rank.containsKey(id(item, mergeKey))) {
        named.add(item);
      }
    }
    named.sort(Comparator.comparing(item -> rank.getOrDefault(id(item, mergeKey), 0)));
    List<ObjectNode> result = new ArrayList<>();
    int next = 0;
    for (ObjectNode item : items) {
      result.add(rank.containsKey(id(item, mergeKey)) ? named.get(next++) : item);
    }
    return result;
  }
}
