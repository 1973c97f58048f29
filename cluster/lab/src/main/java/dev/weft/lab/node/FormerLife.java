package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.node.ContainerState.Phase;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import dev.weft.lab.node.PodSpec.Kind;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pod's status says about containers that ran before the node went down. They are started
 * anew, as after the reboot of a machine.
 */
final class FormerLife {
  private static final Set<String> NOT_YET =
      Set.of("Ready", "ContainersReady", "PodReadyToStartContainers");

  private FormerLife() {}

  /**
   * What a status keeps when the node comes up: the pod has no address and is not ready. Empty for
   * a pod that is over.
   */
  static Optional<ObjectNode> rebooted(JsonNode pod, Instant now) {
    String phase = pod.path("status").path("phase").asText("");
    if (!phase.equals("Running") && pod.path("status").path("podIP").asText("").isEmpty()) {
      return Optional.empty();
    }
    ObjectNode patch = Trees.object();
    ObjectNode status = patch.putObject("status");
    status.putNull("podIP").putNull("podIPs");
    ArrayNode conditions = status.putArray("conditions");
    for (JsonNode each : pod.path("status").path("conditions")) {
      ObjectNode condition = each.deepCopy();
      String type = each.path("type").asText();
      if (NOT_YET.contains(type) && each.path("status").asText().equals("True")) {
        condition.put("status", "False").put("reason", "NodeRebooted");
        condition.put("lastTransitionTime", Meta.timestamp(now));
      }
      conditions.add(condition);
    }
    return Optional.of(patch);
  }

  static Map<String, ContainerState> states(PodSpec pod, Instant now) {
    Map<String, ContainerState> result = new HashMap<>();
    String phase = pod.pod().path("status").path("phase").asText("");
    boolean over = phase.equals("Succeeded") || phase.equals("Failed");
    for (String field : new String[] {"initContainerStatuses", "containerStatuses"}) {
      for (JsonNode status : pod.pod().path("status").path(field)) {
        pod.container(status.path("name").asText())
            .flatMap(container -> state(pod, container, status, over, now))
            .ifPresent(state -> result.put(status.path("name").asText(), state));
      }
    }
    return result;
  }

  private static Optional<ContainerState> state(
      PodSpec pod, ContainerSpec container, JsonNode status, boolean over, Instant now) {
    int restarts = status.path("restartCount").asInt(0);
    JsonNode running = status.path("state").path("running");
    JsonNode terminated = status.path("state").path("terminated");
    String id = status.path("containerID").asText("").replace("weft://", "");
    if (running.isObject()) {
      Instant since = Meta.time(running.path("startedAt")).orElse(now);
      return Optional.of(
          ContainerState.afterReboot(
              restarts + 1, new Phase.Ended(id, 255, "Unknown", since, now)));
    }
    if (terminated.isObject()) {
      Phase.Ended ended = ended(terminated, id, now);
      boolean stays =
          over || container.kind() == Kind.MAIN && !pod.restarts(container, ended.code());
      return Optional.of(
          stays
              ? new ContainerState(
                  ended, restarts, Optional.empty(), Instant.EPOCH, 0, false, false)
              : ContainerState.afterReboot(restarts + 1, ended));
    }
    JsonNode last = status.path("lastState").path("terminated");
    return last.isObject()
        ? Optional.of(ContainerState.afterReboot(restarts, ended(last, id, now)))
        : Optional.empty();
  }

  private static Phase.Ended ended(JsonNode terminated, String id, Instant now) {
    return new Phase.Ended(
        id,
        terminated.path("exitCode").asInt(),
        terminated.path("reason").asText("Error"),
        Meta.time(terminated.path("startedAt")).orElse(now),
        Meta.time(terminated.path("finishedAt")).orElse(now));
  }
}
