package dev.weft.e2e;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code weft what-if} says. */
final class Predicted {
  private Predicted() {}

  /**
   * The part of what a caller sends to a service that a workload would get, 0 to 1.
   *
   * @param lost the workload that would be gone, {@code NAMESPACE/NAME}
   * @param caller as the picture names it
   * @param target as the picture names it
   */
  static double share(Lab lab, String lost, String caller, String service, String target) {
    JsonNode prediction =
        JsonLines.parsed(lab.weft("what-if", "--lost-workload", lost, "-o", "json").orFail());
    double share = 0;
    for (JsonNode edge : prediction.path("edges")) {
      if (edge.path("source").asText().equals(caller)
          && edge.path("service").asText().startsWith(service + ".")) {
        for (JsonNode portion : edge.path("after")) {
          share +=
              portion.path("place").asText().equals(target) ? portion.path("share").asDouble() : 0;
        }
      }
    }
    return share;
  }
}
