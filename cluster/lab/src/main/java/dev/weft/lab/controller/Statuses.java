package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ResourceType;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.util.Optional;

/** Writes statuses where they say something new. */
final class Statuses {
  private Statuses() {}

  /** Empty where the object says so already. */
  static Optional<Action> changed(ResourceType type, ObjectNode object, ObjectNode status) {
    boolean same =
        status.properties().stream()
            .allMatch(
                each ->
                    object
                        .path("status")
                        .path(each.getKey())
                        .asText()
                        .equals(each.getValue().asText()));
    if (same) {
      return Optional.empty();
    }
    ObjectNode patch = Trees.object();
    patch.set("status", status);
    return Optional.of(new Action.PatchStatus(type, ObjectKey.of(object), patch));
  }
}
