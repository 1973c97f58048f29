package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.MemberClusterSpec;
import dev.weft.types.MeshPorts;
import dev.weft.types.NetworkId;

/**
 * The IstioGateway object of a cluster's cross-cluster proxy: made by the mesh, tuned by users.
 * Alibaba Cloud ASM: cross-cluster mesh proxy, {@code asm-cross-network-<cluster>}.
 */
final class CrossNetworkGateway {
  private static final int REPLICAS = 2;

  private CrossNetworkGateway() {}

  /**
   * @param network of the cluster: the only one whose endpoints the proxy sees
   */
  static Manifest of(MemberClusterSpec member, NetworkId network, String rootNamespace) {
    ObjectNode body =
        Objects.named(
            ManagedKind.ISTIO_GATEWAY,
            rootNamespace,
            MemberClusterSpec.gatewayName(member.cluster()));
    ObjectNode spec = body.putObject("spec");
    spec.put("gatewayType", "cross-network");
    spec.putArray("clusterIds").add(member.cluster().value());
    spec.put("replicaCount", REPLICAS).put("serviceType", "LoadBalancer");
    ArrayNode ports = spec.putArray("ports");
    port(ports, "status-port", MeshPorts.READINESS);
    port(ports, "tls", MeshPorts.CROSS_NETWORK);
    if (network.isNamed()) {
      spec.put("requestedNetworkView", network.value());
    }
    return Manifest.of(body);
  }

  private static void port(ArrayNode ports, String name, int port) {
    ports
        .addObject()
        .put("name", name)
        .put("port", port)
        .put("targetPort", port)
        .put("protocol", "TCP");
  }
}
