package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sets of fields in the {@code FieldsV1} form: {@code f:} a key of an object, {@code k:} an item of
 * a list by its keys, {@code v:} a value of a set; an empty object is a leaf.
 */
final class FieldSets {
  private static final List<String> UNOWNED_METADATA =
      List.of(
          "name",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "managedFields",
          "generateName");

  private FieldSets() {}

  /** The fields that an object sets. */
  static ObjectNode of(ObjectNode object, ApplySchema schema, boolean root) {
    ObjectNode fields = Json.object();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String key = entry.getKey();
      if (root && (key.equals("apiVersion") || key.equals("kind"))) {
        continue;
      }
      ObjectNode inner = fieldsOf(entry.getValue(), schema.field(key));
      if (root && key.equals("metadata")) {
        UNOWNED_METADATA.forEach(own -> inner.remove("f:" + own));
        if (inner.isEmpty()) {
          continue;
        }
      }
      fields.set("f:" + key, inner);
    }
    return fields;
  }

  private static ObjectNode fieldsOf(JsonNode value, ApplySchema schema) {
    if (value instanceof ObjectNode object) {
      return schema.atomicMap() ? Json.object() : of(object, schema, false);
    }
    ObjectNode fields = Json.object();
    if (value instanceof ArrayNode list) {
      for (JsonNode item : list) {
        if (schema.set()) {
          fields.putObject("v:" + item);
        } else if (!schema.listKeys().isEmpty() && item instanceof ObjectNode object) {
          ObjectNode inner = fields.putObject("k:" + keyOf(object, schema));
          inner.putObject(".");
          inner.setAll(of(object, schema.item(), false));
        }
      }
    }
    return fields;
  }

  static ObjectNode keyOf(JsonNode item, ApplySchema schema) {
    ObjectNode key = Json.object();
    for (String name : schema.listKeys()) {
      JsonNode value = item.get(name);
      if (value != null) {
        key.set(name, value);
      } else if (name.equals("protocol")) {
        key.put(name, "TCP");
      }
    }
    return key;
  }

  /** The fields of {@code next} that {@code old} has not, or with another value. */
  static ObjectNode changed(ObjectNode old, ObjectNode next, ApplySchema schema, boolean root) {
    ObjectNode before = root ? owned(old) : old;
    ObjectNode changed = Json.object();
    for (Map.Entry<String, JsonNode> entry : (root ? owned(next) : next).properties()) {
      String key = entry.getKey();
      JsonNode was = before.get(key);
      ApplySchema inner = schema.field(key);
      if (was == null) {
        changed.set("f:" + key, fieldsOf(entry.getValue(), inner));
      } else if (!Json.same(was, entry.getValue())) {
        changed(was, entry.getValue(), inner).ifPresent(f -> changed.set("f:" + key, f));
      }
    }
    return changed;
  }

  /** An object without what nobody owns. */
  private static ObjectNode owned(ObjectNode object) {
    ObjectNode owned = Json.shallow(object);
    owned.remove(List.of("apiVersion", "kind"));
    if (owned.get("metadata") instanceof ObjectNode metadata) {
      ObjectNode rest = Json.shallow(metadata);
      rest.remove(UNOWNED_METADATA);
      if (rest.isEmpty()) {
        owned.remove("metadata");
      } else {
        owned.set("metadata", rest);
      }
    }
    return owned;
  }

  /** Empty where the two differ only by what {@code next} has no longer. */
  private static Optional<ObjectNode> changed(JsonNode old, JsonNode next, ApplySchema schema) {
    if (old instanceof ObjectNode before
        && next instanceof ObjectNode after
        && !schema.atomicMap()) {
      ObjectNode inner = changed(before, after, schema, false);
      return inner.isEmpty() ? Optional.empty() : Optional.of(inner);
    }
    if (!(old instanceof ArrayNode before && next instanceof ArrayNode after)
        || !(schema.set() || !schema.listKeys().isEmpty())) {
      return Optional.of(fieldsOf(next, schema));
    }
    ObjectNode items = Json.object();
    if (schema.set()) {
      for (JsonNode item : after) {
        if (before.valueStream().noneMatch(v -> Json.same(v, item))) {
          items.putObject("v:" + item);
        }
      }
    } else {
      for (ObjectNode item : Json.objects(after)) {
        ObjectNode key = keyOf(item, schema);
        Optional<ObjectNode> was =
            Json.objects(before).stream()
                .filter(other -> keyOf(other, schema).equals(key))
                .findFirst();
        if (was.isEmpty()) {
          ObjectNode inner = items.putObject("k:" + key);
          inner.putObject(".");
          inner.setAll(of(item, schema.item(), false));
        } else {
          ObjectNode inner = changed(was.get(), item, schema.item(), false);
          if (!inner.isEmpty()) {
            items.set("k:" + key, inner);
          }
        }
      }
    }
    return items.isEmpty() ? Optional.empty() : Optional.of(items);
  }

  /** The fields of {@code all} that are not in {@code others}. */
  static ObjectNode minus(ObjectNode all, ObjectNode others) {
    ObjectNode rest = Json.object();
    for (Map.Entry<String, JsonNode> entry : all.properties()) {
      JsonNode other = others.get(entry.getKey());
      if (other == null) {
        rest.set(entry.getKey(), entry.getValue());
      } else if (entry.getValue() instanceof ObjectNode inner
          && other instanceof ObjectNode theirs
          && !inner.isEmpty()
          && !theirs.isEmpty()) {
        ObjectNode left = minus(inner, theirs);
        if (!left.isEmpty()) {
          rest.set(entry.getKey(), left);
        }
      } else if (!other.isEmpty()) {
        rest.set(entry.getKey(), entry.getValue());
      }
    }
    return rest;
  }

  /** All fields of both. */
  static ObjectNode union(ObjectNode a, ObjectNode b) {
    ObjectNode all = a.deepCopy();
    for (Map.Entry<String, JsonNode> entry : b.properties()) {
      JsonNode present = all.get(entry.getKey());
      all.set(
          entry.getKey(),
          present instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode more
              ? union(inner, more)
              : entry.getValue().deepCopy());
    }
    return all;
  }
}
