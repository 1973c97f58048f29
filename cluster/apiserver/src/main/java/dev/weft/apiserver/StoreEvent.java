package dev.weft.apiserver;

import java.util.Optional;

/**
 * One committed change.
 *
 * @param before empty for a creation
 * @param after empty for a deletion
 * @param version of the store after the change
 */
record StoreEvent(Optional<StoredObject> before, Optional<StoredObject> after, long version) {

  /** The object that an event shows: for a deletion its last state. */
  StoredObject object() {
    return after.or(() -> before).orElseThrow();
  }
}
