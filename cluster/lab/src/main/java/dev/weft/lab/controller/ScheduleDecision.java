package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Puts pods on nodes: the first node whose labels the pod's {@code nodeSelector} accepts. */
final class ScheduleDecision {
  private ScheduleDecision() {}

  static List<Action> decide(ObjectNode pod, List<ObjectNode> nodes, Instant now) {
    if (PodFacts.assigned(pod) || Meta.deleting(pod) || PodFacts.finished(pod)) {
      return List.of();
    }
    Map<String, String> wanted = Meta.strings(pod.path("spec").path("nodeSelector"));
    for (ObjectNode node : nodes) {
      boolean fits =
          !node.path("spec").path("unschedulable").asBoolean(false)
              && Meta.labels(node).entrySet().containsAll(wanted.entrySet());
      if (fits) {
        return assign(pod, Meta.name(node));
      }
    }
    String message =
        "0/%d nodes are available: %d node(s) didn't match Pod's node affinity/selector or were"
            + " unschedulable.";
    String text = message.formatted(nodes.size(), nodes.size());
    if (Meta.condition(pod, "PodScheduled").path("message").asText().equals(text)) {
      return List.of();
    }
    Conditions conditions = new Conditions(pod, now);
    conditions.set("PodScheduled", false, "Unschedulable", text);
    ObjectNode patch = Trees.object();
    patch.putObject("status").set("conditions", conditions.array());
    return List.of(
        new Action.PatchStatus(Kinds.PODS, ObjectKey.of(pod), patch),
        new Action.Tell(Kinds.PODS, pod, true, "FailedScheduling", text));
  }

  private static List<Action> assign(ObjectNode pod, String node) {
    ObjectNode patch = Trees.object();
    patch.putObject("spec").put("nodeName", node);
    return List.of(
        new Action.Patch(Kinds.PODS, ObjectKey.of(pod), patch),
        new Action.Tell(
            Kinds.PODS,
            pod,
            false,
            "Scheduled",
            "Successfully assigned %s to %s".formatted(ObjectKey.of(pod), node)));
  }
}
