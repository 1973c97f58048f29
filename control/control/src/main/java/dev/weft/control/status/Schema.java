package dev.weft.control.status;

import dev.weft.config.Shape;
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

  /** What parsers read. */
  static Map<String, Object> of(Shape shape) {
    return switch (shape) {
      case Shape.Text text -> text(text.values());
      case Shape.Simple simple ->
          switch (simple) {
            case FLAG -> bool();
            case WHOLE -> integer();
            case PORT -> port();
            case NUMBER -> new LinkedHashMap<>(Map.of("type", "number"));
            case WHOLE_OR_TEXT -> intOrString();
            case OPEN -> open();
          };
      case Shape.ListOf list -> list(of(list.element()));
      case Shape.MapOf map ->
          new LinkedHashMap<>(Map.of("type", "object", "additionalProperties", of(map.value())));
      case Shape.Fields fields -> {
        List<Field> all = new ArrayList<>();
        fields.fields().forEach((name, field) -> all.add(field(name, of(field))));
        Map<String, Object> object = object(all.toArray(Field[]::new));
        yield fields.required().isEmpty()
            ? object
            : required(object, fields.required().toArray(String[]::new));
      }
    };
  }

  private static Map<String, Object> text(List<String> values) {
    Map<String, Object> text = string();
    if (!values.isEmpty()) {
      text.put("enum", values);
    }
    return text;
  }

  static Map<String, Object> object(Field... fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Field field : fields) {
      properties.put(field.name(), field.schema());
    }
    return new LinkedHashMap<>(Map.of("type", "object", "properties", properties));
  }

  static Map<String, Object> required(Map<String, Object> object, String... names) {
    object.put("required", List.of(names));
    return object;
  }

  static Map<String, Object> string() {
    return new LinkedHashMap<>(Map.of("type", "string"));
  }

  static Map<String, Object> integer() {
    return new LinkedHashMap<>(Map.of("type", "integer"));
  }

  private static Map<String, Object> port() {
    return new LinkedHashMap<>(Map.of("type", "integer", "minimum", 0, "maximum", 65535));
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
