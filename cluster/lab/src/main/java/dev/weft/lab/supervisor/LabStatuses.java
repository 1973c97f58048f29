package dev.weft.lab.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.util.List;
import java.util.Optional;

/** Carries a {@link LabStatus} over the control socket. */
final class LabStatuses {
  private LabStatuses() {}

  static ObjectNode write(LabStatus status) {
    return Trees.JSON.valueToTree(status);
  }

  static Optional<LabStatus> read(JsonNode json) {
    try {
      return json.has("error")
          ? Optional.empty()
          : Optional.of(Trees.JSON.treeToValue(json, LabStatus.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static LabStatus down(String name, LabDirectory directory) {
    return new LabStatus(
        name,
        "down",
        "",
        0,
        directory.kubeconfig().toString(),
        false,
        "",
        false,
        0,
        List.of(),
        List.of(),
        List.of());
  }
}
