package dev.weft.apiserver.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;
import java.time.Instant;
import java.util.List;

/** What {@code kubectl get pods} shows (kubernetes pkg/printers/internalversion/printers.go). */
public final class PodCells {
  private PodCells() {}

  private static List<ObjectNode> statuses(JsonNode pod, String field) {
    return Json.objects(pod.path("status").get(field));
  }

  private static boolean sidecar(JsonNode pod, String container) {
    return Json.objects(pod.path("spec").get("initContainers")).stream()
        .anyMatch(
            c ->
                Json.text(c, "name").equals(container)
                    && Json.text(c, "restartPolicy").equals("Always"));
  }

  static String ready(JsonNode pod) {
    long total = pod.path("spec").path("containers").size();
    long ready =
        statuses(pod, "containerStatuses").stream()
            .filter(s -> s.path("ready").asBoolean())
            .count();
    for (ObjectNode container : Json.objects(pod.path("spec").get("initContainers"))) {
      if (Json.text(container, "restartPolicy").equals("Always")) {
        total++;
      }
    }
    ready +=
        statuses(pod, "initContainerStatuses").stream()
            .filter(s -> sidecar(pod, Json.text(s, "name")) && s.path("ready").asBoolean())
            .count();
    return ready + "/" + total;
  }

  public static String status(JsonNode pod) {
    String reason = Json.text(pod, "status", "reason");
    if (reason.isEmpty()) {
      reason = Json.text(pod, "status", "phase");
    }
    String waiting = initializing(pod);
    if (!waiting.isEmpty()) {
      reason = waiting;
    } else {
      reason = running(pod, reason);
    }
    if (Json.has(pod, "metadata", "deletionTimestamp")) {
      String phase = Json.text(pod, "status", "phase");
      if (Json.text(pod, "status", "reason").equals("NodeLost")) {
        return "Unknown";
      }
      return phase.equals("Succeeded") || phase.equals("Failed") ? reason : "Terminating";
    }
    return reason;
  }

  /** What an init container is at; empty where all are done. */
  private static String initializing(JsonNode pod) {
    List<ObjectNode> statuses = statuses(pod, "initContainerStatuses");
    int total = pod.path("spec").path("initContainers").size();
    for (int i = 0; i < statuses.size(); i++) {
      ObjectNode status = statuses.get(i);
      JsonNode terminated = status.path("state").path("terminated");
      if (terminated.isObject() && terminated.path("exitCode").asInt() == 0) {
        continue;
      }
      if (sidecar(pod, Json.text(status, "name")) && status.path("started").asBoolean()) {
        continue;
      }
      if (terminated.isObject()) {
        return "Init:" + ended(terminated);
      }
      String waiting = Json.text(status, "state", "waiting", "reason");
      if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
        return "Init:" + waiting;
      }
      return "Init:" + i + "/" + total;
    }
    return "";
  }

  private static String ended(JsonNode terminated) {
    String reason = Json.text(terminated, "reason");
    if (!reason.isEmpty()) {
      return reason;
    }
    int signal = terminated.path("signal").asInt();
    return signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.path("exitCode").asInt();
  }

  private static String running(JsonNode pod, String phase) {
    String reason = phase;
    boolean anyRunning = false;
    List<ObjectNode> statuses = statuses(pod, "containerStatuses").reversed();
    for (ObjectNode status : statuses) {
      JsonNode state = status.path("state");
      String waiting = Json.text(state, "waiting", "reason");
      if (!waiting.isEmpty()) {
        reason = waiting;
      } else if (state.path("terminated").isObject()) {
        reason = ended(state.path("terminated"));
      } else if (status.path("ready").asBoolean() && state.path("running").isObject()) {
        anyRunning = true;
      }
    }
    if (reason.equals("Completed") && anyRunning) {
      boolean ready =
          Json.objects(pod.path("status").get("conditions")).stream()
              .anyMatch(
                  c ->
                      Json.text(c, "type").equals("Ready")
                          && Json.text(c, "status").equals("True"));
      return ready ? "Running" : "NotReady";
    }
    return reason;
  }

  static String restarts(JsonNode pod, Instant now) {
    int count = 0;
    String last = "";
    for (String field : List.of("containerStatuses", "initContainerStatuses")) {
      for (ObjectNode status : statuses(pod, field)) {
        if (field.equals("initContainerStatuses") && !sidecar(pod, Json.text(status, "name"))) {
          continue;
        }
        count += status.path("restartCount").asInt();
        String finished = Json.text(status, "lastState", "terminated", "finishedAt");
        last = finished.compareTo(last) > 0 ? finished : last;
      }
    }
    return count == 0 || last.isEmpty()
        ? Integer.toString(count)
        : count + " (" + Ages.since(last, now) + " ago)";
  }
}
