package dev.weft.apiserver.select;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A label selector, all of whose requirements must hold. */
public record LabelSelector(List<Requirement> requirements) {
  static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  /** How a label is compared. */
  enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    ABSENT
  }

  /** {@code values} is empty for EXISTS and ABSENT. */
  record Requirement(String key, Operator operator, List<String> values) {
    boolean matches(JsonNode labels) {
      JsonNode label = labels.path(key);
      boolean present = !label.isMissingNode();
      return switch (operator) {
        case IN -> present && values.contains(label.asText());
        case NOT_IN -> !present || !values.contains(label.asText());
        case EXISTS -> present;
        case ABSENT -> !present;
      };
    }
  }

  /**
   * Reads the text form, such as {@code app=web,tier in (a,b),!old}.
   *
   * @throws ApiException 400 where it is malformed
   */
  public static LabelSelector parse(String text) {
    if (text.isBlank()) {
      return EVERYTHING;
    }
    List<Requirement> requirements = new ArrayList<>();
    for (String part : split(text)) {
      requirements.add(requirement(part.strip(), text));
    }
    return new LabelSelector(requirements);
  }

  /** Splits at commas outside of parentheses. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(text.substring(start, i));
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    if (depth != 0) {
      throw malformed(text, "unbalanced parentheses");
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Requirement requirement(String part, String all) {
    if (part.startsWith("!")) {
      return new Requirement(key(part.substring(1), all), Operator.ABSENT, List.of());
    }
    int open = part.indexOf('(');
    if (open >= 0) {
      String[] words = part.substring(0, open).strip().split("\\s+", -1);
      if (words.length != 2 || !part.endsWith(")")) {
        throw malformed(all, "found '" + part + "', expected: key in (a,b)");
      }
      List<String> values =
          Arrays.stream(part.substring(open + 1, part.length() - 1).split(",", -1))
              .map(String::strip)
              .toList();
      return switch (words[1]) {
        case "in" -> new Requirement(key(words[0], all), Operator.IN, values);
        case "notin" -> new Requirement(key(words[0], all), Operator.NOT_IN, values);
        default -> throw malformed(all, "found '" + words[1] + "', expected: in, notin");
      };
    }
    int equals = part.indexOf('=');
    if (equals < 0) {
      return new Requirement(key(part, all), Operator.EXISTS, List.of());
    }
    boolean not = equals > 0 && part.charAt(equals - 1) == '!';
    String key = part.substring(0, not ? equals - 1 : equals);
    String value = part.substring(part.startsWith("==", equals) ? equals + 2 : equals + 1).strip();
    if (!Names.labelValue(value)) {
      throw malformed(all, "values[0][" + key.strip() + "]: Invalid value: \"" + value + "\"");
    }
    return new Requirement(key(key, all), not ? Operator.NOT_IN : Operator.IN, List.of(value));
  }

  private static String key(String text, String all) {
    String key = text.strip();
    if (!Names.labelKey(key)) {
      throw malformed(all, "found '" + key + "', expected: a label key");
    }
    return key;
  }

  private static ApiException malformed(String text, String why) {
    return Errors.badRequest(
        "unable to parse requirement: " + why + " (label selector \"" + text + "\")");
  }

  /** From {@code matchLabels} and {@code matchExpressions}; a missing one selects everything. */
  public static LabelSelector of(JsonNode selector) {
    List<Requirement> requirements = new ArrayList<>();
    for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
      requirements.add(
          new Requirement(label.getKey(), Operator.IN, List.of(label.getValue().asText())));
    }
    for (ObjectNode expression : Json.objects(selector.get("matchExpressions"))) {
      String key = Json.text(expression, "key");
      List<String> values = Json.texts(expression.get("values"));
      requirements.add(
          switch (Json.text(expression, "operator")) {
            case "In" -> new Requirement(key, Operator.IN, values);
            case "NotIn" -> new Requirement(key, Operator.NOT_IN, values);
            case "Exists" -> new Requirement(key, Operator.EXISTS, List.of());
            case "DoesNotExist" -> new Requirement(key, Operator.ABSENT, List.of());
            default ->
                throw Errors.badRequest(
                    "\""
                        + Json.text(expression, "operator")
                        + "\" is not a valid label selector operator; use In, NotIn, Exists or"
                        + " DoesNotExist");
          });
    }
    return new LabelSelector(requirements);
  }

  /** Whether an object with this {@code metadata.labels} is meant. */
  public boolean matches(JsonNode labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }
}
