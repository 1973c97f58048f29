package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.apiserver.ObjectStore.Propagation;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what nobody owns any more and serves the finalizers {@code foregroundDeletion} and {@code
 * orphan} (Kubernetes: pkg/controller/garbagecollector).
 */
final class GarbageCollector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final ObjectStore store;
  private final KnownTypes types;
  private final WorkQueue<Item> queue = new WorkQueue<>("garbage", this::work);
  private final Map<String, Set<Item>> dependents = new HashMap<>();
  private final List<AutoCloseable> customFollows = new CopyOnWriteArrayList<>();

  private record Item(ResourceType type, ObjectKey key) {}

  GarbageCollector(Feed feed, KnownTypes types) {
    this.store = feed.store();
    this.types = types;
    for (ResourceType type : Kinds.NAMESPACED) {
      if (!type.equals(Kinds.EVENTS)) {
        feed.on(type, (change, object) -> observe(type, change, object));
      }
    }
    types.onCustomType(
        type ->
            customFollows.add(
                store.follow(
                    type, "", Selector.ALL, (change, object) -> observe(type, change, object))));
  }

  void start() {
    queue.start();
  }

  private void observe(ResourceType type, Change change, ObjectNode object) {
    Item item = new Item(type, ObjectKey.of(object));
    JsonNode owners = object.path("metadata").path("ownerReferences");
    switch (change) {
      case ADDED, MODIFIED -> {
        remember(item, owners);
        boolean served = Meta.hasFinalizer(object, FOREGROUND) || Meta.hasFinalizer(object, ORPHAN);
        if (change == Change.ADDED && !owners.isEmpty() || served && Meta.deleting(object)) {
          queue.add(item);
        }
      }
      case DELETED -> forget(item, object).forEach(queue::add);
      case SYNCED -> {}
    }
  }

  private synchronized void remember(Item item, JsonNode owners) {
    for (JsonNode owner : owners) {
      dependents.computeIfAbsent(owner.path("uid").asText(), u -> new HashSet<>()).add(item);
    }
  }

  /** What is to be looked at again: the dependents of the deleted object, and its owners. */
  private synchronized List<Item> forget(Item item, ObjectNode object) {
    List<Item> result = new ArrayList<>();
    Set<Item> mine = dependents.remove(Meta.uid(object));
    if (mine != null) {
      result.addAll(mine);
    }
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      Set<Item> siblings = dependents.get(owner.path("uid").asText());
      if (siblings != null) {
        siblings.remove(item);
      }
      types
          .find(owner.path("apiVersion").asText(), owner.path("kind").asText())
          .map(type -> new Item(type, ownerKey(type, item, owner)))
          .ifPresent(result::add);
    }
    return result;
  }

  private static ObjectKey ownerKey(ResourceType type, Item dependent, JsonNode owner) {
    return new ObjectKey(
        type.namespaced() ? dependent.key().namespace() : "", owner.path("name").asText());
  }

  private void work(Item item) {
    Optional<ObjectNode> found = get(item);
    if (found.isEmpty()) {
      return;
    }
    ObjectNode object = found.get();
    if (Meta.deleting(object)) {
      if (Meta.hasFinalizer(object, ORPHAN)) {
        orphanDependents(object);
        removeFinalizer(item, object, ORPHAN);
      } else if (Meta.hasFinalizer(object, FOREGROUND)) {
        deleteDependents(item, object);
      }
      return;
    }
    collect(item, object);
  }

  /** Deletes an object all of whose owners are gone. */
  private void collect(Item item, ObjectNode object) {
    ArrayNode left = Trees.array();
    int gone = 0;
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      if (exists(item, owner)) {
        left.add(owner.deepCopy());
      } else {
        gone++;
      }
    }
    if (gone == 0) {
      return;
    }
    if (left.isEmpty()) {
      delete(item, Propagation.BACKGROUND);
    } else {
      patchOwners(item, left);
    }
  }

  private boolean exists(Item dependent, JsonNode owner) {
    Optional<ResourceType> type =
        types.find(owner.path("apiVersion").asText(), owner.path("kind").asText());
    // an owner of a kind that nobody knows is left to whoever knows it
    return type.isEmpty()
        || get(new Item(type.get(), ownerKey(type.get(), dependent, owner)))
            .filter(found -> Meta.uid(found).equals(owner.path("uid").asText()))
            .isPresent();
  }

  private void deleteDependents(Item item, ObjectNode owner) {
    boolean blocked = false;
    for (Item each : dependentsOf(owner)) {
      Optional<ObjectNode> found = get(each);
      if (found.isEmpty() || ownerReference(found.get(), owner).isEmpty()) {
        continue;
      }
      blocked |=
          ownerReference(found.get(), owner)
              .map(ref -> ref.path("blockOwnerDeletion").asBoolean(false))
              .orElse(false);
      if (!Meta.deleting(found.get())) {
        delete(each, Propagation.FOREGROUND);
        // one without finalizers is gone at once
        blocked |= get(each).isPresent();
      }
    }
    boolean left = blocked && dependentsOf(owner).stream().anyMatch(each -> get(each).isPresent());
    if (!left) {
      removeFinalizer(item, owner, FOREGROUND);
    }
  }

  private void orphanDependents(ObjectNode owner) {
    for (Item each : dependentsOf(owner)) {
      get(each)
          .ifPresent(
              found -> {
                ArrayNode left = Trees.array();
                for (JsonNode ref : found.path("metadata").path("ownerReferences")) {
                  if (!ref.path("uid").asText().equals(Meta.uid(owner))) {
                    left.add(ref.deepCopy());
                  }
                }
                patchOwners(each, left);
              });
    }
  }

  private synchronized List<Item> dependentsOf(ObjectNode owner) {
    return List.copyOf(dependents.getOrDefault(Meta.uid(owner), Set.of()));
  }

  private static Optional<JsonNode> ownerReference(JsonNode object, JsonNode owner) {
    for (JsonNode ref : object.path("metadata").path("ownerReferences")) {
      if (ref.path("uid").asText().equals(Meta.uid(owner))) {
        return Optional.of(ref);
      }
    }
    return Optional.empty();
  }

  private void patchOwners(Item item, ArrayNode owners) {
    ObjectNode patch = Trees.object();
    patch.putObject("metadata").set("ownerReferences", owners);
    store.mergePatch(item.type(), item.key().namespace(), item.key().name(), patch);
  }

  private void removeFinalizer(Item item, ObjectNode object, String finalizer) {
    ObjectNode patch = Trees.object();
    ArrayNode left = patch.putObject("metadata").putArray("finalizers");
    for (JsonNode each : object.path("metadata").path("finalizers")) {
      if (!each.asText().equals(finalizer)) {
        left.add(each.asText());
      }
    }
    store.mergePatch(item.type(), item.key().namespace(), item.key().name(), patch);
  }

  private Optional<ObjectNode> get(Item item) {
    return store.get(item.type(), item.key().namespace(), item.key().name());
  }

  private void delete(Item item, Propagation propagation) {
    try {
      store.delete(
          item.type(),
          item.key().namespace(),
          item.key().name(),
          new DeleteOptions(-1, propagation));
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    queue.close();
    for (AutoCloseable each : customFollows) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warn("closing a watch: {}", e.toString());
      }
    }
  }
}
