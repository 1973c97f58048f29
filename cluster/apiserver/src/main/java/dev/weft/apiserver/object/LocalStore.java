package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Selector;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.patch.MergePatch;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.Shape;
import dev.weft.apiserver.select.Match;
import dev.weft.apiserver.select.WatchEvents;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoreEvent;
import dev.weft.apiserver.storage.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ObjectStore} on the same path that requests on the wire take. */
public final class LocalStore implements ObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(LocalStore.class);

  private final Objects objects;

  public LocalStore(Objects objects) {
    this.objects = objects;
  }

  private KnownType known(ResourceType type) {
    return objects.registry().require(type);
  }

  @Override
  public Optional<ObjectNode> get(ResourceType type, String namespace, String name) {
    return objects.get(known(type), namespace, name).map(ObjectNode::deepCopy);
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selector selector) {
    KnownType known = known(type);
    Match match = Match.of(type, namespace, selector);
    Store.Snapshot snapshot = objects.store().list(known.key(), namespace);
    List<ObjectNode> items =
        snapshot.objects().stream()
            .filter(match::matches)
            .map(stored -> known.shown(stored.object()).deepCopy())
            .toList();
    return new Listing(items, snapshot.version());
  }

  @Override
  public ObjectNode create(ResourceType type, String namespace, ObjectNode object) {
    return objects.create(known(type), namespace, object.deepCopy(), Call.inProcess()).deepCopy();
  }

  @Override
  public ObjectNode update(ResourceType type, String namespace, String name, ObjectNode object) {
    return write(type, namespace, name, Objects.Part.MAIN, ignored -> object.deepCopy());
  }

  @Override
  public ObjectNode updateStatus(
      ResourceType type, String namespace, String name, ObjectNode object) {
    return write(type, namespace, name, Objects.Part.STATUS, ignored -> object.deepCopy());
  }

  @Override
  public ObjectNode mergePatch(ResourceType type, String namespace, String name, JsonNode patch) {
    return write(type, namespace, name, Objects.Part.MAIN, old -> merged(old, patch));
  }

  @Override
  public ObjectNode mergePatchStatus(
      ResourceType type, String namespace, String name, JsonNode patch) {
    return write(type, namespace, name, Objects.Part.STATUS, old -> merged(old, patch));
  }

  /** The patched object; a version counts only where the patch itself names one. */
  public static ObjectNode merged(ObjectNode old, JsonNode patch) {
    if (MergePatch.apply(old, patch) instanceof ObjectNode object) {
      return object;
    }
    throw Errors.badRequest("a merge patch of an object has to be an object");
  }

  private ObjectNode write(
      ResourceType type,
      String namespace,
      String name,
      Objects.Part part,
      UnaryOperator<ObjectNode> change) {
    return objects.update(known(type), namespace, name, part, change, Call.inProcess()).deepCopy();
  }

  @Override
  public void delete(ResourceType type, String namespace, String name, DeleteOptions options) {
    objects.delete(known(type), namespace, name, Deletion.of(options), Call.inProcess());
  }

  @Override
  public AutoCloseable follow(
      ResourceType type, String namespace, Selector selector, Follower follower) {
    KnownType known = known(type);
    Match match = Match.of(type, namespace, selector);
    Store.Following following = objects.store().follow(known.key());
    Thread.ofVirtual()
        .name("follow-" + type.plural())
        .start(() -> run(known, match, following, follower));
    return following.subscription();
  }

  private static void run(
      KnownType known, Match match, Store.Following following, Follower follower) {
    for (StoredObject stored : following.initial().objects()) {
      if (match.matches(stored)) {
        tell(follower, Change.ADDED, known.shown(stored.object()).deepCopy());
      }
    }
    tell(follower, Change.SYNCED, Json.object());
    try {
      while (true) {
        Optional<StoreEvent> next = following.subscription().take();
        if (next.isEmpty()) {
          return;
        }
        WatchEvents.change(next.get(), match)
            .ifPresent(
                change ->
                    tell(follower, change, known.shown(next.get().object().object()).deepCopy()));
      }
    } catch (InterruptedException e) {
      following.subscription().close();
    }
  }

  /** A follower that fails on one object has to see the next one nevertheless. */
  private static void tell(Follower follower, Change change, ObjectNode object) {
    try {
      follower.on(change, object);
    } catch (RuntimeException e) {
      LOG.error("a follower of {} failed on {}", Json.text(object, "kind"), change, e);
    }
  }

  @Override
  public void register(ResourceType type) {
    if (objects.registry().find(type.group(), type.version(), type.plural()).isPresent()) {
      return;
    }
    objects
        .registry()
        .add(
            new KnownType(
                type,
                type.kind().toLowerCase(java.util.Locale.ROOT),
                List.of(),
                List.of(),
                true,
                Optional.empty(),
                false,
                new Shape.Anything(),
                List.of()));
  }
}
