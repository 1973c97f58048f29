package dev.weft.apiserver.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.admission.Admission;
import dev.weft.apiserver.admission.Call;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Timestamps;
import dev.weft.apiserver.kind.Metadata;
import dev.weft.apiserver.patch.Ownership;
import dev.weft.apiserver.schema.KnownType;
import dev.weft.apiserver.schema.TypeRegistry;
import dev.weft.apiserver.storage.ObjectKey;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What every write goes through, from the wire or from the same process: defaults, admission,
 * validation, storage. Thread-safe.
 */
public final class Objects {
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int ATTEMPTS = 20;

  /** Which part of an object a write is about. */
  public enum Part {
    MAIN,
    STATUS,
    /** {@code spec.finalizers} of a namespace. */
    FINALIZE
  }

  /** What a deletion did. */
  public record Deleted(ObjectNode object, boolean gone) {}

  private final Store store;
  private final TypeRegistry registry;
  private final Admission admission;
  private final Kinds kinds;
  private final AfterWrites after;
  private final SecureRandom random = new SecureRandom();

  public Objects(
      Store store, TypeRegistry registry, Admission admission, Kinds kinds, AfterWrites after) {
    this.store = store;
    this.registry = registry;
    this.admission = admission;
    this.kinds = kinds;
    this.after = after;
  }

  public Store store() {
    return store;
  }

  public TypeRegistry registry() {
    return registry;
  }

  /** An object in the asked version; not a copy: the caller must not change it. */
  public Optional<ObjectNode> get(KnownType known, String namespace, String name) {
    return store
        .get(known.key(), new ObjectKey(known.type().namespaced() ? namespace : "", name))
        .map(stored -> known.shown(stored.object()));
  }

  /** {@code object} becomes the callee's. */
  public ObjectNode create(KnownType known, String namespace, ObjectNode object, Call call) {
    ResourceType type = known.type();
    Metadata.checkType(type, object);
    ObjectNode meta = Json.meta(object);
    Metadata.checkNamespace(type, namespace, meta);
    if (Json.has(meta, "resourceVersion") && !Json.text(meta, "resourceVersion").isEmpty()) {
      throw Errors.badRequest("resourceVersion should not be set on objects to be created");
    }
    checkFields(known, object, call);
    boolean generated =
        Json.text(meta, "name").isEmpty() && !Json.text(meta, "generateName").isEmpty();
    for (int attempt = 0; ; attempt++) {
      ObjectNode candidate = generated ? object.deepCopy() : object;
      if (generated) {
        String prefix = Json.text(meta, "generateName");
        Json.meta(candidate)
            .put("name", prefix.substring(0, Math.min(prefix.length(), 58)) + suffix(5));
      }
      try {
        return createNamed(known, namespace, candidate, call);
      } catch (ApiException e) {
        if (!generated || attempt == ATTEMPTS || !e.reason().equals("AlreadyExists")) {
          throw e;
        }
      }
    }
  }

  private ObjectNode createNamed(KnownType known, String namespace, ObjectNode object, Call call) {
    ResourceType type = known.type();
    String name = Json.text(object, "metadata", "name");
    ObjectKey key = new ObjectKey(type.namespaced() ? namespace : "", name);
    if (!name.isEmpty() && store.head(known.key(), key).isPresent()) {
      throw Errors.alreadyExists(type, name);
    }
    Metadata.initialize(object, UUID.randomUUID().toString(), Timestamps.now());
    kinds.prepareForCreate(known, object);
    ObjectNode admitted =
        admission.mutate(Admission.Operation.CREATE, known, object, Optional.empty(), call);
    kinds.defaults(known, admitted);
    kinds.validate(known, admitted, Optional.empty());
    admission.validate(Admission.Operation.CREATE, known, admitted, Optional.empty(), call);
    if (!call.manager().isEmpty()) {
      Json.meta(admitted).remove("managedFields");
      Ownership.record(known, Optional.empty(), admitted, call.manager(), call.part());
    }
    if (call.dryRun()) {
      return admitted;
    }
    try {
      kinds.allocate(known, admitted, Optional.empty());
      StoredObject stored = store.put(known.key(), key, Optional.empty(), admitted);
      return stored(known, stored.object());
    } catch (Store.StaleException e) {
      kinds.release(known, admitted);
      throw Errors.alreadyExists(type, name);
    } catch (ApiException e) {
      kinds.release(known, admitted);
      throw e;
    }
  }

