package dev.weft.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/** Reads what proxies say in JSON. */
final class JsonLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonLines() {}

  /** The last JSON line that contains the text, or a missing node. */
  static JsonNode last(List<String> lines, String text) {
    return lines.stream()
        .filter(l -> l.startsWith("{") && l.contains(text))
        .reduce((first, second) -> second)
        .map(JsonLines::parsed)
        .orElse(JSON.missingNode());
  }

  static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }
}
