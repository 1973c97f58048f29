package dev.weft.config;

import java.util.List;

/**
 * A slice of a service's endpoints.
 *
 * @param service the label {@code kubernetes.io/service-name}
 */
public record KubeEndpointSlice(
    String namespace, String name, String service, List<Port> ports, List<Endpoint> endpoints)
    implements KubeFact {

  public KubeEndpointSlice {
    ports = List.copyOf(ports);
    endpoints = List.copyOf(endpoints);
  }

  /** A port by the name of the service port; the number is what the pods listen on. */
  public record Port(String name, int port, String protocol) {}

  /**
   * @param pod the name of a pod in the namespace of the slice; empty where the slice names none
   * @param node empty where unknown
   * @param zone empty where unknown; hints of zones are left to {@code trafficDistribution}
   */
  public record Endpoint(
      List<String> addresses,
      boolean ready,
      boolean serving,
      boolean terminating,
      String pod,
      String node,
      String zone,
      String hostname) {
    public Endpoint {
      addresses = List.copyOf(addresses);
    }
  }

  @Override
  public Key key() {
    return new Key(Kind.ENDPOINT_SLICE, namespace, name);
  }
}
