package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import java.time.InstantSource;
import java.util.Optional;

/** HorizontalPodAutoscalers: looks when one of them or its Deployment changes. */
final class Autoscalers implements AutoCloseable {
  private final ObjectStore store;
  private final InstantSource clock;
  private final Applier applier;
  private final WorkQueue<ObjectKey> scalers = new WorkQueue<>("autoscaler", this::reconcile);

  Autoscalers(Feed feed, Events events, InstantSource clock) {
    this.store = feed.store();
    this.clock = clock;
    this.applier = new Applier(store, events, "horizontal-pod-autoscaler");
    feed.on(
        Kinds.AUTOSCALERS,
        (change, scaler) -> {
          if (change == Change.ADDED || change == Change.MODIFIED) {
            scalers.add(ObjectKey.of(scaler));
          }
        });
    feed.on(
        Kinds.DEPLOYMENTS,
        (change, deployment) -> {
          if (change != Change.SYNCED) {
            of(deployment);
          }
        });
  }

  void start() {
    scalers.start();
  }

  private void of(ObjectNode deployment) {
    store
        .list(Kinds.AUTOSCALERS, Meta.namespace(deployment), Selector.ALL)
        .items()
        .forEach(scaler -> scalers.add(ObjectKey.of(scaler)));
  }

  private void reconcile(ObjectKey key) {
    store
        .get(Kinds.AUTOSCALERS, key.namespace(), key.name())
        .filter(scaler -> !Meta.deleting(scaler))
        .ifPresent(
            scaler ->
                applier.apply(
                    AutoscalerDecision.decide(scaler, deployment(scaler), clock.instant())));
  }

  private Optional<ObjectNode> deployment(ObjectNode scaler) {
    var target = AutoscalerDecision.target(scaler);
    return target.path("kind").asText().equals("Deployment")
        ? store.get(Kinds.DEPLOYMENTS, Meta.namespace(scaler), target.path("name").asText())
        : Optional.empty();
  }

  @Override
  public void close() {
    scalers.close();
  }
}
