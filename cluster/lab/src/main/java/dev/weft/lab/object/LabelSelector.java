package dev.weft.lab.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A label selector as workloads carry it: {@code matchLabels} and {@code matchExpressions}, all of
 * which must hold. An empty selector selects everything.
 */
public record LabelSelector(Map<String, String> matchLabels, List<Expression> matchExpressions) {

  /** One requirement on the value of a label. */
  public record Expression(String key, String operator, List<String> values) {
    boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        default -> false;
      };
    }
  }

  /** Reads a {@code LabelSelector}. */
  public static LabelSelector of(JsonNode selector) {
    List<Expression> expressions = new ArrayList<>();
    for (JsonNode each : selector.path("matchExpressions")) {
      List<String> values = new ArrayList<>();
      each.path("values").forEach(v -> values.add(v.asText()));
      expressions.add(
          new Expression(each.path("key").asText(), each.path("operator").asText(), values));
    }
    return new LabelSelector(Meta.strings(selector.path("matchLabels")), expressions);
  }

  /** Reads a plain map, such as the selector of a Service. */
  public static LabelSelector ofMap(JsonNode map) {
    return new LabelSelector(Meta.strings(map), List.of());
  }

  public boolean matches(Map<String, String> labels) {
    for (Map.Entry<String, String> each : matchLabels.entrySet()) {
      if (!each.getValue().equals(labels.get(each.getKey()))) {
        return false;
      }
    }
    return matchExpressions.stream().allMatch(e -> e.matches(labels));
  }
}
