package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status that {@code kubectl rollout status} reads. */
final class DeploymentStatus {
  private static final int DEADLINE_SECONDS = 600;

  private DeploymentStatus() {}

  /** Empty where the status is right already. */
  static Optional<Action> decide(
      ObjectNode deployment,
      List<ObjectNode> sets,
      @Nullable ObjectNode current,
      RollingLimits limits,
      Instant now) {
    int desired = deployment.path("spec").path("replicas").asInt(1);
    int total = sum(sets, "replicas");
    int ready = sum(sets, "readyReplicas");
    int available = sum(sets, "availableReplicas");
    int updated = current == null ? 0 : sum(List.of(current), "replicas");
    ObjectNode before =
        deployment.path("status") instanceof ObjectNode status ? status : Trees.object();
    ObjectNode status = before.deepCopy();
    status.put("observedGeneration", Meta.generation(deployment));
    status.put("replicas", total);
    status.put("updatedReplicas", updated);
    status.put("readyReplicas", ready);
    status.put("availableReplicas", available);
    status.put("unavailableReplicas", Math.max(0, Math.max(total, desired) - available));
    Conditions conditions = new Conditions(deployment, now);
    if (available >= desired - limits.unavailable()) {
      conditions.set(
          "Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.");
    } else {
      conditions.set(
          "Available",
          false,
          "MinimumReplicasUnavailable",
          "Deployment does not have minimum availability.");
    }
    boolean complete =
        current != null && updated == desired && total == desired && available == desired;
    boolean moved =
        updated != before.path("updatedReplicas").asInt(0)
            || ready != before.path("readyReplicas").asInt(0)
            || available != before.path("availableReplicas").asInt(0)
            || total != before.path("replicas").asInt(0);
    progress(deployment, current, complete, moved, conditions, now);
    status.set("conditions", conditions.array());
    if (Trees.canonical(status).equals(Trees.canonical(before))) {
      return Optional.empty();
    }
    ObjectNode patch = Trees.object();
    patch.set("status", status);
    return Optional.of(new Action.PatchStatus(Kinds.DEPLOYMENTS, ObjectKey.of(deployment), patch));
  }

  private static void progress(
      ObjectNode deployment,
      @Nullable ObjectNode current,
      boolean complete,
      boolean moved,
      Conditions conditions,
      Instant now) {
    var before = Meta.condition(deployment, "Progressing");
    if (current == null) {
      return;
    }
    String set = "ReplicaSet \"" + Meta.name(current) + "\" ";
    if (complete) {
      conditions.set(
          "Progressing", true, "NewReplicaSetAvailable", set + "has successfully progressed.");
      return;
    }
    long deadline =
        deployment.path("spec").path("progressDeadlineSeconds").asLong(DEADLINE_SECONDS);
    boolean timed =
        before.path("reason").asText().equals("ProgressDeadlineExceeded")
            || !before.path("reason").asText().equals("NewReplicaSetAvailable")
                && Meta.time(before.path("lastUpdateTime"))
                    .map(t -> t.plus(Duration.ofSeconds(deadline)).isBefore(now))
                    .orElse(false);
    if (!moved && timed) {
      conditions.set(
          "Progressing", false, "ProgressDeadlineExceeded", set + "has timed out progressing.");
    } else {
      conditions.set("Progressing", true, "ReplicaSetUpdated", set + "is progressing.");
    }
  }

  private static int sum(List<ObjectNode> sets, String field) {
    return sets.stream().mapToInt(each -> each.path("status").path(field).asInt(0)).sum();
  }
}
