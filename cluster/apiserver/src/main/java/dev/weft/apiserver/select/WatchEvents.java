package dev.weft.apiserver.select;

import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.storage.StoreEvent;
import java.util.Optional;

/** What a change of the store is for somebody who sees a part of it. */
public final class WatchEvents {
  private WatchEvents() {}

  /** Empty where it does not concern the objects that match. */
  public static Optional<ObjectStore.Change> change(StoreEvent event, Match match) {
    boolean before = event.before().map(match::matches).orElse(false);
    boolean after = event.after().map(match::matches).orElse(false);
    if (after) {
      return Optional.of(before ? ObjectStore.Change.MODIFIED : ObjectStore.Change.ADDED);
    }
    return before ? Optional.of(ObjectStore.Change.DELETED) : Optional.empty();
  }
}
