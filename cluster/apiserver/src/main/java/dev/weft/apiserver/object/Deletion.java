package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import java.util.Optional;

/**
 * How a client wants something deleted.
 *
 * @param grace in seconds; negative for the object's own default
 * @param uid where set, only the object with this uid
 * @param version where set, only the object in this resourceVersion
 */
public record Deletion(
    int grace,
    ObjectStore.Propagation propagation,
    Optional<String> uid,
    Optional<String> version,
    boolean dryRun) {

  public static Deletion of(ObjectStore.DeleteOptions options) {
    return new Deletion(
        options.graceSeconds(), options.propagation(), Optional.empty(), Optional.empty(), false);
  }

  /** At once, whatever state the object is in. */
  static Deletion now() {
    return new Deletion(
        0, ObjectStore.Propagation.BACKGROUND, Optional.empty(), Optional.empty(), false);
  }

  /** From a {@code DeleteOptions} object; what it leaves out comes from {@code this}. */
  public Deletion with(JsonNode options) {
    JsonNode seconds = options.path("gracePeriodSeconds");
    if (!seconds.isMissingNode()
        && !seconds.isNull()
        && !(seconds.isIntegralNumber() && seconds.asInt() >= 0)) {
      throw Errors.badRequest(
          "gracePeriodSeconds: Invalid value: " + seconds + ": must be a non-negative integer");
    }
    String uid = Json.text(options, "preconditions", "uid");
    String version = Json.text(options, "preconditions", "resourceVersion");
    String policy = Json.text(options, "propagationPolicy");
    if (policy.isEmpty() && options.path("orphanDependents").asBoolean()) {
      policy = "Orphan";
    }
    return new Deletion(
        seconds.isIntegralNumber() ? seconds.asInt() : grace,
        policy.isEmpty() ? propagation : propagation(policy),
        uid.isEmpty() ? this.uid : Optional.of(uid),
        version.isEmpty() ? this.version : Optional.of(version),
        dryRun || Json.texts(options.get("dryRun")).contains("All"));
  }

  public static ObjectStore.Propagation propagation(String policy) {
    return switch (policy) {
      case "Background" -> ObjectStore.Propagation.BACKGROUND;
      case "Foreground" -> ObjectStore.Propagation.FOREGROUND;
      case "Orphan" -> ObjectStore.Propagation.ORPHAN;
      default ->
          throw Errors.badRequest(
              "propagationPolicy: Unsupported value: \""
                  + policy
                  + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
    };
  }
}
