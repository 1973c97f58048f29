package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives each namespace its default ServiceAccount and the certificate of the API server, and
 * empties namespaces that terminate.
 */
final class NamespaceController implements AutoCloseable {
  private static final String ROOT_CERTIFICATE = "kube-root-ca.crt";
  private static final Duration EMPTYING = Duration.ofMillis(100);

  private final ObjectStore store;
  private final KnownTypes types;
  private final String caCertificate;
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>("namespace", this::work);

  NamespaceController(Feed feed, KnownTypes types, String caCertificate) {
    this.store = feed.store();
    this.types = types;
    this.caCertificate = caCertificate;
    feed.on(Kinds.NAMESPACES, (change, object) -> trigger(change, Meta.name(object)));
    feed.on(Kinds.SERVICE_ACCOUNTS, this::onContent);
    feed.on(Kinds.CONFIG_MAPS, this::onContent);
  }

  void start() {
    queue.start();
  }

  private void trigger(Change change, String namespace) {
    switch (change) {
      case ADDED, MODIFIED -> queue.add(new ObjectKey("", namespace));
      case DELETED, SYNCED -> {}
    }
  }

  private void onContent(Change change, ObjectNode object) {
    boolean mine =
        Meta.name(object).equals("default") || Meta.name(object).equals(ROOT_CERTIFICATE);
    if (mine && change != Change.SYNCED && change != Change.ADDED) {
      queue.add(new ObjectKey("", Meta.namespace(object)));
    }
  }

  private void work(ObjectKey key) {
    Optional<ObjectNode> namespace = store.get(Kinds.NAMESPACES, "", key.name());
    if (namespace.isEmpty()) {
      return;
    }
    if (Meta.deleting(namespace.get())) {
      terminate(key, namespace.get());
    } else {
      provide(key.name());
    }
  }

  private void provide(String namespace) {
    if (store.get(Kinds.SERVICE_ACCOUNTS, namespace, "default").isEmpty()) {
      store.create(
          Kinds.SERVICE_ACCOUNTS, namespace, object("v1", "ServiceAccount", namespace, "default"));
    }
    Optional<ObjectNode> has = store.get(Kinds.CONFIG_MAPS, namespace, ROOT_CERTIFICATE);
    if (has.isEmpty()) {
      ObjectNode map = object("v1", "ConfigMap", namespace, ROOT_CERTIFICATE);
      map.putObject("data").put("ca.crt", caCertificate);
      store.create(Kinds.CONFIG_MAPS, namespace, map);
    } else if (!has.get().path("data").path("ca.crt").asText().equals(caCertificate)) {
      ObjectNode patch = Trees.object();
      patch.putObject("data").put("ca.crt", caCertificate);
      store.mergePatch(Kinds.CONFIG_MAPS, namespace, ROOT_CERTIFICATE, patch);
    }
  }

  static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    ObjectNode object = Trees.object();
    object.put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", name).put("namespace", namespace);
    return object;
  }

  private void terminate(ObjectKey key, ObjectNode namespace) {
    int left = 0;
    for (ResourceType type : types.namespaced()) {
      left += empty(type, key.name());
    }
    if (left > 0) {
      queue.addAfter(key, EMPTYING);
      return;
    }
    ObjectNode patch = Trees.object();
    patch.putObject("spec").putArray("finalizers");
    if (!namespace.path("spec").path("finalizers").isEmpty()) {
      store.mergePatch(Kinds.NAMESPACES, "", key.name(), patch);
    }
  }

  /** Deletes all objects of one type; returns how many are still there. */
  private int empty(ResourceType type, String namespace) {
    int left = 0;
    try {
      for (JsonNode each : store.list(type, namespace, Selector.ALL).items()) {
        if (!Meta.deleting(each)) {
          store.delete(type, namespace, Meta.name(each), DeleteOptions.BACKGROUND);
        }
        if (!type.equals(Kinds.EVENTS)) {
          left++;
        }
      }
    } catch (ApiException e) {
      // a type that the server does not have, or an object that went by itself
      if (e.code() != 404) {
        throw e;
      }
    }
    return left;
  }

  @Override
  public void close() {
    queue.close();
  }
}
