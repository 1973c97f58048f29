package dev.weft.topology.history;

import dev.weft.config.Copies;
import dev.weft.topology.Place;
import java.util.Map;

/**
 * What there is at a moment, as far as a picture shows it. All in the order of their keys.
 *
 * @param clusters by id
 * @param services by host name
 */
public record MeshState(
    Map<String, ClusterFact> clusters,
    Map<Place, WorkloadFact> workloads,
    Map<String, ServiceFact> services) {
  public static final MeshState NOTHING = new MeshState(Map.of(), Map.of(), Map.of());

  public MeshState {
    clusters = Copies.map(clusters);
    workloads = Copies.map(workloads);
    services = Copies.map(services);
  }

  /** The network that a workload's pods are in, else its cluster's; empty where not known. */
  public String networkOf(Place place) {
    WorkloadFact workload = workloads.get(place);
    if (workload != null) {
      return workload.network();
    }
    ClusterFact cluster = clusters.get(place.cluster());
    return cluster == null ? "" : cluster.network();
  }
}
