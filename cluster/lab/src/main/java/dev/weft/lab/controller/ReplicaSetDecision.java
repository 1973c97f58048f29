package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.LabelSelector;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a ReplicaSet needs next, given the pods of its namespace (Kubernetes:
 * pkg/controller/replicaset).
 */
final class ReplicaSetDecision {
  private ReplicaSetDecision() {}

  /**
   * @param actions in order
   * @param again when a pod becomes available by time alone
   */
  record Decision(List<Action> actions, Optional<Duration> again) {}

  /** {@code suffix} makes the ends of pod names. */
  static Decision decide(
      ObjectNode set, List<ObjectNode> podsOfNamespace, Supplier<String> suffix, Instant now) {
    List<Action> actions = new ArrayList<>();
    LabelSelector selector = LabelSelector.of(set.path("spec").path("selector"));
    List<ObjectNode> owned = new ArrayList<>();
    for (ObjectNode pod : podsOfNamespace) {
      if (!active(pod)) {
        continue;
      }
      boolean matches = selector.matches(Meta.labels(pod));
      if (Meta.controls(set, pod)) {
        if (matches) {
          owned.add(pod);
        } else {
          actions.add(release(pod, set));
        }
      } else if (matches && Meta.controllerOf(pod).isEmpty() && !Meta.deleting(set)) {
        actions.add(adopt(pod, set));
        owned.add(pod);
      }
    }
    int desired = set.path("spec").path("replicas").asInt(1);
    if (!Meta.deleting(set)) {
      for (int i = owned.size(); i < desired; i++) {
        ObjectNode pod = pod(set, suffix.get());
        actions.add(new Action.Create(Kinds.PODS, pod));
        actions.add(tell(set, "SuccessfulCreate", "Created pod: " + Meta.name(pod)));
      }
      owned.sort(firstToGo());
      for (int i = 0; i < owned.size() - desired; i++) {
        ObjectNode pod = owned.get(i);
        actions.add(new Action.Delete(Kinds.PODS, ObjectKey.of(pod), DeleteOptions.BACKGROUND));
        actions.add(tell(set, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod)));
      }
    }
    int minimum = set.path("spec").path("minReadySeconds").asInt(0);
    status(set, owned, minimum, now).ifPresent(actions::add);
    Optional<Duration> again =
        owned.stream()
            .filter(PodFacts::ready)
            .map(pod -> PodFacts.readySince(pod).plusSeconds(minimum))
            .filter(at -> at.isAfter(now))
            .min(Comparator.naturalOrder())
            .map(at -> Duration.between(now, at).plusMillis(10));
    return new Decision(actions, again);
  }

  static boolean active(JsonNode pod) {
    return !Meta.deleting(pod) && !PodFacts.finished(pod);
  }

  /** Unassigned, then not ready, then often restarted, then newest. */
  private static Comparator<ObjectNode> firstToGo() {
    return Comparator.<ObjectNode, Boolean>comparing(PodFacts::assigned)
        .thenComparing(pod -> PodFacts.phase(pod).equals("Running"))
        .thenComparing(PodFacts::ready)
        .thenComparing(Comparator.comparingInt(PodFacts::restarts).reversed())
        .thenComparing(Comparator.comparing(Meta::created).reversed())
        .thenComparing(Meta::name);
  }

  private static ObjectNode pod(ObjectNode set, String suffix) {
    JsonNode template = set.path("spec").path("template");
    ObjectNode pod = Trees.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("generateName", Meta.name(set) + "-");
    metadata.put("name", Meta.name(set) + "-" + suffix);
    metadata.put("namespace", Meta.namespace(set));
    for (String field : List.of("labels", "annotations", "finalizers")) {
      if (template.path("metadata").has(field)) {
        metadata.set(field, template.path("metadata").path(field).deepCopy());
      }
    }
    metadata.putArray("ownerReferences").add(Meta.ownerReference("apps/v1", "ReplicaSet", set));
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }

  private static Action adopt(ObjectNode pod, ObjectNode set) {
    ObjectNode patch = Trees.object();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("uid", Meta.uid(pod));
    var references = metadata.putArray("ownerReferences");
    pod.path("metadata").path("ownerReferences").forEach(ref -> references.add(ref.deepCopy()));
    references.add(Meta.ownerReference("apps/v1", "ReplicaSet", set));
    return new Action.Patch(Kinds.PODS, ObjectKey.of(pod), patch);
  }

  private static Action release(ObjectNode pod, ObjectNode set) {
    ObjectNode patch = Trees.object();
    var references = patch.putObject("metadata").putArray("ownerReferences");
    for (JsonNode ref : pod.path("metadata").path("ownerReferences")) {
      if (!ref.path("uid").asText().equals(Meta.uid(set))) {
        references.add(ref.deepCopy());
      }
    }
    return new Action.Patch(Kinds.PODS, ObjectKey.of(pod), patch);
  }

  private static Action tell(ObjectNode set, String reason, String message) {
    return new Action.Tell(Kinds.REPLICA_SETS, set, false, reason, message);
  }

  private static Optional<Action> status(
      ObjectNode set, List<ObjectNode> owned, int minimum, Instant now) {
    int ready = 0;
    int available = 0;
    int labelled = 0;
    var labels = Meta.labels(set.path("spec").path("template")).entrySet();
    for (ObjectNode pod : owned) {
      if (PodFacts.ready(pod)) {
        ready++;
        if (!PodFacts.readySince(pod).plusSeconds(minimum).isAfter(now)) {
          available++;
        }
      }
      if (Meta.labels(pod).entrySet().containsAll(labels)) {
        labelled++;
      }
    }
    JsonNode before = set.path("status");
    ObjectNode status = Trees.object();
    status.put("replicas", owned.size());
    status.put("fullyLabeledReplicas", labelled);
    status.put("readyReplicas", ready);
    status.put("availableReplicas", available);
    status.put("observedGeneration", Meta.generation(set));
    boolean same =
        status.properties().stream()
            .allMatch(e -> before.path(e.getKey()).asLong(-1) == e.getValue().asLong());
    if (same) {
      return Optional.empty();
    }
    ObjectNode patch = Trees.object();
    patch.set("status", status);
    return Optional.of(new Action.PatchStatus(Kinds.REPLICA_SETS, ObjectKey.of(set), patch));
  }
}
