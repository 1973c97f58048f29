package dev.weft.lab.controller;

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
import java.util.TreeMap;

/**
 * What a StatefulSet needs next: pods with numbers, made in their order and ended in the opposite
 * one, each after the one before it is ready (Kubernetes: pkg/controller/statefulset).
 */
final class StatefulSetDecision {
  private final ObjectNode set;
  private final PodTemplate template;
  private final TreeMap<Integer, ObjectNode> pods = new TreeMap<>();
  private final List<Action> actions = new ArrayList<>();

  private StatefulSetDecision(ObjectNode set) {
    this.set = set;
    this.template = new PodTemplate(set, "StatefulSet");
  }

  static List<Action> decide(ObjectNode set, List<ObjectNode> podsOfNamespace) {
    if (Meta.deleting(set)) {
      return List.of();
    }
    StatefulSetDecision decision = new StatefulSetDecision(set);
    podsOfNamespace.stream().filter(pod -> Meta.controls(set, pod)).forEach(decision::number);
    decision.decide();
    return decision.actions;
  }

  private void number(ObjectNode pod) {
    String prefix = Meta.name(set) + "-";
    String rest = Meta.name(pod).substring(Math.min(prefix.length(), Meta.name(pod).length()));
    if (Meta.name(pod).startsWith(prefix) && rest.matches("[0-9]{1,6}")) {
      pods.put(Integer.valueOf(rest), pod);
    }
  }

  private void decide() {
    int replicas = set.path("spec").path("replicas").asInt(1);
    boolean settled = grow(replicas);
    if (settled) {
      settled = shrink(replicas);
    }
    if (settled) {
      replaceOld(replicas);
    }
    Statuses.changed(Kinds.STATEFUL_SETS, set, status()).ifPresent(actions::add);
  }

  /** Whether all that have to be there serve. */
  private boolean grow(int replicas) {
    boolean parallel = set.path("spec").path("podManagementPolicy").asText("").equals("Parallel");
    boolean settled = true;
    for (int number = 0; number < replicas; number++) {
      if (!serves(number)) {
        if (!parallel) {
          return false;
        }
        settled = false;
      }
    }
    return settled;
  }

  /** Does what is to be done for a number that does not. */
  private boolean serves(int number) {
    ObjectNode pod = pods.get(number);
    if (pod == null) {
      create(number);
      return false;
    }
    boolean ready = PodFacts.ready(pod);
    // One of an old template that never became ready may be what stands in the way.
    boolean useless = PodFacts.finished(pod) || (!ready && !template.current(pod));
    if (useless && !Meta.deleting(pod)) {
      delete(pod);
    }
    return ready && !useless && !Meta.deleting(pod);
  }

  private boolean shrink(int replicas) {
    for (Map.Entry<Integer, ObjectNode> each : pods.descendingMap().entrySet()) {
      if (each.getKey() >= replicas) {
        if (!Meta.deleting(each.getValue())) {
          delete(each.getValue());
        }
        return false;
      }
    }
    return true;
  }

  /** From the highest number down to the partition. */
  private void replaceOld(int replicas) {
    var strategy = set.path("spec").path("updateStrategy");
    if (strategy.path("type").asText("RollingUpdate").equals("OnDelete")) {
      return;
    }
    int partition = strategy.path("rollingUpdate").path("partition").asInt(0);
    for (int number = replicas - 1; number >= partition; number--) {
      ObjectNode pod = pods.get(number);
      if (pod != null && !template.current(pod)) {
        delete(pod);
        return;
      }
    }
  }

  private void create(int number) {
    String name = Meta.name(set) + "-" + number;
    ObjectNode pod = template.pod(name);
    pod.withObject("/metadata/labels")
        .put("statefulset.kubernetes.io/pod-name", name)
        .put("apps.kubernetes.io/pod-index", String.valueOf(number));
    ObjectNode spec = (ObjectNode) pod.path("spec");
    spec.put("hostname", name);
    String service = set.path("spec").path("serviceName").asText("");
    if (!service.isEmpty()) {
      spec.put("subdomain", service);
    }
    set.path("spec")
        .path("volumeClaimTemplates")
        .forEach(
            claim ->
                spec.withArray("/volumes")
                    .addObject()
                    .put("name", Meta.name(claim))
                    .putObject("persistentVolumeClaim")
                    .put("claimName", Meta.name(claim) + "-" + name));
    actions.add(new Action.Create(Kinds.PODS, pod));
    tell("SuccessfulCreate", "create Pod %s in StatefulSet %s successful", name);
  }

  private void delete(ObjectNode pod) {
    actions.add(new Action.Delete(Kinds.PODS, ObjectKey.of(pod), DeleteOptions.BACKGROUND));
    tell("SuccessfulDelete", "delete Pod %s in StatefulSet %s successful", Meta.name(pod));
  }

  private void tell(String reason, String message, String pod) {
    actions.add(
        new Action.Tell(
            Kinds.STATEFUL_SETS, set, false, reason, message.formatted(pod, Meta.name(set))));
  }

  private ObjectNode status() {
    List<ObjectNode> there = pods.values().stream().filter(ReplicaSetDecision::active).toList();
    int ready = (int) there.stream().filter(PodFacts::ready).count();
    int updated = (int) there.stream().filter(template::current).count();
    boolean rolled = updated == there.size();
    String former =
        Optional.of(set.path("status").path("currentRevision").asText(""))
            .filter(name -> !name.isEmpty())
            .orElse(template.revision());
    ObjectNode status = Trees.object();
    status.put("replicas", there.size());
    status.put("readyReplicas", ready);
    status.put("availableReplicas", ready);
    status.put("updatedReplicas", updated);
    status.put("currentReplicas", rolled ? there.size() : there.size() - updated);
    status.put("updateRevision", template.revision());
    status.put("currentRevision", rolled ? template.revision() : former);
    status.put("observedGeneration", Meta.generation(set));
    return status;
  }
}
