package dev.weft.config;

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
}
