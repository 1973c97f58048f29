package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Timestamps;
import dev.weft.apiserver.schema.CustomShape;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.SchemaCheck;
import dev.weft.apiserver.schema.TypeRegistry;
import dev.weft.apiserver.storage.TypeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** CustomResourceDefinitions: their rules, and the types that they make. */
public final class CustomTypes {
  public void defaults(ObjectNode definition) {
    ObjectNode spec = Json.child(definition, "spec");
    ObjectNode names = Json.child(spec, "names");
    String kind = Json.text(names, "kind");
    Defaulting.text(names, "singular", kind.toLowerCase(Locale.ROOT));
    Defaulting.text(names, "listKind", kind + "List");
    Defaulting.text(Json.child(spec, "conversion"), "strategy", "None");
    ObjectNode status = Json.child(definition, "status");
    status.set("acceptedNames", names.deepCopy());
    if (!status.path("storedVersions").isArray()) {
      ArrayNode stored = status.putArray("storedVersions");
      for (ObjectNode version : Json.objects(spec.get("versions"))) {
        if (version.path("storage").asBoolean()) {
          stored.add(Json.text(version, "name"));
        }
      }
    }
  }

  /** Whether clients may rely on the type being served. */
  public static boolean established(ObjectNode definition) {
    return definition.path("status").path("conditions").isArray();
  }

  /** Says so, after the type is served: who waits for it finds it. */
  public static ObjectNode establish(ObjectNode definition) {
    ArrayNode conditions = Json.child(definition, "status").putArray("conditions");
    condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
    condition(
        conditions, "Established", "InitialNamesAccepted", "the initial names have been accepted");
    return definition;
  }

  private static void condition(ArrayNode conditions, String type, String reason, String message) {
    conditions
        .addObject()
        .put("type", type)
        .put("status", "True")
        .put("lastTransitionTime", Timestamps.now().toString())
        .put("reason", reason)
        .put("message", message);
  }

  public void validate(ObjectNode definition, List<FieldError> errors) {
    JsonNode spec = definition.path("spec");
    String group = Json.text(spec, "group");
    String plural = Json.text(spec, "names", "plural");
    String name = Json.text(definition, "metadata", "name");
    required(spec, "spec.group", "group", errors);
    required(spec.path("names"), "spec.names.plural", "plural", errors);
    required(spec.path("names"), "spec.names.kind", "kind", errors);
    if (!name.equals(plural + "." + group)) {
      errors.add(
          FieldError.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
    }
    String scope = Json.text(spec, "scope");
    if (scope.isEmpty()) {
      errors.add(FieldError.required("spec.scope", ""));
    } else {
      PodValidation.oneOf("spec.scope", scope, List.of("Cluster", "Namespaced"), errors);
    }
    if (!Json.text(spec, "conversion", "strategy").equals("None")) {
      errors.add(
          FieldError.unsupported(
              "spec.conversion.strategy",
              Json.text(spec, "conversion", "strategy"),
              List.of("None")));
    }
    List<ObjectNode> versions = Json.objects(spec.get("versions"));
    if (versions.isEmpty()) {
      errors.add(FieldError.required("spec.versions", "must have at least one version"));
      return;
    }
    long storage = versions.stream().filter(v -> v.path("storage").asBoolean()).count();
    if (storage != 1) {
      errors.add(
          FieldError.invalid(
              "spec.versions",
              "versions",
              "must have exactly one version marked as storage version"));
    }
    for (int i = 0; i < versions.size(); i++) {
      JsonNode schema = versions.get(i).path("schema").path("openAPIV3Schema");
      String at = "spec.versions[" + i + "]";
      if (!schema.isObject()) {
        errors.add(FieldError.required(at + ".schema.openAPIV3Schema", "schemas are required"));
      } else if (!Json.text(schema, "type").equals("object")) {
        errors.add(
            FieldError.invalid(
                at + ".schema.openAPIV3Schema.type",
                Json.text(schema, "type"),
                "must be object at the root"));
      } else {
        patterns(at + ".schema.openAPIV3Schema", schema, errors);
      }
    }
  }

  private static void required(
      JsonNode parent, String path, String field, List<FieldError> errors) {
    if (Json.text(parent, field).isEmpty()) {
      errors.add(FieldError.required(path, ""));
    }
  }

  /** A pattern that does not compile would never match or always: refused up front. */
  private static void patterns(String path, JsonNode schema, List<FieldError> errors) {
    String pattern = Json.text(schema, "pattern");
    if (!pattern.isEmpty() && SchemaCheck.compile(pattern).isEmpty()) {
      errors.add(
          FieldError.invalid(path + ".pattern", pattern, "must be a valid regular expression"));
    }
    for (var property : schema.path("properties").properties()) {
      patterns(path + ".properties[" + property.getKey() + "]", property.getValue(), errors);
    }
    if (schema.path("items").isObject()) {
      patterns(path + ".items", schema.get("items"), errors);
    }
    if (schema.path("additionalProperties").isObject()) {
      patterns(path + ".additionalProperties", schema.get("additionalProperties"), errors);
    }
  }

  /** Serves what a definition defines, in place of what it defined before. */
  public void serve(ObjectNode definition, TypeRegistry registry) {
    JsonNode spec = definition.path("spec");
    JsonNode names = spec.path("names");
    String group = Json.text(spec, "group");
    List<KnownType> types = new ArrayList<>();
    for (ObjectNode version : Json.objects(spec.get("versions"))) {
      if (!version.path("served").asBoolean()) {
        continue;
      }
      ResourceType type =
          new ResourceType(
              group,
              Json.text(version, "name"),
              Json.text(names, "plural"),
              Json.text(names, "kind"),
              Json.text(spec, "scope").equals("Namespaced"));
      JsonNode subresources = version.path("subresources");
      types.add(
          new KnownType(
              type,
              Json.text(names, "singular"),
              Json.texts(names.get("shortNames")),
              Json.texts(names.get("categories")),
              Json.has(subresources, "status"),
              scale(subresources.path("scale")),
              false,
              new CustomShape(version.path("schema").path("openAPIV3Schema")),
              columns(version)));
    }
    registry.replace(new TypeKey(group, Json.text(names, "plural")), types);
  }

  private static Optional<KnownType.ScalePaths> scale(JsonNode scale) {
    return scale.isObject()
        ? Optional.of(
            new KnownType.ScalePaths(
                Json.text(scale, "specReplicasPath"),
                Json.text(scale, "statusReplicasPath"),
                Json.text(scale, "labelSelectorPath")))
        : Optional.empty();
  }

  private static List<KnownType.PrinterColumn> columns(ObjectNode version) {
    List<KnownType.PrinterColumn> columns = new ArrayList<>();
    for (ObjectNode column : Json.objects(version.get("additionalPrinterColumns"))) {
      columns.add(
          new KnownType.PrinterColumn(
              Json.text(column, "name"),
              Json.text(column, "type"),
              Json.text(column, "format"),
              Json.text(column, "description"),
              column.path("priority").asInt(),
              Json.text(column, "jsonPath")));
    }
    if (columns.isEmpty()) {
      columns.add(
          new KnownType.PrinterColumn("Age", "date", "", "", 0, ".metadata.creationTimestamp"));
    }
    return columns;
  }
}
