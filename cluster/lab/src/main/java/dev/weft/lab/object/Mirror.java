package dev.weft.lab.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.ObjectStore.Follower;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All objects of one type, kept up to date by a {@link Feed}. Thread-safe; objects are shared, read
 * only.
 */
public final class Mirror implements Follower {
  private final Map<ObjectKey, ObjectNode> objects = new ConcurrentHashMap<>();

  @Override
  public void on(Change change, ObjectNode object) {
    switch (change) {
      case ADDED, MODIFIED -> objects.put(ObjectKey.of(object), object);
      case DELETED -> objects.remove(ObjectKey.of(object));
      case SYNCED -> {}
    }
  }

  public Optional<ObjectNode> get(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  public List<ObjectNode> all() {
    return List.copyOf(objects.values());
  }
}
