package dev.weft.apiserver.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of JSONPath that printer columns use: {@code .a.b}, {@code ['a']}, {@code [0]}, {@code
 * [*]}, {@code [?(@.type=="Ready")]} and {@code a\.b} for keys with dots.
 */
public final class JsonPath {
  private JsonPath() {}

  /** All values at the path; none where it leads nowhere or is not understood. */
  public static List<JsonNode> find(JsonNode root, String path) {
    List<JsonNode> found = List.of(root);
    int at = 0;
    while (at < path.length() && !found.isEmpty()) {
      if (path.charAt(at) == '[') {
        int end = close(path, at);
        if (end < 0) {
          return List.of();
        }
        found = bracket(found, path.substring(at + 1, end).strip());
        at = end + 1;
      } else {
        if (path.charAt(at) == '.') {
          at++;
        }
        StringBuilder key = new StringBuilder();
        while (at < path.length() && path.charAt(at) != '.' && path.charAt(at) != '[') {
          if (path.charAt(at) == '\\' && at + 1 < path.length()) {
            at++;
          }
          key.append(path.charAt(at++));
        }
        if (!key.isEmpty()) {
          found = step(found, key.toString());
        }
      }
    }
    return found;
  }

  private static int close(String path, int open) {
    char quote = 0;
    for (int i = open + 1; i < path.length(); i++) {
      char c = path.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == ']') {
        return i;
      }
    }
    return -1;
  }

  private static List<JsonNode> step(List<JsonNode> nodes, String key) {
    if (key.equals("*")) {
      return nodes.stream().flatMap(JsonNode::valueStream).toList();
    }
    return nodes.stream().filter(n -> n.has(key)).map(n -> n.get(key)).toList();
  }

  private static List<JsonNode> bracket(List<JsonNode> nodes, String inside) {
    if (inside.equals("*")) {
      return step(nodes, "*");
    }
    if (inside.startsWith("?(@") && inside.endsWith(")")) {
      return filter(nodes, inside.substring(3, inside.length() - 1));
    }
    String key = unquoted(inside);
    if (!key.equals(inside)) {
      return step(nodes, key);
    }
    try {
      int index = Integer.parseInt(inside);
      List<JsonNode> found = new ArrayList<>();
      for (JsonNode node : nodes) {
        int at = index < 0 ? node.size() + index : index;
        if (node.isArray() && at >= 0 && at < node.size()) {
          found.add(node.get(at));
        }
      }
      return found;
    } catch (NumberFormatException e) {
      return List.of();
    }
  }

  private static List<JsonNode> filter(List<JsonNode> nodes, String condition) {
    boolean equal = condition.contains("==");
    int operator = equal ? condition.indexOf("==") : condition.indexOf("!=");
    if (operator < 0) {
      return List.of();
    }
    String path = condition.substring(0, operator).strip();
    String wanted = unquoted(condition.substring(operator + 2).strip());
    return nodes.stream()
        .flatMap(JsonNode::valueStream)
        .filter(
            node ->
                find(node, path).stream().anyMatch(value -> value.asText().equals(wanted)) == equal)
        .toList();
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '\'' || text.charAt(0) == '"')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
