package dev.weft.translate;

import dev.weft.config.LocalityLoadBalancing;
import dev.weft.config.LocalityLoadBalancing.Distribute;
import dev.weft.config.LocalityLoadBalancing.Failover;
import dev.weft.config.TrafficPolicy;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.TrafficDistribution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What localities mean for a service. Istio:
 * pilot/pkg/networking/core/loadbalancer/loadbalancer.go.
 */
public sealed interface LocalityPreference {
  /** Whether shares of localities are written out ({@code locality_weighted_lb_config}). */
  boolean weighted();

  /** All localities are alike. */
  record Ignored() implements LocalityPreference {
    @Override
    public boolean weighted() {
      return false;
    }
  }

  /** Shares by pattern. */
  record Shares(List<Distribute> entries) implements LocalityPreference {
    public Shares {
      entries = List.copyOf(entries);
    }

    @Override
    public boolean weighted() {
      return true;
    }
  }

  /** The nearest first, others when too few are healthy. */
  record Nearest(List<Failover> failover, List<String> labels) implements LocalityPreference {
    public Nearest {
      failover = List.copyOf(failover);
      labels = List.copyOf(labels);
    }

    @Override
    public boolean weighted() {
      return !failover.isEmpty() || !labels.isEmpty();
    }
  }

  /**
   * The one in force: the rule's own settings come before what the service wants, and that before
   * the mesh's. A service that wants it is left for the next place without outlier detection too:
   * where no endpoint is ready.
   */
  static LocalityPreference of(
      TrafficPolicy policy, MeshService service, LocalityLoadBalancing mesh) {
    TrafficPolicy.@Nullable LoadBalancer balancer = policy.loadBalancer();
    @Nullable LocalityLoadBalancing own = balancer == null ? null : balancer.locality();
    List<String> wanted = TrafficDistribution.labels(service);
    if (own == null && !wanted.isEmpty()) {
      return new Nearest(List.of(), wanted);
    }
    LocalityLoadBalancing setting = own == null ? mesh : own;
    if (!setting.enabled()) {
      return new Ignored();
    }
    if (!setting.distribute().isEmpty()) {
      return new Shares(setting.distribute());
    }
    // Without outlier detection a failing locality would never be left.
    return policy.outlierDetection() == null
        ? new Ignored()
        : new Nearest(setting.failover(), setting.failoverPriority());
  }
}
