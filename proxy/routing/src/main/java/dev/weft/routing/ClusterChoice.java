package dev.weft.routing;

import java.util.List;

/** Which cluster a request or connection goes to. */
public sealed interface ClusterChoice {
  /** Always the same. */
  record Single(String cluster) implements ClusterChoice {}

  /**
   * One of several, by weight. Clusters of weight zero are left out.
   *
   * @param total the sum of the weights
   */
  record Weighted(List<WeightedCluster> clusters, long total) implements ClusterChoice {
    public Weighted {
      clusters = List.copyOf(clusters);
    }

    public static Weighted of(List<WeightedCluster> clusters) {
      List<WeightedCluster> used = clusters.stream().filter(c -> c.weight() > 0).toList();
      return new Weighted(used, used.stream().mapToLong(WeightedCluster::weight).sum());
    }

    /**
     * The cluster for a random number.
     *
     * @throws IllegalStateException where no cluster has a weight
     */
    public WeightedCluster pick(long random) {
      if (total <= 0) {
        throw new IllegalStateException("weighted clusters without any weight");
      }
      long at = Long.remainderUnsigned(random, total);
      for (int i = 0; i < clusters.size(); i++) {
        at -= clusters.get(i).weight();
        if (at < 0) {
          return clusters.get(i);
        }
      }
      throw new IllegalStateException("weights do not add up to " + total);
    }
  }

  /** Named by a request header, lower case; an unknown or missing name is answered with 503. */
  record ByHeader(String header) implements ClusterChoice {}

  /** A share, with changes of its own. */
  record WeightedCluster(String cluster, int weight, HeaderEdits request, HeaderEdits response) {
    public WeightedCluster {
      if (weight < 0) {
        throw new IllegalArgumentException("cluster " + cluster + " has weight " + weight);
      }
    }
  }
}
