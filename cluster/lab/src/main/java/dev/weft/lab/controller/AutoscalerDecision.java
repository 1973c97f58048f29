package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a HorizontalPodAutoscaler does in a lab, which measures no load: it keeps a Deployment
 * between its bounds, as one of Kubernetes does that gets no metrics, and says so.
 */
final class AutoscalerDecision {
  private static final String UNMEASURED =
      "the lab measures no load: the number of pods stays as it is, between minReplicas and"
          + " maxReplicas";

  private AutoscalerDecision() {}

  /**
   * @param deployment the one that it names; empty where there is none
   */
  static List<Action> decide(ObjectNode scaler, Optional<ObjectNode> deployment, Instant now) {
    Conditions conditions = new Conditions(scaler, now);
    List<Action> actions = new ArrayList<>();
    ObjectNode patch = Trees.object();
    ObjectNode status = patch.putObject("status");
    if (deployment.isEmpty()) {
      JsonNode target = target(scaler);
      conditions.set(
          "AbleToScale",
          false,
          "FailedGetScale",
          "there is no %s %s; the lab scales Deployments alone"
              .formatted(target.path("kind").asText(), target.path("name").asText()));
    } else {
      int has = deployment.get().path("spec").path("replicas").asInt(1);
      int wanted = Math.clamp(has, least(scaler), most(scaler));
      conditions.set("AbleToScale", true, "SucceededGetScale", "the Deployment can be scaled");
      status
          .put("currentReplicas", deployment.get().path("status").path("replicas").asInt(0))
          .put("desiredReplicas", wanted);
      if (wanted != has) {
        actions.add(scale(deployment.get(), wanted));
        actions.add(
            new Action.Tell(
                Kinds.AUTOSCALERS, scaler, false, "SuccessfulRescale", "New size: " + wanted));
      }
    }
    if (!Meta.condition(scaler, "ScalingActive").path("message").asText().equals(UNMEASURED)) {
      conditions.set("ScalingActive", false, "FailedGetResourceMetric", UNMEASURED);
      actions.add(
          new Action.Tell(Kinds.AUTOSCALERS, scaler, true, "FailedGetResourceMetric", UNMEASURED));
    }
    status.set("conditions", conditions.array());
    if (!covers(scaler.path("status"), status)) {
      actions.add(new Action.PatchStatus(Kinds.AUTOSCALERS, ObjectKey.of(scaler), patch));
    }
    return actions;
  }

  /** The object that is scaled. */
  static JsonNode target(JsonNode scaler) {
    return scaler.path("spec").path("scaleTargetRef");
  }

  private static int least(JsonNode scaler) {
    return scaler.path("spec").path("minReplicas").asInt(1);
  }

  private static int most(JsonNode scaler) {
    return Math.max(least(scaler), scaler.path("spec").path("maxReplicas").asInt(1));
  }

  private static Action scale(ObjectNode deployment, int replicas) {
    ObjectNode patch = Trees.object();
    patch.putObject("spec").put("replicas", replicas);
    return new Action.Patch(Kinds.DEPLOYMENTS, ObjectKey.of(deployment), patch);
  }

  private static boolean covers(JsonNode there, ObjectNode wanted) {
    return wanted.properties().stream()
        .allMatch(field -> field.getValue().equals(there.path(field.getKey())));
  }
}
