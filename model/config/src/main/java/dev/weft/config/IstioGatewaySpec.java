package dev.weft.config;

import dev.weft.types.ClusterId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that the mesh runs: {@code istio.alibabacloud.com/v1beta1 IstioGateway}. Reference
 * 2.26.1.
 *
 * @param clusters where it runs, one Deployment and one Service in each; of a serverless one the
 *     mesh says where
 * @param overrides what differs in single clusters
 */
public record IstioGatewaySpec(
    ObjectMeta meta,
    GatewayType type,
    List<ClusterId> clusters,
    Parts parts,
    Map<ClusterId, Parts> overrides)
    implements ConfigObject {

  public IstioGatewaySpec {
    clusters = List.copyOf(clusters);
    overrides = Copies.map(overrides);
  }

  /** Annotation: the mesh runs the gateway on its own side. */
  static final String SERVERLESS = "asm.alibabacloud.com/managed-by-asm";

  static boolean serverless(ObjectMeta meta) {
    return meta.annotations().getOrDefault(SERVERLESS, "").equals("true");
  }

  /** Whether the mesh runs it on its own side, in no cluster that its user names. */
  public boolean serverless() {
    return serverless(meta);
  }

  /** What the gateway is for. */
  public enum GatewayType {
    INGRESS,
    EGRESS,
    CROSS_NETWORK
  }

  /** How the gateway's Service is reached. */
  public enum ServiceType {
    CLUSTER_IP,
    NODE_PORT,
    LOAD_BALANCER
  }

  /**
   * The parts that can be overridden for a cluster. Null, or empty in maps and lists, means not
   * written.
   *
   * @param kubernetes fields that are copied as they are into the Deployment or Service, by the
   *     name they have in the IstioGateway: {@code resources}, {@code env}, {@code nodeSelector},
   *     {@code affinity}, {@code tolerations}, {@code lifecycle}, {@code readinessProbe}, {@code
   *     dnsPolicy}, {@code hostNetwork}, {@code runAsRoot} …; values are maps, lists, strings,
   *     numbers and booleans
   */
  public record Parts(
      @Nullable Integer replicaCount,
      @Nullable Boolean autoscaleEnabled,
      @Nullable Integer minReplicas,
      @Nullable Integer maxReplicas,
      @Nullable ServiceType serviceType,
      @Nullable String loadBalancerClass,
      @Nullable String loadBalancerIp,
      @Nullable String externalTrafficPolicy,
      Map<String, String> serviceAnnotations,
      Map<String, String> podAnnotations,
      Map<String, String> serviceLabels,
      Map<String, String> podLabels,
      List<Port> ports,
      @Nullable String requestedNetworkView,
      Map<String, Object> kubernetes) {
    public static final Parts NONE =
        new Parts(
            null, null, null, null, null, null, null, null, Map.of(), Map.of(), Map.of(), Map.of(),
            List.of(), null, Map.of());

    public Parts {
      serviceAnnotations = Copies.map(serviceAnnotations);
      podAnnotations = Copies.map(podAnnotations);
      serviceLabels = Copies.map(serviceLabels);
      podLabels = Copies.map(podLabels);
      ports = List.copyOf(ports);
      kubernetes = Copies.map(kubernetes);
    }

    /** These parts where written, else those of {@code base}; maps are merged key by key. */
    public Parts over(Parts base) {
      return new Parts(
          replicaCount != null ? replicaCount : base.replicaCount,
          autoscaleEnabled != null ? autoscaleEnabled : base.autoscaleEnabled,
          minReplicas != null ? minReplicas : base.minReplicas,
          maxReplicas != null ? maxReplicas : base.maxReplicas,
          serviceType != null ? serviceType : base.serviceType,
          loadBalancerClass != null ? loadBalancerClass : base.loadBalancerClass,
          loadBalancerIp != null ? loadBalancerIp : base.loadBalancerIp,
          externalTrafficPolicy != null ? externalTrafficPolicy : base.externalTrafficPolicy,
          merged(base.serviceAnnotations, serviceAnnotations),
          merged(base.podAnnotations, podAnnotations),
          merged(base.serviceLabels, serviceLabels),
          merged(base.podLabels, podLabels),
          ports.isEmpty() ? base.ports : ports,
          requestedNetworkView != null ? requestedNetworkView : base.requestedNetworkView,
          merged(base.kubernetes, kubernetes));
    }

    private static <V> Map<String, V> merged(Map<String, V> base, Map<String, V> over) {
      if (over.isEmpty()) {
        return base;
      }
      Map<String, V> merged = new LinkedHashMap<>(base);
      merged.putAll(over);
      return merged;
    }
  }

  /**
   * @param targetPort 0 where not written: the same as the port
   * @param nodePort 0 where not written
   */
  public record Port(String name, int port, int targetPort, int nodePort, String protocol) {}

  /** The parts in force in a cluster. */
  public Parts in(ClusterId cluster) {
    Parts own = overrides.get(cluster);
    return own == null ? parts : own.over(parts);
  }
}
