package dev.weft.topology.history;

import dev.weft.topology.Place;

/**
 * A workload that has pods.
 *
 * @param app its canonical service
 * @param version its canonical revision
 * @param network that its pods are in; empty for the one without a name
 * @param ready of the pods
 * @param proxied of the pods: with a proxy of the mesh
 */
public record WorkloadFact(
    Place place,
    Role role,
    String app,
    String version,
    String network,
    int pods,
    int ready,
    int proxied) {

  /** What it is for. */
  public enum Role {
    WORKLOAD,
    /** By which traffic enters or leaves the mesh. */
    GATEWAY,
    /** Between networks: what passes it is somebody else's traffic. */
    CROSS_CLUSTER_PROXY
  }

  WorkloadFact plus(WorkloadFact other) {
    return new WorkloadFact(
        place,
        role,
        app,
        version,
        network,
        pods + other.pods,
        ready + other.ready,
        proxied + other.proxied);
  }
}
