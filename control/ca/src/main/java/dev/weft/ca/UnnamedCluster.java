package dev.weft.ca;

import dev.weft.types.ClusterId;

/**
 * Whose API server is asked about a token whose bearer names no cluster, as tools such as istioctl
 * do. A token is shown to one API server alone: whoever saw it could use it.
 */
public sealed interface UnnamedCluster {
  /** That of the cluster in which the control plane runs, as Istio has it. */
  record Own(ClusterId cluster) implements UnnamedCluster {}

  /**
   * The config API of a control plane that is hosted outside of all clusters. Whom it knows may
   * look at the mesh, and is no workload of any member.
   */
  record ConfigApi(TokenReviewer reviewer) implements UnnamedCluster {}

  /** Nobody is asked. */
  record None() implements UnnamedCluster {}
}
