package dev.weft.config;

import java.time.Instant;
import java.util.Map;

/**
 * What the mesh reads of an object's metadata. The resource version is not part of it: a status
 * update would make an unchanged object look changed.
 *
 * @param labels of kinds whose labels mean something to the mesh; else empty
 * @param created {@link Instant#EPOCH} where unknown; older objects win conflicts
 * @param generation counts changes of the spec; 0 where unknown
 */
public record ObjectMeta(
    ObjectRef ref,
    Map<String, String> labels,
    Map<String, String> annotations,
    Instant created,
    long generation) {
  public ObjectMeta {
    labels = Copies.map(labels);
    annotations = Copies.map(annotations);
  }

  /** Without labels. */
  public ObjectMeta(
      ObjectRef ref, Map<String, String> annotations, Instant created, long generation) {
    this(ref, Map.of(), annotations, created, generation);
  }

  public static ObjectMeta of(ConfigKind kind, String namespace, String name) {
    return new ObjectMeta(new ObjectRef(kind, namespace, name), Map.of(), Instant.EPOCH, 0);
  }

  public String namespace() {
    return ref.namespace();
  }

  public String name() {
    return ref.name();
  }
}
