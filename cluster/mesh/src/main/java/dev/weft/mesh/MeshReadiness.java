package dev.weft.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.LabelSelector;
import dev.weft.lab.object.Meta;
import dev.weft.lab.supervisor.LabApi;
import dev.weft.lab.supervisor.LabCluster;
import dev.weft.lab.supervisor.PodWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the control plane has not done yet of what a fresh lab promises. */
final class MeshReadiness {
  private static final ResourceType INJECTORS =
      new ResourceType(
          "admissionregistration.k8s.io",
          "v1",
          "mutatingwebhookconfigurations",
          "MutatingWebhookConfiguration",
          false);

  private static final String NAMESPACE = "istio-system";
  private static final List<String> NOTHING = List.of("nothing is installed in " + NAMESPACE);
  private static final List<String> NO_PROXY =
      List.of("the control plane has not made the cross-cluster proxy");

  private MeshReadiness() {}

  /** In words for people. */
  static List<String> lacks(LabApi mesh, List<LabCluster> members) {
    List<String> lacks = new ArrayList<>();
    for (LabCluster each : members) {
      String name = each.plan().name();
      Optional<ObjectNode> registration = mesh.store().get(MeshObjects.MEMBER_CLUSTERS, "", name);
      if (!injects(each.api().store())) {
        lacks.add("%s: the control plane has not set up sidecar injection".formatted(name));
      }
      if (registration.map(MeshReadiness::proxied).orElse(false)) {
        gateways(each.api().store(), NO_PROXY).forEach(lack -> lacks.add(name + ": " + lack));
      }
      unsynced(registration).ifPresent(lack -> lacks.add(name + ": " + lack));
    }
    return lacks;
  }

  /**
   * What a control plane lacks that runs in a cluster.
   *
   * @param primary where it runs
   * @param served the clusters whose pods it serves
   * @param members all that it reads
   */
  static List<String> lacks(LabCluster primary, List<LabCluster> served, List<LabCluster> members) {
    List<String> lacks = new ArrayList<>();
    for (LabCluster each : served) {
      String name = each.plan().name();
      gateways(each.api().store(), each == primary ? NOTHING : List.of())
          .forEach(lack -> lacks.add(name + ": " + lack));
      if (!injects(each.api().store())) {
        lacks.add("%s: the control plane has not set up sidecar injection".formatted(name));
      }
    }
    for (LabCluster each : members) {
      unsynced(registration(primary, each.plan().name()))
          .ifPresent(lack -> lacks.add("%s: %s".formatted(each.plan().name(), lack)));
    }
    return lacks;
  }

  private static Optional<ObjectNode> registration(LabCluster primary, String name) {
    try {
      return primary.api().store().get(MeshObjects.MEMBER_CLUSTERS, "", name);
    } catch (ApiException e) {
      // The control plane has not defined the type yet.
      return Optional.empty();
    }
  }

  /** New pods get a sidecar. */
  static boolean injects(ObjectStore store) {
    return store.list(INJECTORS, "", Selector.ALL).items().stream()
        .anyMatch(MeshReadiness::complete);
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

  private static boolean proxied(JsonNode registration) {
    return registration.path("spec").path("crossClusterProxy").path("enabled").asBoolean(false);
  }

  /** What gateways, and a control plane beside them, lack. */
  private static List<String> gateways(ObjectStore store, List<String> nothing) {
    List<ObjectNode> deployments = store.list(Kinds.DEPLOYMENTS, NAMESPACE, Selector.ALL).items();
    if (deployments.isEmpty()) {
      return nothing;
    }
    return deployments.stream().flatMap(d -> gateway(store, d).stream()).toList();
  }

  /** Looks at pods: after a start of the lab the statuses above them are old for a moment. */
  private static Optional<String> gateway(ObjectStore store, ObjectNode deployment) {
    LabelSelector selector = LabelSelector.of(deployment.path("spec").path("selector"));
    List<ObjectNode> pods =
        store.list(Kinds.PODS, NAMESPACE, Selector.ALL).items().stream()
            .filter(pod -> selector.matches(Meta.labels(pod)) && !Meta.deleting(pod))
            .toList();
    long ready = pods.stream().filter(PodWords::ready).count();
    if (ready >= deployment.path("spec").path("replicas").asInt(1)) {
      return Optional.empty();
    }
    return Optional.of(
        pods.stream()
            .filter(pod -> !PodWords.ready(pod))
            .findFirst()
            .map(PodWords::lack)
            .orElse("a pod of deployment %s/%s".formatted(NAMESPACE, Meta.name(deployment))));
  }

  private static Optional<String> unsynced(Optional<ObjectNode> registration) {
    JsonNode status = registration.map(r -> r.path("status")).orElseGet(MeshReadiness::none);
    String phase = status.path("phase").asText("");
    if (phase.equals("Synced")) {
      return Optional.empty();
    }
    String message = status.path("message").asText("");
    return Optional.of(
        "the control plane has not read it yet (%s%s)"
            .formatted(
                phase.isEmpty() ? "no status" : phase, message.isEmpty() ? "" : ": " + message));
  }

  private static JsonNode none() {
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }
}
