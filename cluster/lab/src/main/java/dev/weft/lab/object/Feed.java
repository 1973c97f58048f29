package dev.weft.lab.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.Change;
import dev.weft.apiserver.ObjectStore.Follower;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of one API server, each type followed once however many followers there are.
 *
 * <p>Followers are added before {@link #start}; those of one type are called in the order in which
 * they were added, on one thread per type. The object is shared between them: read, do not change.
 */
public final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  private final ObjectStore store;
  private final Map<ResourceType, List<Follower>> followers = new LinkedHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  public Feed(ObjectStore store) {
    this.store = store;
  }

  public ObjectStore store() {
    return store;
  }

  public Feed on(ResourceType type, Follower follower) {
    followers.computeIfAbsent(type, t -> new ArrayList<>()).add(follower);
    return this;
  }

  public void start() {
    followers.forEach(
        (type, list) -> {
          List<Follower> fixed = List.copyOf(list);
          open.add(
              store.follow(
                  type, "", Selector.ALL, (change, object) -> tell(type, fixed, change, object)));
        });
  }

  private static void tell(
      ResourceType type, List<Follower> followers, Change change, ObjectNode object) {
    for (Follower each : followers) {
      try {
        each.on(change, object);
      } catch (RuntimeException e) {
        LOG.error("follower of {} failed on {}", type, ObjectKey.of(object), e);
      }
    }
  }

  @Override
  public void close() {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warn("closing a watch: {}", e.toString());
      }
    }
    open.clear();
  }
}
