package dev.weft.apiserver.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/**
 * One column of a table.
 *
 * @param priority 0 for always, 1 for wide output only
 * @param cell the value for an object
 */
record Column(
    String name,
    String type,
    String format,
    String description,
    int priority,
    Function<JsonNode, Object> cell) {

  static Column text(String name, Function<JsonNode, Object> cell) {
    return new Column(name, "string", "", name, 0, cell);
  }

  static Column wide(String name, Function<JsonNode, Object> cell) {
    return new Column(name, "string", "", name, 1, cell);
  }

  static Column number(String name, Function<JsonNode, Object> cell) {
    return new Column(name, "integer", "", name, 0, cell);
  }
}
