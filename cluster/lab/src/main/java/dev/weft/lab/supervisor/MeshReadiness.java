package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.LabelSelector;
import dev.weft.lab.object.Meta;
import java.util.List;

/** Whether the control plane has done to the members what a fresh lab promises. */
final class MeshReadiness {
  private static final ResourceType INJECTORS =
      new ResourceType(
          "admissionregistration.k8s.io",
          "v1",
          "mutatingwebhookconfigurations",
          "MutatingWebhookConfiguration",
          false);

  private static final String NAMESPACE = "istio-system";

  private MeshReadiness() {}

  /** New pods of every member get a sidecar. */
  static boolean injects(List<RunningNode> members) {
    return members.stream()
        .allMatch(
            each ->
                each.member().store().list(INJECTORS, "", Selector.ALL).items().stream()
                    .anyMatch(MeshReadiness::complete));
  }

  private static boolean complete(JsonNode configuration) {
    JsonNode webhooks = configuration.path("webhooks");
    for (JsonNode each : webhooks) {
      if (each.path("clientConfig").path("caBundle").asText("").isEmpty()) {
        return false;
      }
    }
    return !webhooks.isEmpty();
  }

  /** The cross-cluster proxy of every member that is to have one is up. */
  static boolean gateways(Member mesh, List<RunningNode> members) {
    return members.stream()
        .allMatch(each -> !proxied(mesh.store(), each) || gateway(each.member().store()));
  }

  private static boolean proxied(ObjectStore mesh, RunningNode member) {
    try {
      return mesh.get(MeshObjects.MEMBER_CLUSTERS, "", member.plan().name())
          .map(m -> m.path("spec").path("crossClusterProxy").path("enabled").asBoolean(false))
          .orElse(false);
    } catch (ApiException e) {
      return false;
    }
  }

  private static boolean gateway(ObjectStore store) {
    var deployments = store.list(Kinds.DEPLOYMENTS, NAMESPACE, Selector.ALL).items();
    return !deployments.isEmpty() && deployments.stream().allMatch(d -> ready(store, d));
  }

  /** Counts pods: after a start of the lab the statuses above them are old for a moment. */
  private static boolean ready(ObjectStore store, ObjectNode deployment) {
    LabelSelector selector = LabelSelector.of(deployment.path("spec").path("selector"));
    long ready =
        store.list(Kinds.PODS, NAMESPACE, Selector.ALL).items().stream()
            .filter(pod -> selector.matches(Meta.labels(pod)) && !Meta.deleting(pod))
            .filter(pod -> Meta.condition(pod, "Ready").path("status").asText().equals("True"))
            .count();
    return ready >= deployment.path("spec").path("replicas").asInt(1);
  }
}
