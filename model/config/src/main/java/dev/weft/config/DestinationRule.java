package dev.weft.config;

import java.util.List;
import java.util.Map;

/**
 * Policies and subsets of a service.
 *
 * @param host as written: a short name, a host name or a pattern with a leading {@code *}
 * @param exportTo namespaces that see it: names, {@code .} or {@code *}; empty means the default,
 *     all
 * @param workloadSelector labels of the clients that it applies to; empty for all
 */
public record DestinationRule(
    ObjectMeta meta,
    String host,
    TrafficPolicy trafficPolicy,
    List<Subset> subsets,
    List<String> exportTo,
    Map<String, String> workloadSelector)
    implements ConfigObject {

  public DestinationRule {
    subsets = List.copyOf(subsets);
    exportTo = List.copyOf(exportTo);
    workloadSelector = Copies.map(workloadSelector);
  }

  /** Endpoints that carry all the labels. No labels means all endpoints. */
  public record Subset(String name, Map<String, String> labels, TrafficPolicy trafficPolicy) {
    public Subset {
      labels = Copies.map(labels);
    }
  }
}
