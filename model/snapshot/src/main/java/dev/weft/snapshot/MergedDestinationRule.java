package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.ObjectRef;
import dev.weft.config.TrafficPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules for one host in one namespace, as one. Istio: pilot/pkg/model/destination_rule.go.
 *
 * @param host a full host name, or a pattern with a leading {@code *}
 * @param sources the objects it was made of, the oldest first
 */
public record MergedDestinationRule(
    String namespace,
    String host,
    TrafficPolicy trafficPolicy,
    List<Subset> subsets,
    List<String> exportTo,
    Map<String, String> workloadSelector,
    List<ObjectRef> sources) {
  public MergedDestinationRule {
    subsets = List.copyOf(subsets);
    exportTo = List.copyOf(exportTo);
    workloadSelector = Copies.map(workloadSelector);
    sources = List.copyOf(sources);
  }

  public Optional<Subset> subset(String name) {
    return subsets.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /**
   * The policy in force for a port of a subset (empty name: of the service itself). Of {@code
   * subset.portLevelSettings}, {@code subset.trafficPolicy}, {@code portLevelSettings} and {@code
   * trafficPolicy}, each part is taken from the first that has it; port-level settings do not
   * inherit.
   */
  public TrafficPolicy policy(String subset, int port) {
    TrafficPolicy base = trafficPolicy.forPort(port);
    Optional<TrafficPolicy> own = subset(subset).map(Subset::trafficPolicy);
    if (own.isEmpty() || own.get().isEmpty()) {
      return base;
    }
    if (own.get().ports().containsKey(port)) {
      return own.get().forPort(port);
    }
    TrafficPolicy over = own.get().forPort(port);
    return new TrafficPolicy(
        over.loadBalancer() != null ? over.loadBalancer() : base.loadBalancer(),
        over.connectionPool() != null ? over.connectionPool() : base.connectionPool(),
        over.outlierDetection() != null ? over.outlierDetection() : base.outlierDetection(),
        over.tls() != null ? over.tls() : base.tls(),
        Map.of());
  }
}
