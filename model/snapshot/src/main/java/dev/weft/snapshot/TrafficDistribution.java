package dev.weft.snapshot;

import dev.weft.config.KubeService;
import java.util.List;
import java.util.Locale;

/**
 * Which endpoints a Service wants its clients to prefer: {@code spec.trafficDistribution}, or the
 * annotation that came before it. Istio: pilot/pkg/model/service.go GetTrafficDistribution,
 * pilot/pkg/networking/core/loadbalancer/loadbalancer.go GetLocalityLbSetting.
 */
public final class TrafficDistribution {
  private static final List<String> SAME_ZONE =
      List.of(
          "topology.istio.io/network",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone");
  private static final List<String> SAME_NODE =
      List.of(
          "topology.istio.io/network",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "topology.istio.io/subzone",
          "kubernetes.io/hostname");

  private TrafficDistribution() {}

  /**
   * The labels that client and endpoint should have in common, the most important first; empty
   * where the service wants nothing.
   */
  public static List<String> labels(MeshService service) {
    return switch (service
        .annotations()
        .getOrDefault(KubeService.TRAFFIC_DISTRIBUTION, "")
        .toLowerCase(Locale.ROOT)
        .replace("-", "")) {
      case "preferclose", "prefersamezone" -> SAME_ZONE;
      case "prefersamenode" -> SAME_NODE;
      default -> List.of();
    };
  }
}
