package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Timestamps;
import dev.weft.apiserver.schema.KnownType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Server-side apply: a manager says what it wants, and owns that. Who applied what is kept in
 * {@code metadata.managedFields} in the {@code FieldsV1} form. Only appliers are tracked: what was
 * written by other means belongs to nobody and is taken over without a conflict.
 */
public final class ApplyPatch {
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

  private final KnownType known;
  private final ObjectNode config;
  private final String manager;
  private final boolean force;
  private final ApplySchema schema;

  public ApplyPatch(KnownType known, ObjectNode config, String manager, boolean force) {
    this.known = known;
    this.config = config;
    this.manager = manager;
    this.force = force;
    this.schema = ApplySchema.of(known);
  }

  /** The object for a name that is not taken yet. */
  public ObjectNode created() {
    ObjectNode object = config.deepCopy();
    Json.meta(object).set("managedFields", Json.array().add(entry(fields(config, schema, true))));
    return object;
  }

  /**
   * The live object as the manager wants it.
   *
   * @throws ApiException 409 where somebody else applied another value
   */
  public ObjectNode apply(ObjectNode live) {
    ObjectNode wanted = fields(config, schema, true);
    ObjectNode before = Json.object();
    List<ObjectNode> others = new ArrayList<>();
    for (ObjectNode entry : Json.objects(Json.at(live, "metadata", "managedFields"))) {
      if (Json.text(entry, "manager").equals(manager)) {
        before = Json.child(entry, "fieldsV1").deepCopy();
      } else {
        others.add(entry.deepCopy());
      }
    }
    conflicts(live, wanted, others);
    List<ObjectNode> otherFields =
        others.stream().map(entry -> Json.child(entry, "fieldsV1")).toList();
    prune(live, before, wanted, otherFields);
    merge(live, config, schema);
    ArrayNode entries = Json.array();
    others.stream().filter(e -> !Json.child(e, "fieldsV1").isEmpty()).forEach(entries::add);
    entries.add(entry(wanted));
    Json.meta(live).set("managedFields", unchanged(live, entries) ? old(live) : entries);
    return live;
  }

  private static JsonNode old(ObjectNode live) {
    return Json.at(live, "metadata", "managedFields");
  }

  /** Whether only times differ: applying the same again must not be a write. */
  private static boolean unchanged(ObjectNode live, ArrayNode entries) {
    return timeless(old(live)).equals(timeless(entries));
  }

  private static Map<String, JsonNode> timeless(JsonNode entries) {
    Map<String, JsonNode> all = new TreeMap<>();
    for (ObjectNode entry : Json.objects(entries)) {
      all.put(Json.text(entry, "manager"), entry.path("fieldsV1"));
    }
    return all;
  }

  private ObjectNode entry(ObjectNode fields) {
    ObjectNode entry =
        Json.object()
            .put("manager", manager)
            .put("operation", "Apply")
            .put("apiVersion", known.type().apiVersion())
            .put("time", Timestamps.now().toString())
            .put("fieldsType", "FieldsV1");
    entry.set("fieldsV1", fields);
    return entry;
  }

  // ---- which fields a value sets

