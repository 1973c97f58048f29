package dev.weft.lab.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Objects in memory, without defaults, validation or admission. Thread-safe. */
public final class MemoryStore implements ObjectStore {
  private final Map<String, ObjectNode> objects = new TreeMap<>();
  private final List<Watch> watches = new CopyOnWriteArrayList<>();
  private long version;

  private record Event(Change change, ObjectNode object) {}

  private record Watch(ResourceType type, LinkedBlockingQueue<Event> queue) {}

  private static String key(ResourceType type, String namespace, String name) {
    return type.group() + "/" + type.plural() + "/" + namespace + "/" + name;
  }

  @Override
  public synchronized Optional<ObjectNode> get(ResourceType type, String namespace, String name) {
    return Optional.ofNullable(objects.get(key(type, namespace, name))).map(ObjectNode::deepCopy);
  }

  @Override
  public synchronized Listing list(ResourceType type, String namespace, Selector selector) {
    List<ObjectNode> items = new ArrayList<>();
    String prefix =
        type.group() + "/" + type.plural() + "/" + (namespace.isEmpty() ? "" : namespace + "/");
    objects.forEach(
        (key, object) -> {
          if (key.startsWith(prefix) && selected(object, selector)) {
            items.add(object.deepCopy());
          }
        });
    return new Listing(items, version);
  }

  private static boolean selected(ObjectNode object, Selector selector) {
    for (String each : selector.labels().split(",", -1)) {
      if (!each.isEmpty()) {
        String[] pair = each.split("=", 2);
        if (!pair[1].equals(Meta.labels(object).get(pair[0]))) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public synchronized ObjectNode create(ResourceType type, String namespace, ObjectNode object) {
    ObjectNode next = object.deepCopy();
    String key = key(type, namespace, Meta.name(next));
    if (objects.containsKey(key)) {
      throw new ApiException(409, "AlreadyExists", key + " already exists");
    }
    ObjectNode metadata = next.withObjectProperty("metadata");
    metadata.put("namespace", namespace).put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z").put("generation", 1);
    return put(type, key, next, Change.ADDED);
  }

  private ObjectNode put(ResourceType type, String key, ObjectNode next, Change change) {
    next.withObjectProperty("metadata").put("resourceVersion", Long.toString(++version));
    objects.put(key, next);
    tell(type, change, next);
    return next.deepCopy();
  }

  private void tell(ResourceType type, Change change, ObjectNode object) {
    for (Watch each : watches) {
      if (each.type().equals(type)) {
        each.queue().add(new Event(change, object.deepCopy()));
      }
    }
  }

  private ObjectNode require(ResourceType type, String namespace, String name) {
    ObjectNode object = objects.get(key(type, namespace, name));
    if (object == null) {
      throw new ApiException(404, "NotFound", type.plural() + " \"" + name + "\" not found");
    }
    return object;
  }

  @Override
  public synchronized ObjectNode update(
      ResourceType type, String namespace, String name, ObjectNode object) {
    ObjectNode old = require(type, namespace, name);
    ObjectNode next = object.deepCopy();
    if (old.has("status")) {
      next.set("status", old.path("status").deepCopy());
    }
    return changed(type, namespace, name, old, next);
  }

  private ObjectNode changed(
      ResourceType type, String namespace, String name, ObjectNode old, ObjectNode next) {
    if (!next.path("spec").equals(old.path("spec"))) {
      next.withObjectProperty("metadata").put("generation", Meta.generation(old) + 1);
    }
    String key = key(type, namespace, name);
    boolean gone =
        Meta.deleting(next)
            && next.path("metadata").path("finalizers").isEmpty()
            && next.path("metadata").path("deletionGracePeriodSeconds").asInt(0) == 0;
    if (gone) {
      objects.remove(key);
      tell(type, Change.DELETED, next);
      return next;
    }
    return put(type, key, next, Change.MODIFIED);
  }

  @Override
  public synchronized ObjectNode updateStatus(
      ResourceType type, String namespace, String name, ObjectNode object) {
    ObjectNode old = require(type, namespace, name);
    ObjectNode next = old.deepCopy();
    next.set("status", object.path("status").deepCopy());
    return changed(type, namespace, name, old, next);
  }

  @Override
  public synchronized ObjectNode mergePatch(
      ResourceType type, String namespace, String name, JsonNode patch) {
    ObjectNode old = require(type, namespace, name);
    ObjectNode next = old.deepCopy();
    merge(next, patch);
    return changed(type, namespace, name, old, next);
  }

  @Override
  public synchronized ObjectNode mergePatchStatus(
      ResourceType type, String namespace, String name, JsonNode patch) {
    return mergePatch(type, namespace, name, patch);
  }

  private static void merge(ObjectNode target, JsonNode patch) {
    patch
        .properties()
        .forEach(
            each -> {
              JsonNode value = each.getValue();
              if (value.isNull()) {
                target.remove(each.getKey());
              } else if (value.isObject() && !value.isEmpty()) {
                merge(target.withObjectProperty(each.getKey()), value);
              } else {
                target.set(each.getKey(), value.deepCopy());
              }
            });
  }

  @Override
  public synchronized void delete(
      ResourceType type, String namespace, String name, DeleteOptions options) {
    ObjectNode old = require(type, namespace, name);
    ObjectNode next = old.deepCopy();
    ObjectNode metadata = next.withObjectProperty("metadata");
    metadata.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    int grace =
        options.graceSeconds() >= 0
            ? options.graceSeconds()
            : next.path("spec").path("terminationGracePeriodSeconds").asInt(30);
    boolean pod = type.equals(Kinds.PODS) && next.path("spec").has("nodeName");
    metadata.put("deletionGracePeriodSeconds", pod ? grace : 0);
    changed(type, namespace, name, old, next);
  }

  @Override
  public synchronized AutoCloseable follow(
      ResourceType type, String namespace, Selector selector, Follower follower) {
    Watch watch = new Watch(type, new LinkedBlockingQueue<>());
    list(type, namespace, selector)
        .items()
        .forEach(each -> watch.queue().add(new Event(Change.ADDED, each)));
    watch.queue().add(new Event(Change.SYNCED, Trees.object()));
    watches.add(watch);
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      Event event = watch.queue().take();
                      follower.on(event.change(), event.object());
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    return () -> {
      watches.remove(watch);
      thread.interrupt();
    };
  }

  @Override
  public void register(ResourceType type) {}
}
