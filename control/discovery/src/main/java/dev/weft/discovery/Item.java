package dev.weft.discovery;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/** An object as it came from an API server. */
sealed interface Item<T> {
  /** Without anything in it where it could not be read. */
  ObjectMeta meta();

  /**
   * @param value what is kept of it
   */
  record Good<T>(ObjectMeta meta, T value) implements Item<T> {}

  record Bad<T>(ObjectMeta meta, Unreadable why) implements Item<T> {}
}
