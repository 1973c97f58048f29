package dev.weft.apiserver.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.apiserver.ApiException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON and YAML text to trees and back, and short ways to read a tree. */
public final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();
  public static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final YAMLFactory YAML = new YAMLFactory();

  private Json() {}

  public static ObjectNode object() {
    return NODES.objectNode();
  }

  public static ArrayNode array() {
    return NODES.arrayNode();
  }

  /**
   * Reads one JSON document.
   *
   * @param duplicates receives {@code duplicate field "path"} for every repeated key
   * @throws ApiException 400 for anything that is not one well-formed document
   */
  public static JsonNode read(byte[] text, List<String> duplicates) {
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      return document(parser, duplicates);
    } catch (IOException e) {
      throw malformed("json", e);
    }
  }

  /** As {@link #read}, for YAML. */
  public static JsonNode readYaml(byte[] text, List<String> duplicates) {
    try (JsonParser parser = YAML.createParser(text)) {
      return document(parser, duplicates);
    } catch (IOException | RuntimeException e) {
      if (e instanceof ApiException refused) {
        throw refused;
      }
      throw malformed("yaml", e);
    }
  }

  private static ApiException malformed(String format, Exception e) {
    String message =
        e instanceof JsonProcessingException syntax
            ? syntax.getOriginalMessage()
            : String.valueOf(e.getMessage());
    return Errors.badRequest(
        "the object provided is unrecognized: couldn't get version/kind; "
            + format
            + " parse error: "
            + message);
  }

  private static JsonNode document(JsonParser parser, List<String> duplicates) throws IOException {
    if (parser.nextToken() == null) {
      throw Errors.badRequest("the request has no body where an object is expected");
    }
    JsonNode node = value(parser, "", duplicates);
    if (parser.nextToken() != null) {
      throw Errors.badRequest("the request body holds more than one document; send one object");
    }
    return node;
  }

  private static JsonNode value(JsonParser parser, String path, List<String> duplicates)
      throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case START_OBJECT -> {
        ObjectNode node = object();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          String at = path.isEmpty() ? key : path + "." + key;
          if (node.replace(key, value(parser, at, duplicates)) != null) {
            duplicates.add("duplicate field \"" + at + "\"");
          }
        }
        return node;
      }
      case START_ARRAY -> {
        ArrayNode node = array();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          node.add(value(parser, path + "[" + node.size() + "]", duplicates));
        }
        return node;
      }
      case VALUE_STRING -> {
        return NODES.textNode(parser.getText());
      }
      case VALUE_NUMBER_INT -> {
        return switch (parser.getNumberType()) {
          case INT -> NODES.numberNode(parser.getIntValue());
          case LONG -> NODES.numberNode(parser.getLongValue());
          default -> NODES.numberNode(parser.getBigIntegerValue());
        };
      }
      case VALUE_NUMBER_FLOAT -> {
        return NODES.numberNode(parser.getDoubleValue());
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return NODES.booleanNode(token == JsonToken.VALUE_TRUE);
      }
      case VALUE_NULL -> {
        return NODES.nullNode();
      }
      default -> throw Errors.badRequest("unexpected " + token + " at " + path);
    }
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static ObjectNode stored(byte[] text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException("a stored object is not JSON", e);
    }
  }

  /** The text at a path of keys; "" where there is none. */
  public static String text(JsonNode node, String... keys) {
    JsonNode found = at(node, keys);
    return found.isValueNode() && !found.isNull() ? found.asText() : "";
  }

  /** The node at a path of keys; a missing node where there is none. */
  public static JsonNode at(JsonNode node, String... keys) {
    JsonNode found = node;
    for (String key : keys) {
      found = found.path(key);
    }
    return found;
  }

  public static boolean has(JsonNode node, String... keys) {
    JsonNode found = at(node, keys);
    return !found.isMissingNode() && !found.isNull();
  }

  /** The object under {@code key}, made where it is missing or null. */
  public static ObjectNode child(ObjectNode parent, String key) {
    return parent.get(key) instanceof ObjectNode child ? child : parent.putObject(key);
  }

  public static ObjectNode meta(ObjectNode object) {
    return child(object, "metadata");
  }

  /** The objects in an array; nothing where {@code node} is none. */
  public static List<ObjectNode> objects(@Nullable JsonNode node) {
    if (node == null || !node.isArray()) {
      return List.of();
    }
    return node.valueStream()
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .toList();
  }

  public static List<String> texts(@Nullable JsonNode node) {
    if (node == null || !node.isArray()) {
      return List.of();
    }
    return node.valueStream().map(JsonNode::asText).toList();
  }

  /** A shallow copy, so that a few keys can be changed without touching the original. */
  public static ObjectNode shallow(ObjectNode node) {
    ObjectNode copy = object();
    copy.setAll(node);
    return copy;
  }

  /** As the parser makes it: an int where it fits. */
  public static JsonNode number(long value) {
    return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  /** Whether two trees mean the same: 1 is 1 whether read as int or as long. */
  public static boolean same(JsonNode a, JsonNode b) {
    return a.equals(
        (x, y) -> {
          if (x.isIntegralNumber() && y.isIntegralNumber()) {
            return x.bigIntegerValue().compareTo(y.bigIntegerValue());
          }
          return x.isNumber() && y.isNumber()
              ? Double.compare(x.asDouble(), y.asDouble())
              : x.equals(y) ? 0 : 1;
        },
        b);
  }

  public static ArrayNode strings(Iterable<String> values) {
    ArrayNode node = array();
    values.forEach(node::add);
    return node;
  }

  public static ObjectNode strings(Map<String, String> values) {
    ObjectNode node = object();
    values.forEach(node::put);
    return node;
  }
}
