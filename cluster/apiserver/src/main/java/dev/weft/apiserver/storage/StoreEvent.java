package dev.weft.apiserver.storage;

import java.util.Optional;

/**
 * One committed change.
 *
 * @param before empty for a creation
 * @param after empty for a deletion
 * @param version of the store after the change
 */
public record StoreEvent(
    Optional<StoredObject> before, Optional<StoredObject> after, long version) {

  /** The object that an event shows: for a deletion its last state. */
  public StoredObject object() {
    return after.or(() -> before).orElseThrow();
  }
}
