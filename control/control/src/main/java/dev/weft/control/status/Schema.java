package dev.weft.control.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of the structural OpenAPI schemas that CRDs carry, as neutral trees. */
final class Schema {
  private Schema() {}

  /** A field of an object. */
  record Field(String name, Map<String, Object> schema) {}

  static Field field(String name, Map<String, Object> schema) {
    return new Field(name, schema);
  }

  static Map<String, Object> object(Field... fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Field field : fields) {
      properties.put(field.name(), field.schema());
    }
    return new LinkedHashMap<>(Map.of("type", "object", "properties", properties));
  }

  /** Several lists of fields as one object. */
  static Map<String, Object> object(List<Field> some, Field... others) {
    List<Field> all = new ArrayList<>(some);
    all.addAll(List.of(others));
    return object(all.toArray(Field[]::new));
  }

  static Map<String, Object> required(Map<String, Object> object, String... names) {
    object.put("required", List.of(names));
    return object;
  }

  static Map<String, Object> string() {
    return new LinkedHashMap<>(Map.of("type", "string"));
  }

  static Map<String, Object> constants(String... values) {
    return new LinkedHashMap<>(Map.of("type", "string", "enum", List.of(values)));
  }

  static Map<String, Object> integer() {
    return new LinkedHashMap<>(Map.of("type", "integer"));
  }

  static Map<String, Object> port() {
    return new LinkedHashMap<>(Map.of("type", "integer", "minimum", 0, "maximum", 65535));
  }

  static Map<String, Object> number() {
    return new LinkedHashMap<>(Map.of("type", "number"));
  }

  static Map<String, Object> bool() {
    return new LinkedHashMap<>(Map.of("type", "boolean"));
  }

  static Map<String, Object> list(Map<String, Object> items) {
    return new LinkedHashMap<>(Map.of("type", "array", "items", items));
  }

  static Map<String, Object> strings() {
    return list(string());
  }

  static Map<String, Object> map(Map<String, Object> values) {
    return new LinkedHashMap<>(Map.of("type", "object", "additionalProperties", values));
  }

  static Map<String, Object> labels() {
    return map(string());
  }

  /** An object whose fields are none of the schema's business. */
  static Map<String, Object> open() {
    return new LinkedHashMap<>(
        Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true));
  }

  /** A number or a string. */
  static Map<String, Object> intOrString() {
    return new LinkedHashMap<>(Map.of("x-kubernetes-int-or-string", true));
  }
}
