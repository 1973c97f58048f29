package dev.weft.topology.picture;

import java.util.Locale;

/** What a card is. */
public enum NodeKind {
  WORKLOAD,
  /** A host name: as a stop on the way, or where it is not known who would have answered. */
  SERVICE,
  /** A workload by which traffic enters or leaves the mesh. */
  GATEWAY,
  /** Whoever calls without being known. */
  OUTSIDE,
  NAMESPACE,
  CLUSTER;

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
