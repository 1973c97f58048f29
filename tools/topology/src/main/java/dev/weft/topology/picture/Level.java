package dev.weft.topology.picture;

import java.util.Locale;

/** What one card of a picture stands for. */
public enum Level {
  WORKLOAD,
  NAMESPACE,
  CLUSTER;

  /** The next one with fewer cards; itself where there is none. */
  Level coarser() {
    return switch (this) {
      case WORKLOAD -> NAMESPACE;
      case NAMESPACE, CLUSTER -> CLUSTER;
    };
  }

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
