package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.object.Meta;
import java.time.Instant;

/** What controllers want to know of a pod. */
final class PodFacts {
  private PodFacts() {}

  static String phase(JsonNode pod) {
    return pod.path("status").path("phase").asText("Pending");
  }

  static boolean finished(JsonNode pod) {
    String phase = phase(pod);
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  static boolean assigned(JsonNode pod) {
    return !pod.path("spec").path("nodeName").asText("").isEmpty();
  }

  static boolean ready(JsonNode pod) {
    return Meta.condition(pod, "Ready").path("status").asText().equals("True");
  }

  static Instant readySince(JsonNode pod) {
    return Meta.time(Meta.condition(pod, "Ready").path("lastTransitionTime")).orElse(Instant.EPOCH);
  }

  static int restarts(JsonNode pod) {
    int sum = 0;
    for (JsonNode each : pod.path("status").path("containerStatuses")) {
      sum += each.path("restartCount").asInt(0);
    }
    return sum;
  }
}
