package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.select.LabelSelector;
import java.util.List;
import java.util.Optional;

/** Checks the types of the apps group (kubernetes pkg/apis/apps/validation). */
public final class WorkloadValidation {
  private WorkloadValidation() {}

  public static void workload(
      String plural, ObjectNode object, Optional<ObjectNode> old, List<FieldError> errors) {
    JsonNode spec = object.path("spec");
    if (!spec.has("template")) {
      return;
    }
    if (spec.path("replicas").asInt() < 0) {
      errors.add(
          FieldError.invalid(
              "spec.replicas", spec.get("replicas"), "must be greater than or equal to 0"));
    }
    JsonNode selector = spec.path("selector");
    if (selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty()) {
      if (selector.isMissingNode() || selector.isNull()) {
        errors.add(FieldError.required("spec.selector", ""));
      } else {
        errors.add(
            FieldError.invalid(
                "spec.selector", selector, "empty selector is invalid for " + noun(plural)));
      }
    }
    JsonNode labels = spec.path("template").path("metadata").path("labels");
    if (!LabelSelector.of(selector).matches(labels)) {
      errors.add(
          FieldError.invalid(
              "spec.template.metadata.labels",
              labels.isMissingNode() ? Json.object() : labels,
              "`selector` does not match template `labels`"));
    }
    JsonNode template = spec.path("template").path("spec");
    PodValidation.spec("spec.template.spec", template, errors);
    String restart = Json.text(template, "restartPolicy");
    if (!restart.equals("Always")) {
      errors.add(
          FieldError.unsupported("spec.template.spec.restartPolicy", restart, List.of("Always")));
    }
    if (plural.equals("deployments")) {
      strategy(spec.path("strategy"), errors);
    }
    if (old.isPresent() && !Json.same(old.get().path("spec").path("selector"), selector)) {
      errors.add(FieldError.invalid("spec.selector", selector, "field is immutable"));
    }
  }

  private static void strategy(JsonNode strategy, List<FieldError> errors) {
    String type = Json.text(strategy, "type");
    PodValidation.oneOf("spec.strategy.type", type, List.of("Recreate", "RollingUpdate"), errors);
    if (type.equals("Recreate") && Json.has(strategy, "rollingUpdate")) {
      errors.add(
          FieldError.forbidden(
              "spec.strategy.rollingUpdate",
              "may not be specified when strategy `type` is 'Recreate'"));
    }
    JsonNode rolling = strategy.path("rollingUpdate");
    if (zero(rolling.path("maxUnavailable")) && zero(rolling.path("maxSurge"))) {
      errors.add(
          FieldError.invalid(
              "spec.strategy.rollingUpdate.maxUnavailable",
              rolling.path("maxUnavailable"),
              "may not be 0 when `maxSurge` is 0"));
    }
  }

  private static boolean zero(JsonNode number) {
    return number.asText("").equals("0") || number.asText("").equals("0%");
  }

  private static String noun(String plural) {
    return switch (plural) {
      case "deployments" -> "deployment";
      case "replicasets" -> "replica set";
      case "daemonsets" -> "daemonset";
      default -> "statefulset";
    };
  }
}
