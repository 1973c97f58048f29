package dev.weft.discovery;

import dev.weft.config.Diagnostic;
import org.jspecify.annotations.Nullable;

/**
 * An object that came from an API server and is not what its kind should be.
 *
 * @param namespace empty where it has none, or none could be read
 * @param name empty where it could not be read
 * @param path of the field, such as {@code spec.ports[0].port}; empty where that is not known
 */
record Unreadable(String namespace, String name, String path, String why) {
  /** As people name it, such as {@code shop/cart}. */
  String object() {
    return object(namespace, name);
  }

  static String object(@Nullable String namespace, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      return "without a name";
    }
    return namespace == null || namespace.isEmpty() ? name : namespace + "/" + name;
  }

  /**
   * What people are to know of it.
   *
   * @param kind such as {@code Pod}
   * @param where what follows the name, such as {@code (cluster west)}
   */
  Diagnostic diagnostic(String kind, String where) {
    return Diagnostic.error(
        "unreadable-object",
        kind + " " + object() + where,
        path,
        "it cannot be read, so it counts as it was before, or not at all; correct or delete it: "
            + why);
  }
}
