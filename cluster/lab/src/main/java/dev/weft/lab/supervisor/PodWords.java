package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.object.Meta;
import java.util.List;

/** Says in a few words how a pod stands. */
public final class PodWords {
  private PodWords() {}

  /** Whether it serves, or has done its work. */
  public static boolean ready(JsonNode pod) {
    return Meta.condition(pod, "Ready").path("status").asText().equals("True")
        || pod.path("status").path("phase").asText().equals("Succeeded");
  }

  /** For example {@code pod shop/cart-1: ErrImagePull (container cart)}. */
  public static String lack(JsonNode pod) {
    String name = "pod %s/%s: ".formatted(Meta.namespace(pod), Meta.name(pod));
    JsonNode status = pod.path("status");
    for (String list : List.of("initContainerStatuses", "containerStatuses")) {
      for (JsonNode each : status.path(list)) {
        JsonNode waiting = each.path("state").path("waiting");
        String reason = waiting.path("reason").asText("");
        // What waits for its turn says so; the one before it says why.
        if (!reason.isEmpty() && !reason.equals("PodInitializing")) {
          return name + reason + " (container " + each.path("name").asText() + ")";
        }
        boolean runs = each.path("state").has("running");
        if (runs && !each.path("ready").asBoolean(false)) {
          return name + "container " + each.path("name").asText() + " runs and is not ready yet";
        }
      }
    }
    return name + status.path("phase").asText("Pending");
  }
}
