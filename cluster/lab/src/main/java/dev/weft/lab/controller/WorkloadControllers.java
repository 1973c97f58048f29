package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Hashes;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Deployments and ReplicaSets: gathers what the decisions need and carries them out. */
final class WorkloadControllers implements AutoCloseable {
  private final ObjectStore store;
  private final InstantSource clock;
  private final SplittableRandom random;
  private final Applier deploymentApplier;
  private final Applier setApplier;
  private final WorkQueue<ObjectKey> deployments =
      new WorkQueue<>("deployment", this::reconcileDeployment);
  private final WorkQueue<ObjectKey> sets = new WorkQueue<>("replicaset", this::reconcileSet);

  WorkloadControllers(Feed feed, Events events, InstantSource clock, SplittableRandom random) {
    this.store = feed.store();
    this.clock = clock;
    this.random = random;
    this.deploymentApplier = new Applier(store, events, "deployment-controller");
    this.setApplier = new Applier(store, events, "replicaset-controller");
    feed.on(Kinds.DEPLOYMENTS, (change, object) -> trigger(deployments, change, object));
    feed.on(Kinds.REPLICA_SETS, (change, object) -> trigger(sets, change, object));
    feed.on(Kinds.REPLICA_SETS, (change, object) -> owner(deployments, "Deployment", object));
    feed.on(Kinds.PODS, this::onPod);
  }

  void start() {
    deployments.start();
    sets.start();
  }

  private static void trigger(WorkQueue<ObjectKey> queue, Change change, ObjectNode object) {
    switch (change) {
      case ADDED, MODIFIED -> queue.add(ObjectKey.of(object));
      case DELETED, SYNCED -> {}
    }
  }

  private static void owner(WorkQueue<ObjectKey> queue, String kind, JsonNode object) {
    Meta.controllerOf(object)
        .filter(ref -> ref.path("kind").asText().equals(kind))
        .map(ref -> new ObjectKey(Meta.namespace(object), ref.path("name").asText()))
        .ifPresent(queue::add);
  }

  private void onPod(Change change, ObjectNode pod) {
    owner(sets, "ReplicaSet", pod);
    boolean free = Meta.controllerOf(pod).isEmpty() && change != Change.SYNCED;
    if (free && change != Change.DELETED && !Meta.labels(pod).isEmpty()) {
      for (ObjectNode set : list(Kinds.REPLICA_SETS, Meta.namespace(pod))) {
        sets.add(ObjectKey.of(set));
      }
    }
    if (change == Change.DELETED) {
      // a Recreate rollout waits for the last old pod
      Meta.controllerOf(pod)
          .flatMap(
              ref -> store.get(Kinds.REPLICA_SETS, Meta.namespace(pod), ref.path("name").asText()))
          .ifPresent(set -> owner(deployments, "Deployment", set));
    }
  }

  private void reconcileDeployment(ObjectKey key) {
    ObjectNode deployment = store.get(Kinds.DEPLOYMENTS, key.namespace(), key.name()).orElse(null);
    if (deployment == null) {
      return;
    }
    List<ObjectNode> owned =
        list(Kinds.REPLICA_SETS, key.namespace()).stream()
            .filter(set -> Meta.controls(deployment, set))
            .toList();
    String hash = DeploymentDecision.hash(deployment);
    int podsOfOld = 0;
    for (ObjectNode pod : list(Kinds.PODS, key.namespace())) {
      Map<String, String> labels = Meta.labels(pod);
      boolean old =
          owned.stream().anyMatch(set -> Meta.controls(set, pod))
              && !hash.equals(labels.get(DeploymentDecision.HASH));
      if (old) {
        podsOfOld++;
      }
    }
    deploymentApplier.apply(
        DeploymentDecision.decide(deployment, owned, podsOfOld, clock.instant()));
    deadline(deployment, key);
  }

  /** A rollout that stands still is noticed at its deadline only by looking again. */
  private void deadline(ObjectNode deployment, ObjectKey key) {
    JsonNode progressing = Meta.condition(deployment, "Progressing");
    if (progressing.path("reason").asText().equals("ReplicaSetUpdated")) {
      long seconds = deployment.path("spec").path("progressDeadlineSeconds").asLong(600);
      Instant since = Meta.time(progressing.path("lastUpdateTime")).orElse(clock.instant());
      Duration left = Duration.between(clock.instant(), since.plusSeconds(seconds + 1));
      if (!left.isNegative()) {
        deployments.addAfter(key, left);
      }
    }
  }

  private void reconcileSet(ObjectKey key) {
    ObjectNode set = store.get(Kinds.REPLICA_SETS, key.namespace(), key.name()).orElse(null);
    if (set == null) {
      return;
    }
    ReplicaSetDecision.Decision decision =
        ReplicaSetDecision.decide(
            set,
            list(Kinds.PODS, key.namespace()),
            () -> Hashes.random(random, 5),
            clock.instant());
    decision.again().ifPresent(after -> sets.addAfter(key, after));
    try {
      setApplier.apply(decision.actions());
    } catch (ApiException e) {
      if (e.code() != 409 && e.code() != 404) {
        setApplier.apply(
            new Action.Tell(
                Kinds.REPLICA_SETS,
                set,
                true,
                "FailedCreate",
                "Error creating: " + e.getMessage()));
      }
      throw e;
    }
  }

  private List<ObjectNode> list(dev.weft.apiserver.ResourceType type, String namespace) {
    return store.list(type, namespace, Selector.ALL).items();
  }

  @Override
  public void close() {
    deployments.close();
    sets.close();
  }
}
