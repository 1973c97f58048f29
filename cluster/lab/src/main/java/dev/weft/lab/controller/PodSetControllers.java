package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Hashes;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import java.util.List;
import java.util.SplittableRandom;

/** DaemonSets and StatefulSets: gathers what the decisions need and carries them out. */
final class PodSetControllers implements AutoCloseable {
  private final ObjectStore store;
  private final SplittableRandom random;
  private final Applier daemonApplier;
  private final Applier statefulApplier;
  private final WorkQueue<ObjectKey> daemons = new WorkQueue<>("daemonset", this::daemon);
  private final WorkQueue<ObjectKey> statefuls = new WorkQueue<>("statefulset", this::stateful);

  PodSetControllers(Feed feed, Events events, SplittableRandom random) {
    this.store = feed.store();
    this.random = random;
    this.daemonApplier = new Applier(store, events, "daemonset-controller");
    this.statefulApplier = new Applier(store, events, "statefulset-controller");
    feed.on(Kinds.DAEMON_SETS, (change, set) -> trigger(daemons, change, set));
    feed.on(Kinds.STATEFUL_SETS, (change, set) -> trigger(statefuls, change, set));
    feed.on(Kinds.PODS, this::onPod);
    feed.on(Kinds.NODES, this::onNode);
  }

  void start() {
    daemons.start();
    statefuls.start();
  }

  private static void trigger(WorkQueue<ObjectKey> queue, Change change, ObjectNode set) {
    switch (change) {
      case ADDED, MODIFIED -> queue.add(ObjectKey.of(set));
      case DELETED, SYNCED -> {}
    }
  }

  private void onPod(Change change, ObjectNode pod) {
    if (change == Change.SYNCED) {
      return;
    }
    Meta.controllerOf(pod)
        .ifPresent(
            owner -> {
              ObjectKey key = new ObjectKey(Meta.namespace(pod), owner.path("name").asText());
              switch (owner.path("kind").asText()) {
                case "DaemonSet" -> daemons.add(key);
                case "StatefulSet" -> statefuls.add(key);
                default -> {}
              }
            });
  }

  private void onNode(Change change, ObjectNode node) {
    if (change != Change.SYNCED) {
      list(Kinds.DAEMON_SETS, "").forEach(set -> daemons.add(ObjectKey.of(set)));
    }
  }

  private void daemon(ObjectKey key) {
    store
        .get(Kinds.DAEMON_SETS, key.namespace(), key.name())
        .ifPresent(
            set ->
                apply(
                    daemonApplier,
                    Kinds.DAEMON_SETS,
                    set,
                    DaemonSetDecision.decide(
                        set,
                        list(Kinds.PODS, key.namespace()),
                        list(Kinds.NODES, ""),
                        () -> Hashes.random(random, 5))));
  }

  private void stateful(ObjectKey key) {
    store
        .get(Kinds.STATEFUL_SETS, key.namespace(), key.name())
        .ifPresent(
            set ->
                apply(
                    statefulApplier,
                    Kinds.STATEFUL_SETS,
                    set,
                    StatefulSetDecision.decide(set, list(Kinds.PODS, key.namespace()))));
  }

  private static void apply(
      Applier applier, ResourceType type, ObjectNode set, List<Action> actions) {
    try {
      applier.apply(actions);
    } catch (ApiException e) {
      if (e.code() != 409 && e.code() != 404) {
        applier.apply(
            new Action.Tell(type, set, true, "FailedCreate", "Error creating: " + e.getMessage()));
      }
      throw e;
    }
  }

  private List<ObjectNode> list(ResourceType type, String namespace) {
    return store.list(type, namespace, Selector.ALL).items();
  }

  @Override
  public void close() {
    daemons.close();
    statefuls.close();
  }
}
