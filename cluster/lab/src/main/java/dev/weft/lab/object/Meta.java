package dev.weft.lab.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the metadata that every object carries; what is absent reads as empty. */
public final class Meta {
  private Meta() {}

  public static String name(JsonNode object) {
    return object.path("metadata").path("name").asText("");
  }

  public static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText("");
  }

  public static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText("");
  }

  public static long generation(JsonNode object) {
    return object.path("metadata").path("generation").asLong(0);
  }

  public static Map<String, String> labels(JsonNode object) {
    return strings(object.path("metadata").path("labels"));
  }

  public static Map<String, String> annotations(JsonNode object) {
    return strings(object.path("metadata").path("annotations"));
  }

  public static String annotation(JsonNode object, String key) {
    return object.path("metadata").path("annotations").path(key).asText("");
  }

  public static boolean deleting(JsonNode object) {
    return !object.path("metadata").path("deletionTimestamp").asText("").isEmpty();
  }

  public static boolean hasFinalizer(JsonNode object, String finalizer) {
    for (JsonNode each : object.path("metadata").path("finalizers")) {
      if (each.asText().equals(finalizer)) {
        return true;
      }
    }
    return false;
  }

  /** Empty where there is none or it cannot be read. */
  public static Optional<Instant> time(JsonNode value) {
    String text = value.asText("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  public static Instant created(JsonNode object) {
    return time(object.path("metadata").path("creationTimestamp")).orElse(Instant.EPOCH);
  }

  /** As objects carry times: whole seconds, UTC. */
  public static String timestamp(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The owner with {@code controller: true}. */
  public static Optional<JsonNode> controllerOf(JsonNode object) {
    for (JsonNode each : object.path("metadata").path("ownerReferences")) {
      if (each.path("controller").asBoolean(false)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Whether {@code owner} is the controller of {@code object}. */
  public static boolean controls(JsonNode owner, JsonNode object) {
    return controllerOf(object)
        .map(ref -> ref.path("uid").asText("").equals(uid(owner)))
        .orElse(false);
  }

  /** A controller reference to {@code owner}. */
  public static ObjectNode ownerReference(String apiVersion, String kind, JsonNode owner) {
    ObjectNode ref = JsonNodeFactory.instance.objectNode();
    ref.put("apiVersion", apiVersion);
    ref.put("kind", kind);
    ref.put("name", name(owner));
    ref.put("uid", uid(owner));
    ref.put("controller", true);
    ref.put("blockOwnerDeletion", true);
    return ref;
  }

  /** The condition of that type, or a missing node. */
  public static JsonNode condition(JsonNode object, String type) {
    for (JsonNode each : object.path("status").path("conditions")) {
      if (each.path("type").asText().equals(type)) {
        return each;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }

  public static Map<String, String> strings(JsonNode map) {
    Map<String, String> result = new LinkedHashMap<>();
    map.properties().forEach(e -> result.put(e.getKey(), e.getValue().asText("")));
    return result;
  }
}
