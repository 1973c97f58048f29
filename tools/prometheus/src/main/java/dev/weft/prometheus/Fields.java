package dev.weft.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of an object of the file, read strictly.
 *
 * @param path of the object, for messages: {@code servers[0].tls_config}
 */
record Fields(JsonNode object, String path) {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,6})(ms|s|m|h)");

  /**
   * @param known the names that there are
   */
  static Fields of(JsonNode node, String path, Set<String> known) throws PrometheusFileException {
    if (!node.isObject()) {
      throw new PrometheusFileException(path, "must be a map of fields");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw new PrometheusFileException(
            path + "." + field.getKey(),
            "is no field that is known; there are " + String.join(", ", known));
      }
    }
    return new Fields(node, path);
  }

  /** The object under a name, where there is one. */
  Optional<Fields> object(String name, Set<String> known) throws PrometheusFileException {
    JsonNode node = object.get(name);
    return node == null ? Optional.empty() : Optional.of(of(node, at(name), known));
  }

  /** A text; empty where there is none. */
  String text(String name) throws PrometheusFileException {
    JsonNode node = object.get(name);
    if (node == null || node.isNull()) {
      return "";
    }
    if (!node.isValueNode()) {
      throw fault(name, "must be a text");
    }
    return node.asText();
  }

  /** Texts by name. */
  Map<String, String> texts(String name) throws PrometheusFileException {
    JsonNode node = object.get(name);
    Map<String, String> texts = new LinkedHashMap<>();
    if (node == null || node.isNull()) {
      return texts;
    }
    if (!node.isObject()) {
      throw fault(name, "must be a map of names and texts");
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isValueNode()) {
        throw fault(name + "." + entry.getKey(), "must be a text");
      }
      texts.put(entry.getKey(), entry.getValue().asText());
    }
    return texts;
  }

  /** A duration as Prometheus writes it, of one unit: {@code 15s}. */
  Duration duration(String name, Duration otherwise) throws PrometheusFileException {
    String text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw fault(name, "'" + text + "' is not a duration such as 500ms, 15s or 2m");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  PrometheusFileException fault(String name, String message) {
    return new PrometheusFileException(at(name), message);
  }

  private String at(String name) {
    return path + "." + name;
  }
}
