package dev.weft.topology.history;

import dev.weft.config.Copies;
import dev.weft.topology.Place;
import java.util.List;
import java.util.Map;

/**
 * A service of all clusters.
 *
 * @param clusters that have the Service object
 * @param endpoints of each of these, by cluster, none as well
 * @param workloads whose pods are endpoints, in order
 */
public record ServiceFact(
    String host,
    String namespace,
    String name,
    List<String> clusters,
    Map<String, Endpoints> endpoints,
    List<Place> workloads) {
  public ServiceFact {
    clusters = List.copyOf(clusters);
    endpoints = Copies.map(endpoints);
    workloads = List.copyOf(workloads);
  }

  /** How many there are. */
  public record Endpoints(int ready, int total) {
    public static final Endpoints NONE = new Endpoints(0, 0);

    Endpoints plus(boolean oneIsReady) {
      return new Endpoints(ready + (oneIsReady ? 1 : 0), total + 1);
    }
  }

  /** Of a cluster. */
  public Endpoints in(String cluster) {
    return endpoints.getOrDefault(cluster, Endpoints.NONE);
  }

  /** In all clusters. */
  public int ready() {
    return endpoints.values().stream().mapToInt(Endpoints::ready).sum();
  }
}
