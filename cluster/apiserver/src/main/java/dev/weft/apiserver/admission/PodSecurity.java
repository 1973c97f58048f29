package dev.weft.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pod Security admission: what the labels of a namespace demand of its pods
 * (k8s.io/pod-security-admission). {@code audit} is accepted and does nothing: there is no audit
 * log.
 */
final class PodSecurity {
  private static final String PREFIX = "pod-security.kubernetes.io/";
  private static final List<String> LEVELS = List.of("privileged", "baseline", "restricted");
  private static final TypeKey NAMESPACES = new TypeKey("", "namespaces");

  private final Store store;

  PodSecurity(Store store) {
    this.store = store;
  }

  /** Throws where an enforced level is violated; warns where only a warning is asked for. */
  void check(KnownType known, ObjectNode object, Optional<ObjectNode> old, Call call) {
    if (known.isNamespace()) {
      labels(known, object);
      return;
    }
    Optional<JsonNode> spec = podSpec(known, object);
    if (spec.isEmpty()
        || old.flatMap(o -> podSpec(known, o)).filter(spec.get()::equals).isPresent()) {
      return;
    }
    JsonNode labels =
        store
            .head(NAMESPACES, new ObjectKey("", Json.text(object, "metadata", "namespace")))
            .map(StoredObject::object)
            .<JsonNode>map(n -> Json.at(n, "metadata", "labels"))
            .orElseGet(Json::object);
    String enforced = Json.text(labels, PREFIX + "enforce");
    String warned = Json.text(labels, PREFIX + "warn");
    List<String> violations = violations(enforced, spec.get());
    if (known.isPod() && !violations.isEmpty()) {
      throw Errors.forbidden(
          known.type(),
          Json.text(object, "metadata", "name"),
          "violates PodSecurity " + said(labels, "enforce", violations));
    }
    List<String> warnings = violations(warned, spec.get());
    if (!warnings.isEmpty()) {
      call.warnings().add("would violate PodSecurity " + said(labels, "warn", warnings));
    } else if (!violations.isEmpty() && !labels.has(PREFIX + "warn")) {
      // The pods of this template would be refused one by one where nobody looks.
      call.warnings().add("would violate PodSecurity " + said(labels, "enforce", violations));
    }
  }

  private static List<String> violations(String level, JsonNode spec) {
    return switch (level) {
      case "baseline" -> SecurityChecks.baseline(spec);
      case "restricted" -> SecurityChecks.restricted(spec);
      default -> List.of();
    };
  }

  private static String said(JsonNode labels, String mode, List<String> violations) {
    String version = Json.text(labels, PREFIX + mode + "-version");
    return "\""
        + Json.text(labels, PREFIX + mode)
        + ":"
        + (version.isEmpty() ? "latest" : version)
        + "\": "
        + String.join(", ", violations);
  }

  /** The pod, or what makes pods. */
  private static Optional<JsonNode> podSpec(KnownType known, ObjectNode object) {
    JsonNode spec = object.path("spec");
    return switch (known.key().text()) {
      case "pods" -> Optional.of(spec);
      case "podtemplates" -> Optional.of(Json.at(object, "template", "spec"));
      case "deployments.apps",
          "replicasets.apps",
          "statefulsets.apps",
          "daemonsets.apps",
          "jobs.batch" ->
          Optional.of(Json.at(spec, "template", "spec"));
      case "cronjobs.batch" ->
          Optional.of(Json.at(spec, "jobTemplate", "spec", "template", "spec"));
      default -> Optional.empty();
    };
  }

  private static void labels(KnownType known, ObjectNode namespace) {
    List<FieldError> errors = new ArrayList<>();
    for (String mode : List.of("enforce", "warn", "audit")) {
      String level = Json.text(namespace, "metadata", "labels", PREFIX + mode);
      if (!level.isEmpty() && !LEVELS.contains(level)) {
        errors.add(
            FieldError.invalid(
                "metadata.labels[" + PREFIX + mode + "]",
                level,
                "must be one of " + String.join(", ", LEVELS)));
      }
    }
    if (!errors.isEmpty()) {
      throw Errors.invalid(known.type(), Json.text(namespace, "metadata", "name"), errors);
    }
  }
}
