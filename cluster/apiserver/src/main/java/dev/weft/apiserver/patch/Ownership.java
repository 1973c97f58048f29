package dev.weft.apiserver.patch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Timestamps;
import dev.weft.apiserver.schema.KnownType;
import java.util.Optional;

/**
 * Who set which field by other means than apply, in {@code metadata.managedFields}: the last who
 * changes a field owns it alone (sigs.k8s.io/structured-merge-diff merge/update.go).
 */
public final class Ownership {
  private Ownership() {}

  /**
   * Records in {@code next} what a manager made of {@code old}.
   *
   * @param old empty for a new object
   * @param part the sub-resource that was written, "" for the object itself
   */
  public static void record(
      KnownType known, Optional<ObjectNode> old, ObjectNode next, String manager, String part) {
    ApplySchema schema = ApplySchema.of(known);
    ObjectNode before = old.orElseGet(Json::object);
    ObjectNode changed = FieldSets.changed(before, next, schema, true);
    ObjectNode gone =
        FieldSets.minus(FieldSets.of(before, schema, true), FieldSets.of(next, schema, true));
    if (known.status() && !part.equals("status")) {
      // Not theirs: the server alone sets it here.
      changed.remove("f:status");
      gone.remove("f:status");
    }
    if (changed.isEmpty() && gone.isEmpty()) {
      return;
    }
    ObjectNode own =
        Json.object()
            .put("manager", manager)
            .put("operation", "Update")
            .put("apiVersion", known.type().apiVersion())
            .put("time", Timestamps.now().toString())
            .put("fieldsType", "FieldsV1");
    if (!part.isEmpty()) {
      own.put("subresource", part);
    }
    ObjectNode fields = Json.object();
    ArrayNode entries = Json.array();
    for (ObjectNode entry : Json.objects(Json.at(next, "metadata", "managedFields"))) {
      ObjectNode held = FieldSets.minus(Json.child(entry, "fieldsV1"), gone);
      if (identity(entry).equals(identity(own))) {
        fields = held;
      } else {
        ObjectNode left = FieldSets.minus(held, changed);
        if (!left.isEmpty()) {
          ObjectNode kept = Json.shallow(entry);
          kept.set("fieldsV1", left);
          entries.add(kept);
        }
      }
    }
    fields = FieldSets.union(fields, changed);
    if (!fields.isEmpty()) {
      own.set("fieldsV1", fields);
      entries.add(own);
    }
    Json.meta(next).set("managedFields", entries);
  }

  /** Entries of the same manager by another operation or through another part are others. */
  static String identity(ObjectNode entry) {
    return String.join(
        "\n",
        Json.text(entry, "manager"),
        Json.text(entry, "operation"),
        Json.text(entry, "apiVersion"),
        Json.text(entry, "subresource"));
  }
}
