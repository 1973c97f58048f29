package dev.weft.config;

/**
 * Names one object of the config API.
 *
 * @param namespace empty for objects without one
 */
public record ObjectRef(ConfigKind kind, String namespace, String name)
    implements Comparable<ObjectRef> {

  @Override
  public int compareTo(ObjectRef other) {
    int byKind = kind.compareTo(other.kind);
    if (byKind != 0) {
      return byKind;
    }
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** For messages: {@code VirtualService shop/cart}. */
  @Override
  public String toString() {
    return kind.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
