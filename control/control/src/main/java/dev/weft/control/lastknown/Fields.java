package dev.weft.control.lastknown;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the fields of an object in a file of ours. A field that is not as it was written ends it.
 */
record Fields(JsonNode node, String path) {

  /** The file is not one of ours, or damaged; the message names the field. */
  static final class BrokenException extends RuntimeException {
    BrokenException(String message) {
      super(message);
    }
  }

  boolean has(String name) {
    return node.has(name);
  }

  String text(String name) {
    return of(name, node.path(name).isTextual(), "a string").asText();
  }

  int number(String name) {
    return of(name, node.path(name).isInt(), "a whole number").asInt();
  }

  boolean flag(String name) {
    return of(name, node.path(name).isBoolean(), "true or false").asBoolean();
  }

  Instant time(String name) {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeException e) {
      throw broken(name, "a time");
    }
  }

  <E extends Enum<E>> E constant(String name, Class<E> type) {
    String text = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw broken(name, "a " + type.getSimpleName());
  }

  List<String> texts(String name) {
    List<String> list = new ArrayList<>();
    for (JsonNode element : of(name, node.path(name).isArray(), "a list")) {
      if (!element.isTextual()) {
        throw broken(name, "a list of strings");
      }
      list.add(element.asText());
    }
    return list;
  }

  Map<String, String> textMap(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry :
        of(name, node.path(name).isObject(), "an object").properties()) {
      if (!entry.getValue().isTextual()) {
        throw broken(name, "an object of strings");
      }
      map.put(entry.getKey(), entry.getValue().asText());
    }
    return map;
  }

  <T> List<T> list(String name, Function<Fields, T> read) {
    List<T> list = new ArrayList<>();
    for (JsonNode element : of(name, node.path(name).isArray(), "a list")) {
      list.add(read.apply(new Fields(element, at(name) + "[" + list.size() + "]")));
    }
    return list;
  }

  private JsonNode of(String name, boolean good, String wanted) {
    if (!good) {
      throw broken(name, wanted);
    }
    return node.path(name);
  }

  private BrokenException broken(String name, String wanted) {
    return new BrokenException(at(name) + " is not " + wanted);
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
