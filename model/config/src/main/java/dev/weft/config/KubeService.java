package dev.weft.config;

import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A Service.
 *
 * @param clusterIps empty for a headless service
 * @param externalName empty except for type ExternalName
 * @param loadBalancerAddresses addresses and host names of {@code status.loadBalancer.ingress}
 */
public record KubeService(
    ServiceId id,
    Map<String, String> labels,
    Map<String, String> annotations,
    Instant created,
    Type type,
    List<String> clusterIps,
    boolean headless,
    String externalName,
    List<String> externalIps,
    List<String> loadBalancerAddresses,
    Map<String, String> selector,
    List<Port> ports,
    boolean publishNotReadyAddresses,
    boolean nodeLocal)
    implements KubeFact {
  /**
   * The annotation in which {@code spec.trafficDistribution} is kept too: it came before the field.
   */
  public static final String TRAFFIC_DISTRIBUTION = "networking.istio.io/traffic-distribution";

  public KubeService {
    labels = Copies.map(labels);
    annotations = Copies.map(annotations);
    clusterIps = List.copyOf(clusterIps);
    externalIps = List.copyOf(externalIps);
    loadBalancerAddresses = List.copyOf(loadBalancerAddresses);
    selector = Copies.map(selector);
    ports = List.copyOf(ports);
  }

  /** {@code spec.type}. */
  public enum Type {
    CLUSTER_IP,
    NODE_PORT,
    LOAD_BALANCER,
    EXTERNAL_NAME
  }

  /**
   * @param name may be empty where the service has one port
   * @param protocol TCP, UDP or SCTP
   * @param targetPort a number or a name of a container port
   * @param nodePort 0 for none
   */
  public record Port(
      String name,
      int port,
      String protocol,
      String appProtocol,
      String targetPort,
      int nodePort) {}

  @Override
  public Key key() {
    return new Key(Kind.SERVICE, id.namespace(), id.name());
  }
}
