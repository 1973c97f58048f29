package dev.weft.config;

import dev.weft.types.ClusterId;
import java.util.List;

/**
 * Which namespaces the mesh looks at ({@code discoverySelectors}). The root namespace is one like
 * any other. Istio: pkg/kube/namespace/filter.go.
 *
 * @param selectors of which one has to match; none for all namespaces
 */
public record Discovery(List<LabelSelector> selectors) {
  public static final Discovery EVERYTHING = new Discovery(List.of());

  public Discovery {
    selectors = List.copyOf(selectors);
  }

  /** As in Kubernetes, a selector that says nothing selects everything. */
  public boolean selects(KubeNamespace namespace) {
    return selectors.isEmpty()
        || selectors.stream().anyMatch(s -> s.saysNothing() || s.matches(namespace.labels()));
  }

  /** Whether a cluster has a namespace that is not looked at there. */
  public boolean leavesOut(ClusterFacts cluster, String namespace) {
    KubeNamespace there = cluster.namespaces().get(namespace);
    return there != null && !selects(there);
  }

  /**
   * What follows for a gateway of the mesh that runs in a namespace that is left out.
   *
   * @param namespace the root namespace
   */
  public static String unseenGateway(ClusterId cluster, String namespace) {
    return "the mesh does not look at namespace "
        + namespace
        + " of cluster "
        + cluster
        + ", so the gateway runs there, but neither its pods nor its addresses are seen, and no"
        + " Gateway selects it: label the namespace as one of the discoverySelectors in the"
        + " mesh's settings says";
  }
}