  private static ObjectNode fields(ObjectNode object, ApplySchema schema, boolean root) {
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
      return schema.atomicMap() ? Json.object() : fields(object, schema, false);
    }
    ObjectNode fields = Json.object();
    if (value instanceof ArrayNode list) {
      for (JsonNode item : list) {
        if (schema.set()) {
          fields.putObject("v:" + item);
        } else if (!schema.listKeys().isEmpty() && item instanceof ObjectNode object) {
          ObjectNode inner = fields.putObject("k:" + keyOf(object, schema));
          inner.putObject(".");
          inner.setAll(fields(object, schema.item(), false));
        }
      }
    }
    return fields;
  }

  private static ObjectNode keyOf(JsonNode item, ApplySchema schema) {
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

  // ---- conflicts

  private void conflicts(ObjectNode live, ObjectNode wanted, List<ObjectNode> others) {
    List<FieldError> conflicts = new ArrayList<>();
    for (ObjectNode other : others) {
      List<String> paths = new ArrayList<>();
      conflicts(live, config, schema, wanted, Json.child(other, "fieldsV1"), "", paths);
      for (String path : paths) {
        conflicts.add(
            new FieldError(
                "FieldManagerConflict",
                path,
                "conflict with \"" + Json.text(other, "manager") + "\""));
      }
    }
    if (conflicts.isEmpty() || force) {
      return;
    }
    StringBuilder message =
        new StringBuilder("Apply failed with ")
            .append(conflicts.size())
            .append(conflicts.size() == 1 ? " conflict: " : " conflicts: ");
    ObjectNode details = Json.object();
    ArrayNode causes = details.putArray("causes");
    String separator = "";
    for (FieldError conflict : conflicts) {
      message.append(separator).append(conflict.message()).append(": ").append(conflict.field());
      separator = ", ";
      causes
          .addObject()
          .put("reason", conflict.reason())
          .put("message", conflict.message())
          .put("field", conflict.field());
    }
    throw new ApiException(409, "Conflict", message.toString(), details);
  }

  /** Collects what both own with different values, and takes it from the other where forced. */
  private void conflicts(
      JsonNode live,
      JsonNode mine,
      ApplySchema at,
      ObjectNode wanted,
      ObjectNode other,
      String path,
      List<String> found) {
    for (Map.Entry<String, JsonNode> entry : wanted.properties()) {
      String name = entry.getKey();
      if (name.equals(".")
          || name.startsWith("v:")
          || !(other.get(name) instanceof ObjectNode theirs)) {
        continue;
      }
      Step step = step(at, name, live, mine);
      String where = path + step.shown();
      if (!entry.getValue().isEmpty() && !theirs.isEmpty()) {
        conflicts(
            step.live(),
            step.mine(),
            step.schema(),
            (ObjectNode) entry.getValue(),
            theirs,
            where,
            found);
      } else if (!Json.same(step.live(), step.mine())) {
        found.add(where);
        if (force) {
          other.remove(name);
        }
      }
    }
  }

  /** One step down a field path, in two objects at once. */
  private record Step(ApplySchema schema, JsonNode live, JsonNode mine, String shown) {}

  private static Step step(ApplySchema at, String name, JsonNode live, JsonNode mine) {
    String rest = name.substring(2);
    if (name.startsWith("f:")) {
      return new Step(at.field(rest), live.path(rest), mine.path(rest), "." + rest);
    }
    return new Step(
        at.item(),
        item(live, rest, at).<JsonNode>map(o -> o).orElse(Json.object()),
        item(mine, rest, at).<JsonNode>map(o -> o).orElse(Json.object()),
        "[" + rest.substring(1, rest.length() - 1).replace("\"", "").replace(":", "=") + "]");
  }

  private static Optional<ObjectNode> item(JsonNode list, String key, ApplySchema schema) {
    return Json.objects(list).stream()
        .filter(item -> keyOf(item, schema).toString().equals(key))
        .findFirst();
  }

  // ---- what the manager no longer wants

  private void prune(
      ObjectNode live, ObjectNode before, ObjectNode wanted, List<ObjectNode> others) {
    prune(live, schema, before, wanted, others);
  }

  private static void prune(
      JsonNode live,
      ApplySchema at,
      ObjectNode before,
      ObjectNode wanted,
      List<ObjectNode> others) {
    for (Map.Entry<String, JsonNode> entry : before.properties()) {
      String name = entry.getKey();
      if (name.equals(".") || !(entry.getValue() instanceof ObjectNode owned)) {
        continue;
      }
      List<ObjectNode> owners =
          others.stream()
              .map(other -> other.get(name))
              .filter(ObjectNode.class::isInstance)
              .map(ObjectNode.class::cast)
              .toList();
      boolean whole = owned.isEmpty() || owned.has(".");
      if (!wanted.has(name) && owners.isEmpty() && whole) {
        remove(live, at, name);
        continue;
      }
      if (name.startsWith("v:")) {
        continue;
      }
      Step step = step(at, name, live, Json.object());
      ObjectNode still = wanted.get(name) instanceof ObjectNode inner ? inner : Json.object();
      prune(step.live(), step.schema(), owned, still, owners);
      if (!wanted.has(name)
          && owners.isEmpty()
          && step.live().isContainerNode()
          && step.live().isEmpty()) {
        remove(live, at, name);
      }
    }
  }

  private static void remove(JsonNode live, ApplySchema at, String name) {
    String rest = name.substring(2);
    if (live instanceof ObjectNode object) {
      object.remove(rest);
    } else if (live instanceof ArrayNode list) {
      for (int i = list.size() - 1; i >= 0; i--) {
        boolean meant =
            name.startsWith("k:")
                ? keyOf(list.get(i), at).toString().equals(rest)
                : list.get(i).toString().equals(rest);
        if (meant) {
          list.remove(i);
        }
      }
    }
  }

  // ---- what it wants

  private static void merge(ObjectNode live, ObjectNode config, ApplySchema schema) {
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      ApplySchema inner = schema.field(key);
      if (value instanceof ObjectNode object
          && !inner.atomicMap()
          && live.get(key) instanceof ObjectNode present) {
        merge(present, object, inner);
      } else if (value instanceof ArrayNode list && live.get(key) instanceof ArrayNode present) {
        live.set(key, merged(present, list, inner));
      } else {
        live.set(key, value.deepCopy());
      }
    }
  }

  private static ArrayNode merged(ArrayNode present, ArrayNode wanted, ApplySchema schema) {
    if (schema.set()) {
      ArrayNode union = present.deepCopy();
      for (JsonNode value : wanted) {
        if (union.valueStream().noneMatch(v -> Json.same(v, value))) {
          union.add(value);
        }
      }
      return union;
    }
    if (schema.listKeys().isEmpty()) {
      return wanted.deepCopy();
    }
    ArrayNode result = present.deepCopy();
    for (ObjectNode item : Json.objects(wanted)) {
      Optional<ObjectNode> own = item(result, keyOf(item, schema).toString(), schema);
      if (own.isPresent()) {
        merge(own.get(), item, schema.item());
      } else {
        result.add(item.deepCopy());
      }
    }
    return result;
  }
}
