package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.ObjectStore.Follower;
import dev.weft.apiserver.ResourceType;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The built-in types and those that CustomResourceDefinitions add. Thread-safe. */
final class KnownTypes implements Follower {
  private final Map<String, ResourceType> custom = new ConcurrentHashMap<>();
  private final List<Consumer<ResourceType>> listeners = new CopyOnWriteArrayList<>();

  /** Called for each custom type once, as it becomes known. */
  void onCustomType(Consumer<ResourceType> listener) {
    listeners.add(listener);
  }

  @Override
  public void on(Change change, ObjectNode definition) {
    switch (change) {
      case ADDED, MODIFIED -> {
        Optional<ResourceType> type = CustomTypes.of(definition);
        if (type.isPresent() && !type.get().equals(custom.put(Meta.name(definition), type.get()))) {
          listeners.forEach(each -> each.accept(type.get()));
        }
      }
      case DELETED -> custom.remove(Meta.name(definition));
      case SYNCED -> {}
    }
  }

  List<ResourceType> namespaced() {
    List<ResourceType> result = new ArrayList<>();
    custom.values().stream().filter(ResourceType::namespaced).forEach(result::add);
    result.addAll(Kinds.NAMESPACED);
    return result;
  }

  /** The type that an owner reference means. */
  Optional<ResourceType> find(String apiVersion, String kind) {
    List<ResourceType> all = new ArrayList<>(custom.values());
    all.addAll(Kinds.NAMESPACED);
    all.add(Kinds.NODES);
    all.add(Kinds.NAMESPACES);
    all.add(Kinds.CUSTOM_RESOURCES);
    String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
    return all.stream()
        .filter(type -> type.kind().equals(kind) && type.group().equals(group))
        .findFirst();
  }
}
