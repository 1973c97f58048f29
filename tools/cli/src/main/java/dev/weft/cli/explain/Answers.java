package dev.weft.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.reach.CommandFailure;

/** Answers of the control plane as values. */
final class Answers {
  private Answers() {}

  /**
   * Reads one.
   *
   * @throws CommandFailure where it is of another version
   */
  static <T> T read(JsonNode answer, Class<T> type) {
    try {
      return new ObjectMapper().treeToValue(answer, type);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED,
          "the control plane has another version, and its explanation cannot be read: "
              + e.getOriginalMessage(),
          e);
    }
  }
}
