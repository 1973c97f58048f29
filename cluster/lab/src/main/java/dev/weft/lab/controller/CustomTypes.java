package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ResourceType;
import java.util.Optional;

/** Reads what a CustomResourceDefinition defines. */
final class CustomTypes {
  private CustomTypes() {}

  /** The type under the version that is stored; empty while it is not served. */
  static Optional<ResourceType> of(JsonNode definition) {
    JsonNode spec = definition.path("spec");
    if (!established(definition)) {
      return Optional.empty();
    }
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean(false) && version.path("served").asBoolean(true)) {
        return Optional.of(
            new ResourceType(
                spec.path("group").asText(),
                version.path("name").asText(),
                spec.path("names").path("plural").asText(),
                spec.path("names").path("kind").asText(),
                spec.path("scope").asText().equals("Namespaced")));
      }
    }
    return Optional.empty();
  }

  private static boolean established(JsonNode definition) {
    for (JsonNode condition : definition.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Established")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }
}
