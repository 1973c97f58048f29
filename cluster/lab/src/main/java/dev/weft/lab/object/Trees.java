package dev.weft.lab.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes and compares JSON trees. */
public final class Trees {
  /** Thread-safe once configured. */
  public static final ObjectMapper JSON = new ObjectMapper();

  /** Thread-safe once configured. */
  public static final ObjectMapper YAML = new YAMLMapper();

  private Trees() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Parses YAML or JSON that the lab itself carries. */
  public static ObjectNode yaml(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same bytes for equal trees, whatever the order of their keys. */
  public static String canonical(JsonNode node) {
    StringBuilder out = new StringBuilder();
    canonical(node, out);
    return out.toString();
  }

  private static void canonical(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      Collections.sort(names);
      out.append('{');
      for (String name : names) {
        out.append(name).append(':');
        canonical(node.path(name), out);
        out.append(',');
      }
      out.append('}');
    } else if (node.isArray()) {
      out.append('[');
      node.forEach(
          each -> {
            canonical(each, out);
            out.append(',');
          });
      out.append(']');
    } else {
      out.append(node);
    }
  }

  /** Elements of an array; nothing where there is none. */
  public static List<ObjectNode> objects(JsonNode array) {
    List<ObjectNode> result = new ArrayList<>();
    for (JsonNode each : array) {
      if (each instanceof ObjectNode object) {
        result.add(object);
      }
    }
    return result;
  }

  public static List<String> texts(JsonNode array) {
    List<String> result = new ArrayList<>();
    array.forEach(each -> result.add(each.asText("")));
    return result;
  }
}
