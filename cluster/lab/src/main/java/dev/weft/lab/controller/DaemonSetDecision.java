package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a DaemonSet needs next: one pod on each node that its template accepts, and one after the
 * other replaced when the template has changed (Kubernetes: pkg/controller/daemon).
 */
final class DaemonSetDecision {
  private DaemonSetDecision() {}

  /** {@code suffix} makes the ends of pod names. */
  static List<Action> decide(
      ObjectNode set,
      List<ObjectNode> podsOfNamespace,
      List<ObjectNode> nodes,
      Supplier<String> suffix) {
    if (Meta.deleting(set)) {
      return List.of();
    }
    PodTemplate template = new PodTemplate(set, "DaemonSet");
    List<ObjectNode> owned =
        podsOfNamespace.stream().filter(pod -> Meta.controls(set, pod)).toList();
    List<Action> actions = new ArrayList<>();
    List<ObjectNode> placed = new ArrayList<>();
    int desired = 0;
    for (ObjectNode node : nodes) {
      List<ObjectNode> here = owned.stream().filter(pod -> on(pod, node)).toList();
      if (!accepts(set, node)) {
        here.forEach(pod -> actions.addAll(delete(set, pod)));
        continue;
      }
      desired++;
      here.stream().filter(PodFacts::finished).forEach(pod -> actions.addAll(delete(set, pod)));
      here.stream().filter(ReplicaSetDecision::active).forEach(placed::add);
      // The name is the former pod's until that is gone.
      if (here.isEmpty()) {
        ObjectNode pod = template.pod(Meta.name(set) + "-" + suffix.get());
        ((ObjectNode) pod.path("spec")).put("nodeName", Meta.name(node));
        actions.add(new Action.Create(Kinds.PODS, pod));
        actions.add(tell(set, "SuccessfulCreate", "Created pod: " + Meta.name(pod)));
      }
    }
    outdated(set, template, placed).ifPresent(pod -> actions.addAll(delete(set, pod)));
    status(set, template, placed, desired).ifPresent(actions::add);
    return actions;
  }

  private static boolean on(JsonNode pod, JsonNode node) {
    return pod.path("spec").path("nodeName").asText().equals(Meta.name(node));
  }

  private static boolean accepts(ObjectNode set, JsonNode node) {
    Map<String, String> wanted =
        Meta.strings(set.path("spec").path("template").path("spec").path("nodeSelector"));
    return Meta.labels(node).entrySet().containsAll(wanted.entrySet());
  }

  /** One at a time, those that do not serve anyway first. */
  private static Optional<ObjectNode> outdated(
      ObjectNode set, PodTemplate template, List<ObjectNode> placed) {
    JsonNode strategy = set.path("spec").path("updateStrategy").path("type");
    if (strategy.asText("RollingUpdate").equals("OnDelete")) {
      return Optional.empty();
    }
    List<ObjectNode> old = placed.stream().filter(pod -> !template.current(pod)).toList();
    Optional<ObjectNode> idle = old.stream().filter(pod -> !PodFacts.ready(pod)).findFirst();
    boolean others = placed.stream().allMatch(PodFacts::ready);
    return idle.isPresent() ? idle : others ? old.stream().findFirst() : Optional.empty();
  }

  private static List<Action> delete(ObjectNode set, ObjectNode pod) {
    return Meta.deleting(pod)
        ? List.of()
        : List.of(
            new Action.Delete(Kinds.PODS, ObjectKey.of(pod), DeleteOptions.BACKGROUND),
            tell(set, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod)));
  }

  private static Action tell(ObjectNode set, String reason, String message) {
    return new Action.Tell(Kinds.DAEMON_SETS, set, false, reason, message);
  }

  private static Optional<Action> status(
      ObjectNode set, PodTemplate template, List<ObjectNode> placed, int desired) {
    int ready = (int) placed.stream().filter(PodFacts::ready).count();
    ObjectNode status = Trees.object();
    status.put("desiredNumberScheduled", desired);
    status.put("currentNumberScheduled", placed.size());
    status.put("numberMisscheduled", 0);
    status.put("numberReady", ready);
    status.put("numberAvailable", ready);
    status.put("numberUnavailable", desired - ready);
    status.put("updatedNumberScheduled", (int) placed.stream().filter(template::current).count());
    status.put("observedGeneration", Meta.generation(set));
    return Statuses.changed(Kinds.DAEMON_SETS, set, status);
  }
}
