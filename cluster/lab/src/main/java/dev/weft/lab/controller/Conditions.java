package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.time.Instant;

/** Replaces conditions and keeps their times where nothing changed. */
final class Conditions {
  private final ArrayNode array;
  private final Instant now;

  Conditions(JsonNode object, Instant now) {
    this.array =
        object.path("status").path("conditions") instanceof ArrayNode before
            ? before.deepCopy()
            : Trees.array();
    this.now = now;
  }

  /** The time of the update changes with reason or message, that of the transition with status. */
  void set(String type, boolean status, String reason, String message) {
    String value = status ? "True" : "False";
    ObjectNode condition = null;
    for (JsonNode each : array) {
      if (each instanceof ObjectNode object && each.path("type").asText().equals(type)) {
        condition = object;
      }
    }
    if (condition == null) {
      condition = array.addObject().put("type", type);
    }
    boolean same =
        condition.path("status").asText().equals(value)
            && condition.path("reason").asText().equals(reason)
            && condition.path("message").asText().equals(message);
    if (same) {
      return;
    }
    if (!condition.path("status").asText().equals(value)) {
      condition.put("lastTransitionTime", Meta.timestamp(now));
    }
    condition.put("status", value).put("reason", reason).put("message", message);
    condition.put("lastUpdateTime", Meta.timestamp(now));
  }

  ArrayNode array() {
    return array;
  }
}
