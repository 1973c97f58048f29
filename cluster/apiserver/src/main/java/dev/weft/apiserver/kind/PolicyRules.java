package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import java.util.List;
import java.util.Optional;

/** Small kinds that say how others are treated: scaling, disruption, priority, claims, leases. */
public final class PolicyRules {
  private static final int HIGHEST_USER_PRIORITY = 1_000_000_000;

  private PolicyRules() {}

  public static void defaults(String plural, ObjectNode object) {
    switch (plural) {
      case "horizontalpodautoscalers" -> autoscaler(Json.child(object, "spec"));
      case "priorityclasses" -> Defaulting.text(object, "preemptionPolicy", "PreemptLowerPriority");
      case "persistentvolumeclaims", "persistentvolumes" ->
          Defaulting.text(Json.child(object, "spec"), "volumeMode", "Filesystem");
      case "storageclasses" -> {
        Defaulting.text(object, "reclaimPolicy", "Delete");
        Defaulting.text(object, "volumeBindingMode", "Immediate");
      }
      default -> {}
    }
  }

  /** Source: kubernetes pkg/apis/autoscaling/v2/defaults.go. */
  private static void autoscaler(ObjectNode spec) {
    Defaulting.number(spec, "minReplicas", 1);
    if (spec.path("metrics").isEmpty()) {
      ObjectNode resource =
          spec.putArray("metrics").addObject().put("type", "Resource").putObject("resource");
      resource.put("name", "cpu");
      resource.putObject("target").put("type", "Utilization").put("averageUtilization", 80);
    }
  }

  public static void validate(
      String plural, ObjectNode object, Optional<ObjectNode> old, List<FieldError> errors) {
    JsonNode spec = object.path("spec");
    switch (plural) {
      case "horizontalpodautoscalers" -> autoscaler(spec, errors);
      case "poddisruptionbudgets" -> {
        if (Json.has(spec, "minAvailable") && Json.has(spec, "maxUnavailable")) {
          errors.add(
              FieldError.invalid(
                  "spec", spec, "minAvailable and maxUnavailable cannot be both set"));
        }
      }
      case "leases" -> {
        if (Json.has(spec, "leaseDurationSeconds")) {
          atLeastOne("spec.leaseDurationSeconds", spec.path("leaseDurationSeconds"), errors);
        }
      }
      case "priorityclasses" -> priority(object, old, errors);
      case "roles", "clusterroles" -> rules(object, errors);
      default -> {}
    }
  }

  private static void autoscaler(JsonNode spec, List<FieldError> errors) {
    for (String field : List.of("kind", "name")) {
      if (Json.text(spec, "scaleTargetRef", field).isEmpty()) {
        errors.add(FieldError.required("spec.scaleTargetRef." + field, ""));
      }
    }
    atLeastOne("spec.minReplicas", spec.path("minReplicas"), errors);
    atLeastOne("spec.maxReplicas", spec.path("maxReplicas"), errors);
    if (spec.path("maxReplicas").asInt() < spec.path("minReplicas").asInt()) {
      errors.add(
          FieldError.invalid(
              "spec.maxReplicas",
              spec.path("maxReplicas"),
              "must be greater than or equal to `minReplicas`"));
    }
  }

  private static void atLeastOne(String field, JsonNode value, List<FieldError> errors) {
    if (value.asInt() < 1) {
      errors.add(
          FieldError.invalid(field, value.isMissingNode() ? 0 : value, "must be greater than 0"));
    }
  }

  private static void priority(
      ObjectNode object, Optional<ObjectNode> old, List<FieldError> errors) {
    String name = Json.text(object, "metadata", "name");
    if (object.path("value").asInt() > HIGHEST_USER_PRIORITY && !name.startsWith("system-")) {
      errors.add(
          FieldError.forbidden(
              "value",
              "maximum allowed value of a user defined priority is " + HIGHEST_USER_PRIORITY));
    }
    if (old.isPresent() && object.path("value").asInt() != old.get().path("value").asInt()) {
      errors.add(FieldError.forbidden("value", "may not be changed in an update."));
    }
  }

  /** Source: kubernetes pkg/apis/rbac/validation, ValidatePolicyRule. */
  private static void rules(ObjectNode role, List<FieldError> errors) {
    int index = 0;
    for (ObjectNode rule : Json.objects(role.get("rules"))) {
      String at = "rules[" + index++ + "]";
      if (rule.path("verbs").isEmpty()) {
        errors.add(FieldError.required(at + ".verbs", "verbs must contain at least one value"));
      }
      if (!rule.path("nonResourceURLs").isEmpty()) {
        if (Json.text(role, "kind").equals("Role")) {
          errors.add(
              FieldError.invalid(
                  at + ".nonResourceURLs",
                  rule.get("nonResourceURLs"),
                  "namespaced rules cannot apply to non-resource URLs"));
        }
        continue;
      }
      for (String field : List.of("apiGroups", "resources")) {
        if (rule.path(field).isEmpty()) {
          String message =
              field.equals("apiGroups")
                  ? "resource rules must supply at least one api group"
                  : "resource rules must supply at least one resource";
          errors.add(FieldError.required(at + "." + field, message));
        }
      }
    }
  }
}
