package dev.weft.cli.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.reach.ControlPlane.Answer;
import dev.weft.topology.Topology;
import java.util.List;

/** What control planes say of the traffic, and where they have it from. */
final class SourcedAnswers {
  private SourcedAnswers() {}

  /**
   * Those that add up. Each control plane knows what its own proxies told it, but Prometheus knows
   * all: whoever asked that one speaks for the others.
   */
  static List<Answer> of(List<Answer> answers) {
    return answers.stream()
        .filter(a -> a.json().path("source").path("kind").asText().equals("prometheus"))
        .findFirst()
        .map(List::of)
        .orElse(answers);
  }

  /** What is wrong with where they have it from. */
  static List<String> complaints(List<Answer> answers) {
    return answers.stream()
        .map(a -> a.json().path("source").path("message").asText())
        .filter(message -> !message.isEmpty())
        .distinct()
        .toList();
  }

  /** The picture of an answer, which says more than that. */
  static Topology topology(Answer answer) throws JsonProcessingException {
    return new ObjectMapper()
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
        .treeToValue(answer.json(), Topology.class);
  }
}
