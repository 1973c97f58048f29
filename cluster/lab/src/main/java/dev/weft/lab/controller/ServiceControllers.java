package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.LabelSelector;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** EndpointSlices, load balancer addresses, and the placing of pods. */
final class ServiceControllers implements AutoCloseable {
  private static final ObjectKey ALL = new ObjectKey("", "");

  private final ObjectStore store;
  private final InstantSource clock;
  private final Optional<AddressPool> ownPool;
  private final Map<ObjectKey, Map<String, String>> podLabels = new HashMap<>();
  private final Applier slicesApplier;
  private final Applier balancerApplier;
  private final Applier schedulerApplier;
  private final WorkQueue<ObjectKey> slices = new WorkQueue<>("endpointslice", this::slices);
  private final WorkQueue<ObjectKey> balancers = new WorkQueue<>("loadbalancer", this::balancers);
  private final WorkQueue<ObjectKey> scheduler = new WorkQueue<>("scheduler", this::schedule);

  ServiceControllers(Feed feed, Events events, InstantSource clock, Optional<AddressPool> ownPool) {
    this.store = feed.store();
    this.clock = clock;
    this.ownPool = ownPool;
    this.slicesApplier = new Applier(store, events, "endpoint-slice-controller");
    this.balancerApplier = new Applier(store, events, "metallb-controller");
    this.schedulerApplier = new Applier(store, events, "default-scheduler");
    feed.on(Kinds.SERVICES, this::onService);
    feed.on(Kinds.PODS, this::onPod);
    feed.on(Kinds.ENDPOINT_SLICES, this::onSlice);
    feed.on(Kinds.ADDRESS_POOLS, (change, object) -> balancers.add(ALL));
    feed.on(Kinds.NODES, this::onNode);
  }

  void start() {
    slices.start();
    balancers.start();
    scheduler.start();
  }

  private void onService(Change change, ObjectNode service) {
    switch (change) {
      case ADDED, MODIFIED -> {
        slices.add(ObjectKey.of(service));
        balancers.add(ALL);
      }
      case DELETED -> balancers.add(ALL);
      case SYNCED -> {}
    }
  }

  private void onPod(Change change, ObjectNode pod) {
    if (change == Change.SYNCED) {
      return;
    }
    ObjectKey key = ObjectKey.of(pod);
    Map<String, String> labels = Meta.labels(pod);
    Map<String, String> before =
        change == Change.DELETED ? podLabels.remove(key) : podLabels.put(key, labels);
    for (ObjectNode service : store.list(Kinds.SERVICES, key.namespace(), Selector.ALL).items()) {
      LabelSelector selector = LabelSelector.ofMap(service.path("spec").path("selector"));
      if (selector.matches(labels) || before != null && selector.matches(before)) {
        slices.add(ObjectKey.of(service));
      }
    }
    if (change != Change.DELETED && !PodFacts.assigned(pod)) {
      scheduler.add(key);
    }
  }

  private void onSlice(Change change, ObjectNode slice) {
    String service = Meta.labels(slice).getOrDefault(EndpointSliceDecision.SERVICE_NAME, "");
    boolean mine =
        EndpointSliceDecision.MANAGER.equals(
            Meta.labels(slice).get(EndpointSliceDecision.MANAGED_BY));
    if (mine && (change == Change.MODIFIED || change == Change.DELETED)) {
      slices.add(new ObjectKey(Meta.namespace(slice), service));
    }
  }

  private void onNode(Change change, ObjectNode node) {
    if (change == Change.SYNCED) {
      return;
    }
    for (ObjectNode pod : store.list(Kinds.PODS, "", Selector.ALL).items()) {
      if (!PodFacts.assigned(pod)) {
        scheduler.add(ObjectKey.of(pod));
      }
    }
  }

  private void slices(ObjectKey key) {
    Optional<ObjectNode> service = store.get(Kinds.SERVICES, key.namespace(), key.name());
    if (service.isEmpty()) {
      return;
    }
    Map<String, String> zones = new HashMap<>();
    for (ObjectNode node : store.list(Kinds.NODES, "", Selector.ALL).items()) {
      zones.put(Meta.name(node), Meta.labels(node).getOrDefault("topology.kubernetes.io/zone", ""));
    }
    slicesApplier.apply(
        EndpointSliceDecision.decide(
            service.get(),
            store.list(Kinds.PODS, key.namespace(), Selector.ALL).items(),
            store
                .list(
                    Kinds.ENDPOINT_SLICES,
                    key.namespace(),
                    Selector.labels(EndpointSliceDecision.SERVICE_NAME + "=" + key.name()))
                .items(),
            zones));
  }

  /** One after another, because each takes an address from the next. */
  private void balancers(ObjectKey all) {
    List<AddressPool> pools = new ArrayList<>();
    for (ObjectNode pool : store.list(Kinds.ADDRESS_POOLS, "", Selector.ALL).items()) {
      LoadBalancerDecision.pool(pool).ifPresent(pools::add);
    }
    // pools that somebody wrote come first, as they are there to be used
    ownPool.ifPresent(pools::add);
    for (ObjectNode each : store.list(Kinds.SERVICES, "", Selector.ALL).items()) {
      List<ObjectNode> services = store.list(Kinds.SERVICES, "", Selector.ALL).items();
      balancerApplier.apply(LoadBalancerDecision.decide(each, services, pools));
    }
  }

  private void schedule(ObjectKey key) {
    Optional<ObjectNode> pod = store.get(Kinds.PODS, key.namespace(), key.name());
    if (pod.isPresent()) {
      schedulerApplier.apply(
          ScheduleDecision.decide(
              pod.get(), store.list(Kinds.NODES, "", Selector.ALL).items(), clock.instant()));
    }
  }

  @Override
  public void close() {
    slices.close();
    balancers.close();
    scheduler.close();
  }
}
