package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import java.util.List;
import java.util.Optional;

/**
 * Jobs and cron jobs (kubernetes pkg/apis/batch/v1/defaults.go, pkg/registry/batch/job/strategy.go,
 * pkg/apis/batch/validation).
 */
public final class JobRules {
  private static final String PREFIX = "batch.kubernetes.io/";
  private static final List<String> RESTARTS = List.of("OnFailure", "Never");

  private JobRules() {}

  /** A job finds its pods by its own uid, unless its author says how. */
  public static void select(ObjectNode job) {
    ObjectNode spec = Json.child(job, "spec");
    if (spec.path("manualSelector").asBoolean()) {
      return;
    }
    String uid = Json.text(job, "metadata", "uid");
    String name = Json.text(job, "metadata", "name");
    Json.child(Json.child(Json.child(spec, "template"), "metadata"), "labels")
        .put("controller-uid", uid)
        .put("job-name", name)
        .put(PREFIX + "controller-uid", uid)
        .put(PREFIX + "job-name", name);
    Json.child(Json.child(spec, "selector"), "matchLabels").put(PREFIX + "controller-uid", uid);
  }

  public static void defaults(String plural, ObjectNode object) {
    ObjectNode spec = Json.child(object, "spec");
    if (plural.equals("cronjobs")) {
      Defaulting.text(spec, "concurrencyPolicy", "Allow");
      Defaulting.flag(spec, "suspend", false);
      Defaulting.number(spec, "successfulJobsHistoryLimit", 3);
      Defaulting.number(spec, "failedJobsHistoryLimit", 1);
      ObjectNode job = Json.child(Json.child(spec, "jobTemplate"), "spec");
      PodDefaults.pod(Json.child(Json.child(job, "template"), "spec"));
      return;
    }
    if (Defaulting.missing(spec, "parallelism")) {
      Defaulting.number(spec, "completions", 1);
    }
    Defaulting.number(spec, "parallelism", 1);
    Defaulting.number(spec, "backoffLimit", 6);
    Defaulting.text(spec, "completionMode", "NonIndexed");
    Defaulting.flag(spec, "suspend", false);
    Defaulting.flag(spec, "manualSelector", false);
    Defaulting.text(
        spec,
        "podReplacementPolicy",
        Json.has(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
    ObjectNode template = Json.child(spec, "template");
    JsonNode labels = template.path("metadata").path("labels");
    if (Json.at(object, "metadata", "labels").isEmpty() && !labels.isEmpty()) {
      Json.meta(object).set("labels", labels.deepCopy());
    }
    PodDefaults.pod(Json.child(template, "spec"));
  }

  public static void validate(
      String plural, ObjectNode object, Optional<ObjectNode> old, List<FieldError> errors) {
    JsonNode spec = object.path("spec");
    if (plural.equals("cronjobs")) {
      schedule(Json.text(spec, "schedule"), errors);
      PodValidation.oneOf(
          "spec.concurrencyPolicy",
          Json.text(spec, "concurrencyPolicy"),
          List.of("Allow", "Forbid", "Replace"),
          errors);
      template("spec.jobTemplate.spec", Json.at(spec, "jobTemplate", "spec"), errors);
      return;
    }
    template("spec", spec, errors);
    for (String field : List.of("parallelism", "completions", "backoffLimit")) {
      if (spec.path(field).asInt() < 0) {
        errors.add(
            FieldError.invalid(
                "spec." + field, spec.get(field), "must be greater than or equal to 0"));
      }
    }
    if (Json.text(spec, "completionMode").equals("Indexed") && !Json.has(spec, "completions")) {
      errors.add(
          FieldError.required(
              "spec.completions", "when completion mode is Indexed, completions is required"));
    }
    old.ifPresent(before -> unchanged(before.path("spec"), spec, errors));
  }

  private static void unchanged(JsonNode before, JsonNode spec, List<FieldError> errors) {
    for (String field : List.of("selector", "completionMode")) {
      if (!Json.same(before.path(field), spec.path(field))) {
        errors.add(FieldError.invalid("spec." + field, spec.path(field), "field is immutable"));
      }
    }
    // A suspended job that has not begun may still get other resources or node selectors.
    boolean movable = before.path("suspend").asBoolean();
    if (!movable && !Json.same(before.path("template"), spec.path("template"))) {
      errors.add(FieldError.invalid("spec.template", spec.path("template"), "field is immutable"));
    }
  }

  private static void template(String path, JsonNode spec, List<FieldError> errors) {
    JsonNode pod = Json.at(spec, "template", "spec");
    PodValidation.spec(path + ".template.spec", pod, errors);
    String restart = Json.text(pod, "restartPolicy");
    if (!RESTARTS.contains(restart)) {
      errors.add(FieldError.unsupported(path + ".template.spec.restartPolicy", restart, RESTARTS));
    }
  }

  /** Five fields, or one of the names such as {@code @hourly}. */
  private static void schedule(String schedule, List<FieldError> errors) {
    int fields = schedule.strip().split("\\s+", -1).length;
    if (schedule.isBlank()) {
      errors.add(FieldError.required("spec.schedule", ""));
    } else if (schedule.contains("TZ")) {
      errors.add(
          FieldError.invalid(
              "spec.schedule",
              schedule,
              "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
    } else if (!schedule.startsWith("@") && fields != 5) {
      errors.add(
          FieldError.invalid(
              "spec.schedule", schedule, "expected exactly 5 fields, found " + fields));
    }
  }
}
