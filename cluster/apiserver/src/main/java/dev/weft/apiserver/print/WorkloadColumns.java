package dev.weft.apiserver.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns of what makes pods from a template (printers.go, as {@link Columns}). */
final class WorkloadColumns {
  private WorkloadColumns() {}

  /** {@code type} is one of the group apps. */
  static List<Column> of(String type, Column age) {
    List<Column> columns = new ArrayList<>(counts(type));
    columns.add(age);
    List<Column> all = with(columns, o -> o.path("spec"));
    return type.equals("statefulsets.apps") ? all.subList(0, all.size() - 1) : all;
  }

  /** The columns and, where there is room, what the pods are made of. */
  static List<Column> with(List<Column> columns, Function<JsonNode, JsonNode> spec) {
    List<Column> all = new ArrayList<>(columns);
    all.add(Column.wide("Containers", o -> joined(podContainers(spec.apply(o)), "name")));
    all.add(Column.wide("Images", o -> joined(podContainers(spec.apply(o)), "image")));
    all.add(Column.wide("Selector", o -> selector(spec.apply(o).path("selector"))));
    return all;
  }

  private static List<Column> counts(String type) {
    return switch (type) {
      case "deployments.apps" ->
          List.of(
              readyOfDesired(),
              Column.text("Up-to-date", Columns.count("status", "updatedReplicas")),
              Column.text("Available", Columns.count("status", "availableReplicas")));
      case "replicasets.apps" ->
          List.of(
              Column.number("Desired", Columns.count("spec", "replicas")),
              Column.number("Current", Columns.count("status", "replicas")),
              Column.number("Ready", Columns.count("status", "readyReplicas")));
      case "daemonsets.apps" ->
          List.of(
              Column.number("Desired", Columns.count("status", "desiredNumberScheduled")),
              Column.number("Current", Columns.count("status", "currentNumberScheduled")),
              Column.number("Ready", Columns.count("status", "numberReady")),
              Column.number("Up-to-date", Columns.count("status", "updatedNumberScheduled")),
              Column.number("Available", Columns.count("status", "numberAvailable")),
              Column.text(
                  "Node Selector",
                  o -> Columns.labels(Json.at(o, "spec", "template", "spec", "nodeSelector"))));
      default -> List.of(readyOfDesired());
    };
  }

  private static Column readyOfDesired() {
    return Column.text(
        "Ready",
        o ->
            Json.at(o, "status", "readyReplicas").asInt()
                + "/"
                + Json.at(o, "spec", "replicas").asInt());
  }

  private static List<ObjectNode> podContainers(JsonNode spec) {
    return Json.objects(Json.at(spec, "template", "spec", "containers"));
  }

  private static String joined(List<ObjectNode> objects, String field) {
    return objects.stream().map(o -> Json.text(o, field)).collect(Collectors.joining(","));
  }

  private static Object selector(JsonNode selector) {
    String shown = Columns.labels(selector.path("matchLabels"));
    List<ObjectNode> expressions = Json.objects(selector.get("matchExpressions"));
    if (expressions.isEmpty()) {
      return shown;
    }
    StringJoiner all = new StringJoiner(",");
    if (!shown.equals(Columns.NONE)) {
      all.add(shown);
    }
    for (ObjectNode expression : expressions) {
      String key = Json.text(expression, "key");
      String values = String.join(",", Json.texts(expression.get("values")));
      all.add(
          switch (Json.text(expression, "operator")) {
            case "In" -> key + " in (" + values + ")";
            case "NotIn" -> key + " notin (" + values + ")";
            case "Exists" -> key;
            default -> "!" + key;
          });
    }
    return all.toString();
  }
}
