package dev.weft.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.FieldError;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shape of a custom type: the structural schema of one version of a CustomResourceDefinition.
 *
 * <p>Not evaluated: {@code x-kubernetes-validations} (CEL).
 */
public final class CustomShape implements Shape {
  private static final Set<String> ROOT = Set.of("apiVersion", "kind", "metadata");
  private static final MessageShape OBJECT_META =
      new MessageShape(
          () ->
              io.kubernetes.client.proto.Meta.getDescriptor().findMessageTypeByName("ObjectMeta"));

  private final JsonNode schema;
  private final SchemaCheck check;
  private final int fingerprint;

  /** {@code schema} is the {@code openAPIV3Schema} and is not changed from now on. */
  public CustomShape(JsonNode schema) {
    this.schema = schema;
    this.check = new SchemaCheck();
    this.fingerprint = schema.hashCode();
  }

  /** Changes with the schema; kept, because schemas are large. */
  public int fingerprint() {
    return fingerprint;
  }

  public JsonNode schema() {
    return schema;
  }

  @Override
  public List<String> prune(ObjectNode object) {
    List<String> unknown = new ArrayList<>();
    if (object.get("metadata") instanceof ObjectNode meta) {
      for (String message : OBJECT_META.prune(meta)) {
        unknown.add(message.replace("unknown field \"", "unknown field \"metadata."));
      }
    }
    pruneObject(object, schema, "", true, unknown);
    return unknown;
  }

  private static void prune(JsonNode value, JsonNode schema, String path, List<String> unknown) {
    if (value instanceof ObjectNode object) {
      pruneObject(
          object, schema, path, schema.path("x-kubernetes-embedded-resource").asBoolean(), unknown);
    } else if (value instanceof ArrayNode array && schema.path("items").isObject()) {
      for (int i = 0; i < array.size(); i++) {
        prune(array.get(i), schema.get("items"), path + "[" + i + "]", unknown);
      }
    }
  }

  private static void pruneObject(
      ObjectNode object, JsonNode schema, String path, boolean whole, List<String> unknown) {
    boolean preserve = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    JsonNode properties = schema.path("properties");
    JsonNode additional = schema.path("additionalProperties");
    Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, JsonNode> entry = entries.next();
      String key = entry.getKey();
      if (whole && ROOT.contains(key)) {
        continue;
      }
      String at = path.isEmpty() ? key : path + "." + key;
      if (properties.has(key)) {
        prune(entry.getValue(), properties.get(key), at, unknown);
      } else if (additional.isObject()) {
        prune(entry.getValue(), additional, at, unknown);
      } else if (!preserve && !additional.asBoolean()) {
        unknown.add("unknown field \"" + at + "\"");
        entries.remove();
      }
    }
  }

  /** Fills in the {@code default} values of the schema. */
  public void defaults(ObjectNode object) {
    defaults(object, schema);
  }

  private static void defaults(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        JsonNode fallback = property.getValue().get("default");
        JsonNode present = object.get(property.getKey());
        boolean unset =
            present == null
                || (present.isNull() && !property.getValue().path("nullable").asBoolean());
        if (unset && fallback != null) {
          object.set(property.getKey(), fallback.deepCopy());
        }
        if (object.has(property.getKey())) {
          defaults(object.get(property.getKey()), property.getValue());
        }
      }
      JsonNode additional = schema.path("additionalProperties");
      if (additional.isObject()) {
        object.forEach(entry -> defaults(entry, additional));
      }
    } else if (value instanceof ArrayNode array && schema.path("items").isObject()) {
      array.forEach(item -> defaults(item, schema.get("items")));
    }
  }

  public void validate(ObjectNode object, List<FieldError> errors) {
    check.check("", object, schema, errors);
  }
}
