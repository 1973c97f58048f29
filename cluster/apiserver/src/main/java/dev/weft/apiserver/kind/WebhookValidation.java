package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks configurations of webhooks (kubernetes pkg/apis/admissionregistration/validation). */
public final class WebhookValidation {
  private static final List<String> NO_SIDE_EFFECTS = List.of("None", "NoneOnDryRun");

  private WebhookValidation() {}

  public static void configuration(ObjectNode object, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    int index = 0;
    for (ObjectNode webhook : Json.objects(object.get("webhooks"))) {
      String at = "webhooks[" + index++ + "]";
      String name = Json.text(webhook, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (name.split("\\.", -1).length < 3) {
        errors.add(
            FieldError.invalid(
                at + ".name",
                name,
                "should be a domain with at least three segments separated by dots"));
      } else if (!names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", name));
      }
      webhook(at, webhook, errors);
    }
  }

  private static void webhook(String at, ObjectNode webhook, List<FieldError> errors) {
    List<String> versions = Json.texts(webhook.get("admissionReviewVersions"));
    if (versions.isEmpty()) {
      errors.add(
          FieldError.required(at + ".admissionReviewVersions", "must specify one of v1, v1beta1"));
    } else if (!versions.contains("v1")) {
      errors.add(
          FieldError.invalid(
              at + ".admissionReviewVersions", Json.strings(versions), "must include v1"));
    }
    String effects = Json.text(webhook, "sideEffects");
    if (effects.isEmpty()) {
      errors.add(
          FieldError.required(at + ".sideEffects", "must specify one of None, NoneOnDryRun"));
    } else if (!NO_SIDE_EFFECTS.contains(effects)) {
      errors.add(FieldError.unsupported(at + ".sideEffects", effects, NO_SIDE_EFFECTS));
    }
    PodValidation.oneOf(
        at + ".failurePolicy",
        Json.text(webhook, "failurePolicy"),
        List.of("Fail", "Ignore"),
        errors);
    PodValidation.oneOf(
        at + ".matchPolicy",
        Json.text(webhook, "matchPolicy"),
        List.of("Equivalent", "Exact"),
        errors);
    int timeout = webhook.path("timeoutSeconds").asInt();
    if (timeout < 1 || timeout > 30) {
      errors.add(
          FieldError.invalid(
              at + ".timeoutSeconds",
              timeout,
              "the timeout value must be between 1 and 30 seconds"));
    }
    JsonNode client = webhook.path("clientConfig");
    if (Json.has(client, "url") == Json.has(client, "service")) {
      errors.add(
          FieldError.required(at + ".clientConfig", "exactly one of url or service is required"));
    }
    if (client.path("service").isObject()) {
      for (String field : List.of("name", "namespace")) {
        if (Json.text(client, "service", field).isEmpty()) {
          errors.add(FieldError.required(at + ".clientConfig.service." + field, ""));
        }
      }
    }
  }
}
