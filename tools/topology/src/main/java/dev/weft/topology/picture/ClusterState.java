package dev.weft.topology.picture;

import dev.weft.config.SyncState;
import java.util.Locale;

/** How current the knowledge of a cluster is. */
public enum ClusterState {
  SYNCED,
  SYNCING,
  LOST,
  LAST_KNOWN,
  REJECTED,
  /** Traffic names it, and no registration does. */
  UNREGISTERED;

  static ClusterState of(SyncState state) {
    return switch (state) {
      case SYNCED -> SYNCED;
      case SYNCING -> SYNCING;
      case LOST -> LOST;
      case LAST_KNOWN -> LAST_KNOWN;
      case REJECTED -> REJECTED;
    };
  }

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
