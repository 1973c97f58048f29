package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Timestamps;
import dev.weft.apiserver.schema.KnownType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Server-side apply: a manager says what it wants, and owns that. Who applied what is kept in
 * {@code metadata.managedFields} in the {@code FieldsV1} form; who wrote by other means, in the
 * same place by {@link Ownership}. What code in the same process wrote belongs to nobody and is
 * taken over without a conflict.
 */
public final class ApplyPatch {
  private final KnownType known;
  private final ObjectNode config;
  private final String manager;
  private final boolean force;
  private final String part;
  private final ApplySchema schema;

  /** To the object itself. */
  public ApplyPatch(KnownType known, ObjectNode config, String manager, boolean force) {
    this(known, config, manager, force, "");
  }

  /**
   * @param part the sub-resource that is applied to, "" for the object itself: what a manager wants
   *     of one says nothing about the other
   */
  public ApplyPatch(
      KnownType known, ObjectNode config, String manager, boolean force, String part) {
    this.known = known;
    this.config = config;
    this.manager = manager;
    this.force = force;
    this.part = part;
    this.schema = ApplySchema.of(known);
  }

  /** The object for a name that is not taken yet. */
  public ObjectNode created() {
    ObjectNode object = config.deepCopy();
    Json.meta(object)
        .set("managedFields", Json.array().add(entry(FieldSets.of(config, schema, true))));
    return object;
  }

  /**
   * The live object as the manager wants it.
   *
   * @throws ApiException 409 where somebody else applied another value
   */
  public ObjectNode apply(ObjectNode live) {
    ObjectNode wanted = FieldSets.of(config, schema, true);
    ObjectNode before = Json.object();
    List<ObjectNode> others = new ArrayList<>();
    for (ObjectNode entry : Json.objects(Json.at(live, "metadata", "managedFields"))) {
      if (Json.text(entry, "manager").equals(manager)
          && Json.text(entry, "operation").equals("Apply")
          && Json.text(entry, "subresource").equals(part)) {
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
      all.put(Ownership.identity(entry), entry.path("fieldsV1"));
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
    if (!part.isEmpty()) {
      entry.put("subresource", part);
    }
    entry.set("fieldsV1", fields);
    return entry;
  }

  // ---- conflicts

  private void conflicts(ObjectNode live, ObjectNode wanted, List<ObjectNode> others) {
    SequencedMap<String, List<String>> conflicts = new LinkedHashMap<>();
    for (ObjectNode other : others) {
      boolean taken = force || predecessor(other);
      List<String> paths = new ArrayList<>();
      conflicts(live, config, schema, wanted, Json.child(other, "fieldsV1"), "", taken, paths);
      if (!paths.isEmpty() && !taken) {
        conflicts.computeIfAbsent(described(other), ignored -> new ArrayList<>()).addAll(paths);
      }
    }
    if (!conflicts.isEmpty()) {
      throw refused(conflicts);
    }
  }

  /** kubectl takes over, without a conflict, what it wrote before it knew of server-side apply. */
  private boolean predecessor(ObjectNode entry) {
    return manager.equals("kubectl")
        && Json.text(entry, "manager").equals("kubectl-client-side-apply");
  }

  private static String described(ObjectNode entry) {
    String part = Json.text(entry, "subresource");
    return Json.NODES.textNode(Json.text(entry, "manager"))
        + (part.isEmpty() ? "" : " with subresource \"" + part + "\"")
        + (Json.text(entry, "operation").equals("Update")
            ? " using " + Json.text(entry, "apiVersion")
            : "");
  }

  /** Source of the words: k8s.io/apimachinery pkg/util/managedfields/internal/conflict.go. */
  private static ApiException refused(SequencedMap<String, List<String>> conflicts) {
    ObjectNode details = Json.object();
    ArrayNode causes = details.putArray("causes");
    List<String> lines = new ArrayList<>();
    conflicts.forEach(
        (who, paths) -> {
          lines.add("conflicts with " + who + ":");
          for (String path : paths) {
            lines.add("- " + path);
            causes
                .addObject()
                .put("reason", "FieldManagerConflict")
                .put("message", "conflict with " + who)
                .put("field", path);
          }
        });
    String message =
        causes.size() == 1
            ? "Apply failed with 1 conflict: "
                + Json.text(causes.get(0), "message")
                + ": "
                + Json.text(causes.get(0), "field")
            : "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
    return new ApiException(409, "Conflict", message, details);
  }

  /** Collects what both own with different values, and takes it from the other where told to. */
  private void conflicts(
      JsonNode live,
      JsonNode mine,
      ApplySchema at,
      ObjectNode wanted,
      ObjectNode other,
      String path,
      boolean taken,
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
            taken,
            found);
        if (taken && theirs.isEmpty()) {
          other.remove(name);
        }
      } else if (!Json.same(step.live(), step.mine())) {
        found.add(where);
        if (taken) {
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
        .filter(item -> FieldSets.keyOf(item, schema).toString().equals(key))
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
                ? FieldSets.keyOf(list.get(i), at).toString().equals(rest)
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
      Optional<ObjectNode> own = item(result, FieldSets.keyOf(item, schema).toString(), schema);
      if (own.isPresent()) {
        merge(own.get(), item, schema.item());
      } else {
        result.add(item.deepCopy());
      }
    }
    return result;
  }
}
