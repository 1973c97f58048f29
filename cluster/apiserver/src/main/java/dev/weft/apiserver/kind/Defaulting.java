package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;

/** Sets fields that are missing or null, and only those. */
public final class Defaulting {
  private Defaulting() {}

  public static boolean missing(ObjectNode object, String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull();
  }

  /** Also where the field is an empty string: Go cannot tell the two apart. */
  public static void text(ObjectNode object, String field, String value) {
    if (missing(object, field) || object.get(field).asText("x").isEmpty()) {
      object.put(field, value);
    }
  }

  public static void number(ObjectNode object, String field, int value) {
    if (missing(object, field)) {
      object.put(field, value);
    }
  }

  /** Also where the field is zero: for numbers that Go does not hold by pointer. */
  static void positive(ObjectNode object, String field, int value) {
    if (missing(object, field) || object.get(field).asInt(1) == 0) {
      object.put(field, value);
    }
  }

  public static void flag(ObjectNode object, String field, boolean value) {
    if (missing(object, field)) {
      object.put(field, value);
    }
  }

  public static ObjectNode child(ObjectNode object, String field) {
    return Json.child(object, field);
  }
}
