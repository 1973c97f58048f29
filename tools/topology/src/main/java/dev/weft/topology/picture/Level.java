package dev.weft.topology.picture;

import java.util.Locale;

/** What one card of a picture stands for. */
public enum Level {
  WORKLOAD,
  NAMESPACE,
  CLUSTER;

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
