package dev.weft.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Checks values against an OpenAPI v3 schema, with the messages of Kubernetes. Thread-safe. */
public final class SchemaCheck {
  /** Compiled once per schema; empty for those that RE2 does not accept. */
  private final Map<String, Optional<Pattern>> patterns = new ConcurrentHashMap<>();

  public void check(String path, JsonNode value, JsonNode schema, List<FieldError> errors) {
    if (value.isNull() && schema.path("nullable").asBoolean()) {
      return;
    }
    if (!type(path, value, schema, errors)) {
      return;
    }
    JsonNode choices = schema.path("enum");
    if (choices.isArray() && choices.valueStream().noneMatch(c -> Json.same(c, value))) {
      errors.add(
          FieldError.unsupported(
              path, value.isTextual() ? value.asText() : value, Json.texts(choices)));
    }
    if (value.isTextual()) {
      text(path, value.asText(), schema, errors);
    } else if (value.isNumber()) {
      number(path, value, schema, errors);
    } else if (value.isArray()) {
      array(path, value, schema, errors);
    } else if (value.isObject()) {
      object(path, value, schema, errors);
    }
    combinations(path, value, schema, errors);
  }

  private static boolean type(
      String path, JsonNode value, JsonNode schema, List<FieldError> errors) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      if (value.isIntegralNumber() || value.isTextual()) {
        return true;
      }
      errors.add(mistyped(path, value, "integer,string"));
      return false;
    }
    String type = Json.text(schema, "type");
    boolean fits =
        switch (type) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isTextual();
          case "boolean" -> value.isBoolean();
          case "number" -> value.isNumber();
          case "integer" ->
              value.isIntegralNumber() || (value.isNumber() && value.asDouble() % 1 == 0);
          default -> true;
        };
    if (!fits) {
      errors.add(mistyped(path, value, type));
    }
    return fits;
  }

  private static FieldError mistyped(String path, JsonNode value, String wanted) {
    String found =
        switch (value.getNodeType()) {
          case STRING -> "string";
          case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
          case BOOLEAN -> "boolean";
          case ARRAY -> "array";
          case OBJECT, POJO, BINARY -> "object";
          case MISSING, NULL -> "null";
        };
    return new FieldError(
        "FieldValueTypeInvalid",
        shown(path),
        "Invalid value: \""
            + found
            + "\": "
            + path
            + " in body must be of type "
            + wanted
            + ": \""
            + found
            + "\"");
  }

  private static String shown(String path) {
    return path.isEmpty() ? "<nil>" : path;
  }

  private static void fail(String path, JsonNode value, String rule, List<FieldError> errors) {
    Object shownValue = value.isTextual() ? value.asText() : value;
    errors.add(FieldError.invalid(shown(path), shownValue, path + " in body " + rule));
  }

  private void text(String path, String value, JsonNode schema, List<FieldError> errors) {
    JsonNode node = Json.NODES.textNode(value);
    int length = value.codePointCount(0, value.length());
    if (schema.has("maxLength") && length > schema.get("maxLength").asLong()) {
      errors.add(
          new FieldError(
              "FieldValueTooLong",
              path,
              "Too long: may not be more than " + schema.get("maxLength").asLong() + " bytes"));
    }
    if (schema.has("minLength") && length < schema.get("minLength").asLong()) {
      fail(
          path,
          node,
          "should be at least " + schema.get("minLength").asLong() + " chars long",
          errors);
    }
    String pattern = Json.text(schema, "pattern");
    if (!pattern.isEmpty()) {
      Optional<Pattern> compiled = patterns.computeIfAbsent(pattern, SchemaCheck::compile);
      if (compiled.isPresent() && !compiled.get().matcher(value).find()) {
        fail(path, node, "should match '" + pattern + "'", errors);
      }
    }
  }

  public static Optional<Pattern> compile(String pattern) {
    try {
      return Optional.of(Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  private static void number(
      String path, JsonNode value, JsonNode schema, List<FieldError> errors) {
    double number = value.asDouble();
    if (schema.has("minimum")) {
      boolean exclusive = schema.path("exclusiveMinimum").asBoolean();
      double minimum = schema.get("minimum").asDouble();
      if (exclusive ? number <= minimum : number < minimum) {
        fail(
            path,
            value,
            "should be greater than " + (exclusive ? "" : "or equal to ") + schema.get("minimum"),
            errors);
      }
    }
    if (schema.has("maximum")) {
      boolean exclusive = schema.path("exclusiveMaximum").asBoolean();
      double maximum = schema.get("maximum").asDouble();
      if (exclusive ? number >= maximum : number > maximum) {
        fail(
            path,
            value,
            "should be less than " + (exclusive ? "" : "or equal to ") + schema.get("maximum"),
            errors);
      }
    }
    double step = schema.path("multipleOf").asDouble();
    if (step > 0 && number % step != 0) {
      fail(path, value, "should be a multiple of " + schema.get("multipleOf"), errors);
    }
  }

  private void array(String path, JsonNode value, JsonNode schema, List<FieldError> errors) {
    if (schema.has("minItems") && value.size() < schema.get("minItems").asInt()) {
      fail(
          path, value, "should have at least " + schema.get("minItems").asInt() + " items", errors);
    }
    if (schema.has("maxItems") && value.size() > schema.get("maxItems").asInt()) {
      errors.add(
          new FieldError(
              "FieldValueTooMany",
              path,
              "Too many: "
                  + value.size()
                  + ": must have at most "
                  + schema.get("maxItems").asInt()
                  + " items"));
    }
    Set<JsonNode> seen = new HashSet<>();
    boolean unique =
        schema.path("uniqueItems").asBoolean()
            || Json.text(schema, "x-kubernetes-list-type").equals("set");
    List<String> keys =
        Json.text(schema, "x-kubernetes-list-type").equals("map")
            ? Json.texts(schema.get("x-kubernetes-list-map-keys"))
            : List.of();
    for (int i = 0; i < value.size(); i++) {
      JsonNode item = value.get(i);
      if (!keys.isEmpty()) {
        var key = Json.object();
        keys.forEach(k -> key.set(k, item.get(k)));
        if (!seen.add(key)) {
          errors.add(FieldError.duplicate(path + "[" + i + "]", key));
        }
      } else if (unique && !seen.add(item)) {
        errors.add(FieldError.duplicate(path + "[" + i + "]", item));
      }
      if (schema.path("items").isObject()) {
        check(path + "[" + i + "]", item, schema.get("items"), errors);
      }
    }
  }

  private void object(String path, JsonNode value, JsonNode schema, List<FieldError> errors) {
    for (String required : Json.texts(schema.get("required"))) {
      if (!value.has(required)) {
        errors.add(FieldError.required(path.isEmpty() ? required : path + "." + required, ""));
      }
    }
    if (schema.has("minProperties") && value.size() < schema.get("minProperties").asInt()) {
      fail(
          path,
          value,
          "should have at least " + schema.get("minProperties").asInt() + " properties",
          errors);
    }
    if (schema.has("maxProperties") && value.size() > schema.get("maxProperties").asInt()) {
      fail(
          path,
          value,
          "should have at most " + schema.get("maxProperties").asInt() + " properties",
          errors);
    }
    JsonNode properties = schema.path("properties");
    JsonNode additional = schema.path("additionalProperties");
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      JsonNode inner = properties.get(entry.getKey());
      if (inner == null && additional.isObject()) {
        inner = additional;
      }
      // Metadata is checked by the server's own rules.
      if (inner != null && !(path.isEmpty() && entry.getKey().equals("metadata"))) {
        check(
            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
            entry.getValue(),
            inner,
            errors);
      }
    }
  }

  private void combinations(String path, JsonNode value, JsonNode schema, List<FieldError> errors) {
    for (JsonNode all : schema.path("allOf")) {
      check(path, value, all, errors);
    }
    JsonNode any = schema.path("anyOf");
    if (any.isArray() && matching(path, value, any) == 0) {
      errors.add(
          new FieldError(
              "FieldValueInvalid",
              shown(path),
              "Invalid value: \"\": \"" + path + "\" must validate at least one schema (anyOf)"));
    }
    JsonNode one = schema.path("oneOf");
    if (one.isArray()) {
      int matching = matching(path, value, one);
      if (matching != 1) {
        errors.add(
            new FieldError(
                "FieldValueInvalid",
                shown(path),
                "Invalid value: \"\": \""
                    + path
                    + "\" must validate one and only one schema (oneOf). Found "
                    + (matching == 0 ? "none valid" : matching + " valid alternatives")));
      }
    }
    JsonNode not = schema.path("not");
    if (not.isObject() && valid(path, value, not)) {
      errors.add(
          new FieldError(
              "FieldValueInvalid",
              shown(path),
              "Invalid value: \"\": \"" + path + "\" must not validate the schema (not)"));
    }
  }

  private int matching(String path, JsonNode value, JsonNode schemas) {
    int count = 0;
    for (JsonNode schema : schemas) {
      count += valid(path, value, schema) ? 1 : 0;
    }
    return count;
  }

  private boolean valid(String path, JsonNode value, JsonNode schema) {
    List<FieldError> errors = new ArrayList<>();
    check(path, value, schema, errors);
    return errors.isEmpty();
  }
}
