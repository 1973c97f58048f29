package dev.weft.apiserver.object;

import dev.weft.apiserver.print.Columns;
import dev.weft.apiserver.storage.Store;
import dev.weft.apiserver.storage.StoredObject;
import dev.weft.apiserver.storage.TypeKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Forgets events after an hour, as Kubernetes does: nobody else deletes them. Thread-safe. */
public final class EventExpiry {
  private static final Duration KEPT = Duration.ofHours(1);
  private static final int WRITES_BETWEEN_SWEEPS = 50;
  private static final TypeKey EVENTS = new TypeKey("", "events");

  private final AtomicInteger writes = new AtomicInteger();

  /** Sweeps once in a while. */
  public void written(Objects objects) {
    if (writes.incrementAndGet() % WRITES_BETWEEN_SWEEPS == 0) {
      sweep(objects.store(), Instant.now().minus(KEPT));
    }
  }

  /** Removes what was last seen before {@code limit}. */
  public static void sweep(Store store, Instant limit) {
    for (StoredObject event : store.list(EVENTS, "").objects()) {
      String last = Columns.lastSeen(event.object());
      if (!last.isEmpty() && last.compareTo(limit.toString()) < 0) {
        try {
          store.remove(EVENTS, event.key(), event);
        } catch (Store.StaleException e) {
          // It was seen again just now.
        }
      }
    }
  }
}
