package dev.weft.topology;

import java.util.Comparator;

/**
 * Where traffic comes from or goes to: all pods of a workload in a cluster. The words are those of
 * the labels of Istio's metrics; what is not known is {@link #UNKNOWN_PART}.
 */
public record Place(String cluster, String namespace, String workload)
    implements Comparable<Place> {
  /** What Istio's labels say where nothing is known. */
  public static final String UNKNOWN_PART = "unknown";

  /** Somebody outside of the mesh. */
  public static final Place UNKNOWN = new Place(UNKNOWN_PART, UNKNOWN_PART, UNKNOWN_PART);

  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::cluster)
          .thenComparing(Place::namespace)
          .thenComparing(Place::workload);

  public boolean known() {
    return !workload.equals(UNKNOWN_PART);
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return known() ? "%s.%s (%s)".formatted(workload, namespace, cluster) : UNKNOWN_PART;
  }
}
