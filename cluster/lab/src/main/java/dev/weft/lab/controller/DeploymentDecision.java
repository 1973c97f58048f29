package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.object.Hashes;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Deployment needs next, given its ReplicaSets (Kubernetes: pkg/controller/deployment).
 *
 * <p>Confined to one call of {@link #decide}.
 */
final class DeploymentDecision {
  static final String HASH = "pod-template-hash";
  static final String REVISION = "deployment.kubernetes.io/revision";
  private static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
  private static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";
  private static final int KEPT_REVISIONS = 10;

  private final ObjectNode deployment;
  private final List<ObjectNode> sets;
  private final List<Action> actions = new ArrayList<>();
  private final int desired;
  private final RollingLimits limits;
  private @Nullable ObjectNode current;

  private DeploymentDecision(ObjectNode deployment, List<ObjectNode> sets) {
    this.deployment = deployment;
    this.sets = new ArrayList<>(sets);
    this.sets.sort(Comparator.comparing(Meta::created).thenComparing(Meta::name));
    this.desired = deployment.path("spec").path("replicas").asInt(1);
    this.limits = RollingLimits.of(deployment.path("spec").path("strategy"), desired);
    String hash = hash(deployment);
    for (ObjectNode each : this.sets) {
      if (hash.equals(Meta.labels(each).get(HASH)) || sameTemplate(deployment, each)) {
        current = each;
        break;
      }
    }
  }

  /**
   * @param sets the ReplicaSets that the Deployment controls
   * @param podsOfOld how many pods of former ReplicaSets still exist, however they end
   */
  static List<Action> decide(
      ObjectNode deployment, List<ObjectNode> sets, int podsOfOld, Instant now) {
    DeploymentDecision decision = new DeploymentDecision(deployment, sets);
    boolean paused = deployment.path("spec").path("paused").asBoolean(false);
    if (!Meta.deleting(deployment)) {
      if (paused) {
        decision.scaleCurrent(decision.desired);
      } else if (decision.limits.recreate()) {
        decision.recreate(podsOfOld);
      } else {
        decision.roll();
      }
      if (!paused) {
        decision.forgetOldRevisions();
      }
    }
    DeploymentStatus.decide(deployment, decision.sets, decision.current, decision.limits, now)
        .ifPresent(decision.actions::add);
    return decision.actions;
  }

  /** The value of the {@code pod-template-hash} label for a Deployment's template. */
  static String hash(JsonNode deployment) {
    return Hashes.of(template(deployment), 10);
  }

  /** The same text for templates that mean the same, with or without the hash label. */
  private static String template(JsonNode owner) {
    JsonNode template = owner.path("spec").path("template").deepCopy();
    if (template.path("metadata") instanceof ObjectNode metadata) {
      if (metadata.path("labels") instanceof ObjectNode labels) {
        labels.remove(HASH);
      }
      // clients write what they do not mean as null or as an empty map
      metadata.properties().removeIf(each -> each.getValue().isNull() || each.getValue().isEmpty());
    }
    return Trees.canonical(template);
  }

  private static boolean sameTemplate(ObjectNode deployment, ObjectNode set) {
    return template(set).equals(template(deployment));
  }

  private void roll() {
    int olds = 0;
    int available = 0;
    for (ObjectNode each : sets) {
      available += each.path("status").path("availableReplicas").asInt(0);
      if (each != current) {
        olds += replicas(each);
      }
    }
    int now = current == null ? 0 : replicas(current);
    int room = Math.max(0, desired + limits.surge() - olds - now);
    int next = now >= desired ? desired : Math.min(desired, now + room);
    scaleCurrent(next);
    scaleDownOld(olds, available, Math.max(now, next));
  }

  private void scaleDownOld(int olds, int available, int ofCurrent) {
    if (olds == 0) {
      return;
    }
    int minimum = desired - limits.unavailable();
    int currentAvailable =
        current == null ? 0 : current.path("status").path("availableReplicas").asInt(0);
    int left = olds + ofCurrent - minimum - Math.max(0, ofCurrent - currentAvailable);
    int healthyLeft = available - minimum;
    for (ObjectNode each : sets) {
      if (each == current || left <= 0 || replicas(each) == 0) {
        continue;
      }
      int has = replicas(each);
      int healthy = Math.min(has, each.path("status").path("availableReplicas").asInt(0));
      int unhealthy = Math.min(has - healthy, left);
      int more = Math.min(healthy, Math.max(0, Math.min(left - unhealthy, healthyLeft)));
      left -= unhealthy + more;
      healthyLeft -= more;
      if (unhealthy + more > 0) {
        scale(each, has - unhealthy - more);
      }
    }
  }

  private void recreate(int podsOfOld) {
    boolean settled = podsOfOld == 0;
    for (ObjectNode each : sets) {
      if (each != current && replicas(each) > 0) {
        settled = false;
        scale(each, 0);
      }
    }
    if (settled) {
      scaleCurrent(desired);
    }
  }

  private void scaleCurrent(int replicas) {
    ObjectNode set = current;
    if (set == null) {
      if (!deployment.path("spec").path("paused").asBoolean(false)) {
        create(replicas);
      }
      return;
    }
    String revision = revisionOf(set);
    ObjectNode patch = Trees.object();
    if (!Meta.annotation(set, REVISION).equals(revision)) {
      patch.putObject("metadata").putObject("annotations").put(REVISION, revision);
      actions.add(new Action.Patch(Kinds.REPLICA_SETS, ObjectKey.of(set), patch));
    }
    annotate(revision);
    if (replicas(set) != replicas) {
      scale(set, replicas);
    }
  }

  private void create(int replicas) {
    String hash = hash(deployment);
    String revision = Integer.toString(highestOld() + 1);
    ObjectNode set = Trees.object();
    set.put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    ObjectNode metadata = set.putObject("metadata");
    metadata.put("name", Meta.name(deployment) + "-" + hash);
    metadata.put("namespace", Meta.namespace(deployment));
    ObjectNode template = deployment.path("spec").path("template").deepCopy();
    template.withObjectProperty("metadata").withObjectProperty("labels").put(HASH, hash);
    metadata.set("labels", template.path("metadata").path("labels").deepCopy());
    ObjectNode annotations = metadata.putObject("annotations");
    Meta.annotations(deployment).entrySet().stream()
        .filter(e -> !e.getKey().startsWith("kubectl.kubernetes.io/last-applied"))
        .filter(e -> !e.getKey().startsWith("deployment.kubernetes.io/"))
        .forEach(e -> annotations.put(e.getKey(), e.getValue()));
    annotations.put(REVISION, revision);
    annotations.put(DESIRED, Integer.toString(desired));
    annotations.put(MAXIMUM, Integer.toString(desired + limits.surge()));
    metadata
        .putArray("ownerReferences")
        .add(Meta.ownerReference("apps/v1", "Deployment", deployment));
    ObjectNode spec = set.putObject("spec");
    spec.put("replicas", replicas);
    spec.put("minReadySeconds", deployment.path("spec").path("minReadySeconds").asInt(0));
    ObjectNode selector = deployment.path("spec").path("selector").deepCopy();
    selector.withObjectProperty("matchLabels").put(HASH, hash);
    spec.set("selector", selector);
    spec.set("template", template);
    actions.add(new Action.Create(Kinds.REPLICA_SETS, set));
    annotate(revision);
    if (replicas > 0) {
      tellScaled("up", Meta.name(set), 0, replicas);
    }
  }

  private void scale(ObjectNode set, int to) {
    ObjectNode patch = Trees.object();
    ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
    annotations.put(DESIRED, Integer.toString(desired));
    annotations.put(MAXIMUM, Integer.toString(desired + limits.surge()));
    patch.putObject("spec").put("replicas", to);
    actions.add(new Action.Patch(Kinds.REPLICA_SETS, ObjectKey.of(set), patch));
    int from = replicas(set);
    tellScaled(to > from ? "up" : "down", Meta.name(set), from, to);
  }

  private void tellScaled(String direction, String name, int from, int to) {
    actions.add(
        new Action.Tell(
            Kinds.DEPLOYMENTS,
            deployment,
            false,
            "ScalingReplicaSet",
            "Scaled %s replica set %s from %d to %d".formatted(direction, name, from, to)));
  }

  private void annotate(String revision) {
    if (!Meta.annotation(deployment, REVISION).equals(revision)) {
      ObjectNode patch = Trees.object();
      patch.putObject("metadata").putObject("annotations").put(REVISION, revision);
      actions.add(new Action.Patch(Kinds.DEPLOYMENTS, ObjectKey.of(deployment), patch));
    }
  }

  /** A ReplicaSet that becomes current again gets a new number, as a rollback does. */
  private String revisionOf(ObjectNode set) {
    int own = revision(set);
    int old = highestOld();
    return Integer.toString(own > old ? own : old + 1);
  }

  private int highestOld() {
    return sets.stream()
        .filter(each -> each != current)
        .mapToInt(DeploymentDecision::revision)
        .max()
        .orElse(0);
  }

  private void forgetOldRevisions() {
    int limit = deployment.path("spec").path("revisionHistoryLimit").asInt(KEPT_REVISIONS);
    List<ObjectNode> idle =
        sets.stream()
            .filter(each -> each != current && !Meta.deleting(each))
            .filter(each -> replicas(each) == 0)
            .filter(each -> each.path("status").path("replicas").asInt(0) == 0)
            .sorted(Comparator.comparingInt(DeploymentDecision::revision))
            .toList();
    for (int i = 0; i < idle.size() - limit; i++) {
      actions.add(
          new Action.Delete(
              Kinds.REPLICA_SETS, ObjectKey.of(idle.get(i)), DeleteOptions.BACKGROUND));
    }
  }

  static int replicas(JsonNode set) {
    return set.path("spec").path("replicas").asInt(1);
  }

  private static int revision(JsonNode set) {
    try {
      return Integer.parseInt(Meta.annotation(set, REVISION));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
