package dev.weft.explain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.weft.topology.Edge;

/**
 * What one place gets.
 *
 * @param place {@code CLUSTER/NAMESPACE/WORKLOAD}, {@link #OUTSIDE}, or {@link #NOWHERE}
 * @param share of the requests in question, 0 to 1
 * @param rate requests a second; 0 where it is not known
 * @param address that is dialled, or several; empty where it is not known
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Portion(String place, double share, double rate, Edge.Path path, String address) {
  /** Nobody gets it: it fails. */
  public static final String NOWHERE = "";

  /** Somebody whom the mesh does not know. */
  public static final String OUTSIDE = "outside";

  Portion withRate(double perSecond) {
    return new Portion(place, share, perSecond, path, address);
  }
}
