package dev.weft.explain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * What is taken to be gone.
 *
 * @param cluster that it is in; empty where the name says enough
 * @param name a zone as {@code REGION/ZONE} or {@code ZONE}, the network of the gateways, or {@code
 *     NAMESPACE/WORKLOAD}; of a cluster empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Loss(Kind kind, String cluster, String name) {
  public Loss {
    cluster = Objects.requireNonNullElse(cluster, "");
    name = Objects.requireNonNullElse(name, "");
  }

  /** What kind of thing it is. */
  public enum Kind {
    @JsonProperty("cluster")
    CLUSTER,
    @JsonProperty("zone")
    ZONE,
    @JsonProperty("gateway")
    GATEWAY,
    @JsonProperty("workload")
    WORKLOAD;

    /**
     * By the word for it.
     *
     * @throws UnclearException naming the words that there are
     */
    public static Kind of(String word) throws UnclearException {
      for (Kind kind : values()) {
        if (StepCode.word(kind).equals(word)) {
          return kind;
        }
      }
      throw new UnclearException(
          "kind is '" + word + "', but must be cluster, zone, gateway or workload");
    }
  }

  /** For people. */
  @Override
  public String toString() {
    return switch (kind) {
      case CLUSTER -> "cluster " + cluster;
      case ZONE -> "zone " + name + (cluster.isEmpty() ? "" : " of cluster " + cluster);
      case GATEWAY ->
          "the gateways of network " + name + (cluster.isEmpty() ? "" : " in cluster " + cluster);
      case WORKLOAD -> name + (cluster.isEmpty() ? "" : " in cluster " + cluster);
    };
  }
}