  /**
   * Replaces a part of an object.
   *
   * @param change from a private copy of the present object to the wanted one
   */
  public ObjectNode update(
      KnownType known,
      String namespace,
      String name,
      Part part,
      Function<ObjectNode, ObjectNode> change,
      Call call) {
    ResourceType type = known.type();
    ObjectKey key = new ObjectKey(type.namespaced() ? namespace : "", name);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      StoredObject base =
          store.head(known.key(), key).orElseThrow(() -> Errors.notFound(type, name));
      ObjectNode old = known.shown(base.object());
      ObjectNode wanted = change.apply(old.deepCopy());
      Metadata.checkType(type, wanted);
      ObjectNode meta = Json.meta(wanted);
      Metadata.checkNamespace(type, namespace, meta);
      Metadata.checkUpdate(type, name, old, meta);
      checkFields(known, wanted, call);
      ObjectNode next = merged(known, part, old, wanted);
      if (part != Part.MAIN && call.manager().isEmpty()) {
        // An apply says itself who owns what.
        keep(Json.meta(wanted), Json.meta(next), "managedFields");
      }
      if (part == Part.MAIN && known.isNamespace() && call.fields() != Call.Fields.TRUSTED) {
        // Clients end a namespace through its finalize sub-resource only.
        keep(Json.child(old, "spec"), Json.child(next, "spec"), "finalizers");
      }
      Optional<ObjectNode> before = Optional.of(old);
      if (part == Part.MAIN) {
        next = admission.mutate(Admission.Operation.UPDATE, known, next, before, call);
      }
      kinds.defaults(known, next);
      if (Json.same(next, old)) {
        return old;
      }
      if (part == Part.MAIN) {
        kinds.validate(known, next, before);
        Metadata.bumpGeneration(known, old, next);
        admission.validate(Admission.Operation.UPDATE, known, next, before, call);
      } else {
        Metadata.validate(type, next);
      }
      if (!call.manager().isEmpty()) {
        String through = part == Part.STATUS ? "status" : call.part();
        Ownership.record(known, before, next, call.manager(), through);
      }
      if (call.dryRun()) {
        return next;
      }
      try {
        if (Metadata.finished(known, next)) {
          ObjectNode last = store.remove(known.key(), key, withContent(base, next)).object();
          after.afterRemoval(known, last, this);
          return last;
        }
        kinds.allocate(known, next, before);
        return stored(known, store.put(known.key(), key, Optional.of(base), next).object());
      } catch (Store.StaleException e) {
        // Somebody else wrote in between: start over from what is there now.
      }
    }
    throw Errors.stale(type, name);
  }

  /** Lets the kind act on what was just written. */
  private ObjectNode stored(KnownType known, ObjectNode object) {
    return after.afterWrite(known, object, this);
  }

  private static StoredObject withContent(StoredObject base, ObjectNode content) {
    return new StoredObject(base.key(), content, base.version());
  }

  /** The wanted object with the parts of the old one that this write may not touch. */
  private static ObjectNode merged(KnownType known, Part part, ObjectNode old, ObjectNode wanted) {
    switch (part) {
      case MAIN -> {
        Metadata.keepSystemFields(old, wanted);
        if (known.status()) {
          keep(old, wanted, "status");
        }
        return wanted;
      }
      case STATUS -> {
        ObjectNode next = Json.shallow(old);
        // Not that of the old object, which somebody may be watching: its version changes.
        next.set("metadata", Json.meta(old).deepCopy());
        keep(wanted, next, "status");
        return next;
      }
      case FINALIZE -> {
        ObjectNode next = old.deepCopy();
        keep(Json.child(wanted, "spec"), Json.child(next, "spec"), "finalizers");
        return next;
      }
    }
    throw new IllegalStateException(part.name());
  }

  private static void keep(ObjectNode from, ObjectNode to, String field) {
    JsonNode value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.set(field, value.deepCopy());
    }
  }

  private static void checkFields(KnownType known, ObjectNode object, Call call) {
    if (call.fields() == Call.Fields.TRUSTED) {
      return;
    }
    List<String> unknown;
    try {
      unknown = known.shape().prune(object);
    } catch (ApiException e) {
      throw Errors.badRequest(handled(known.type()) + e.getMessage());
    }
    if (unknown.isEmpty()) {
      return;
    }
    switch (call.fields()) {
      case STRICT ->
          throw Errors.badRequest(
              handled(known.type()) + "strict decoding error: " + String.join(", ", unknown));
      case WARN -> call.warnings().addAll(unknown);
      case IGNORE, TRUSTED -> {}
    }
  }

  /** How messages about undecodable objects begin. */
  public static String handled(ResourceType type) {
    return type.kind()
        + " in version \""
        + type.version()
        + "\" cannot be handled as a "
        + type.kind()
        + ": ";
  }

  public Deleted delete(KnownType known, String namespace, String name, Deletion how, Call call) {
    ResourceType type = known.type();
    ObjectKey key = new ObjectKey(type.namespaced() ? namespace : "", name);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      StoredObject base =
          store.head(known.key(), key).orElseThrow(() -> Errors.notFound(type, name));
      ObjectNode old = known.shown(base.object());
      checkPreconditions(type, name, old, how);
      admission.validateDelete(known, old, call);
      ObjectNode next = old.deepCopy();
      boolean removable = markDeleted(known, next, how);
      if (how.dryRun() || call.dryRun()) {
        return new Deleted(next, removable);
      }
      try {
        if (removable) {
          ObjectNode last = store.remove(known.key(), key, withContent(base, next)).object();
          after.afterRemoval(known, last, this);
          return new Deleted(last, true);
        }
        if (Json.same(next, old)) {
          return new Deleted(old, false);
        }
        return new Deleted(store.put(known.key(), key, Optional.of(base), next).object(), false);
      } catch (Store.StaleException e) {
        // Somebody else wrote in between: start over from what is there now.
      }
    }
    throw Errors.stale(type, name);
  }

  private static void checkPreconditions(
      ResourceType type, String name, ObjectNode old, Deletion how) {
    precondition(type, name, "UID", how.uid(), Json.text(old, "metadata", "uid"));
    precondition(
        type,
        name,
        "ResourceVersion",
        how.version(),
        Json.text(old, "metadata", "resourceVersion"));
  }

  private static void precondition(
      ResourceType type, String name, String field, Optional<String> wanted, String actual) {
    if (wanted.isPresent() && !wanted.get().equals(actual)) {
      throw Errors.conflict(
          type,
          name,
          "Precondition failed: %s in precondition: %s, %s in object meta: %s"
              .formatted(field, wanted.get(), field, actual));
    }
  }

  /** Marks {@code object} as deleted; true where nothing keeps it. */
  private boolean markDeleted(KnownType known, ObjectNode object, Deletion how) {
    ObjectNode meta = Json.meta(object);
    String finalizer =
        switch (how.propagation()) {
          case BACKGROUND -> "";
          case FOREGROUND -> "foregroundDeletion";
          case ORPHAN -> "orphan";
        };
    boolean deleting = Json.has(meta, "deletionTimestamp");
    if (!finalizer.isEmpty()
        && !Json.texts(meta.get("finalizers")).contains(finalizer)
        && !deleting) {
      ArrayNode finalizers =
          meta.get("finalizers") instanceof ArrayNode own ? own : meta.putArray("finalizers");
      finalizers.add(finalizer);
    }
    int grace = kinds.gracePeriod(known, object, how.grace());
    boolean kept = kinds.keptBySpec(known, object) || !meta.path("finalizers").isEmpty();
    if (!deleting || grace < meta.path("deletionGracePeriodSeconds").asInt()) {
      if (!deleting && Json.has(meta, "generation")) {
        meta.put("generation", meta.get("generation").asLong() + 1);
      }
      meta.put("deletionTimestamp", Timestamps.now().plusSeconds(grace).toString());
      meta.put("deletionGracePeriodSeconds", grace);
      kinds.markTerminating(known, object);
    }
    return !kept && meta.path("deletionGracePeriodSeconds").asInt() == 0;
  }

  /** Removes without asking anybody, for objects whose type goes away. */
  void purge(TypeKey type) {
    for (StoredObject stored : store.list(type, "").objects()) {
      try {
        store.remove(type, stored.key(), stored);
      } catch (Store.StaleException e) {
        store.head(type, stored.key()).ifPresent(ignored -> purge(type));
      }
    }
  }

  private String suffix(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(SUFFIX_LETTERS.charAt(random.nextInt(SUFFIX_LETTERS.length())));
    }
    return text.toString();
  }
}
