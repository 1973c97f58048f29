package dev.weft.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * The objects of one API server, for code in the same process: the same storage, defaulting,
 * validation, admission and watch events that clients on the wire get.
 *
 * <p>Thread-safe. Every object handed out is a private copy. Failures are {@link ApiException}s
 * with the HTTP code that a client would see.
 */
public interface ObjectStore {

  /** Empty where there is no such object. {@code namespace} is "" for cluster-scoped types. */
  Optional<ObjectNode> get(ResourceType type, String namespace, String name);

  /** {@code namespace} "" lists all namespaces. */
  Listing list(ResourceType type, String namespace, Selector selector);

  /** Assigns uid, resourceVersion and creationTimestamp; 409 where the name is taken. */
  ObjectNode create(ResourceType type, String namespace, ObjectNode object);

  /** Replaces all but the status; 409 where metadata.resourceVersion is set and stale. */
  ObjectNode update(ResourceType type, String namespace, String name, ObjectNode object);

  /** Replaces the status only; 409 where metadata.resourceVersion is set and stale. */
  ObjectNode updateStatus(ResourceType type, String namespace, String name, ObjectNode object);

  /** JSON merge patch (RFC 7386) of everything but the status. */
  ObjectNode mergePatch(ResourceType type, String namespace, String name, JsonNode patch);

  /** JSON merge patch of the status; the patch has a top-level {@code status}. */
  ObjectNode mergePatchStatus(ResourceType type, String namespace, String name, JsonNode patch);

  /** Honours finalizers, grace period (pods) and propagation; 404 where there is no such object. */
  void delete(ResourceType type, String namespace, String name, DeleteOptions options);

  /**
   * Calls back for every object that exists, as ADDED, then {@code SYNCED}, then for every change,
   * in order of resourceVersion, on one virtual thread of its own until closed. Never misses a
   * change and never ends by itself.
   */
  AutoCloseable follow(ResourceType type, String namespace, Selector selector, Follower follower);

  /** Makes a type known: discovery, paths, storage. CRDs do the same for custom types. */
  void register(ResourceType type);

  /** Receives what happens to followed objects. */
  interface Follower {
    /** {@code object} is empty for {@code SYNCED} only. */
    void on(Change change, ObjectNode object);
  }

  /** What happened to a followed object. */
  enum Change {
    ADDED,
    MODIFIED,
    DELETED,
    SYNCED
  }

  /**
   * Objects of one type at one moment.
   *
   * @param resourceVersion of the whole store at that moment
   */
  record Listing(List<ObjectNode> items, long resourceVersion) {}

  /**
   * How to delete.
   *
   * @param graceSeconds negative for the object's own default
   * @param propagation what becomes of dependents
   */
  record DeleteOptions(int graceSeconds, Propagation propagation) {
    public static final DeleteOptions BACKGROUND = new DeleteOptions(-1, Propagation.BACKGROUND);
    public static final DeleteOptions NOW = new DeleteOptions(0, Propagation.BACKGROUND);
  }

  /** What becomes of the objects that a deleted object owns. */
  enum Propagation {
    BACKGROUND,
    FOREGROUND,
    ORPHAN
  }
}
