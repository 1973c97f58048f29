package dev.weft.config;

import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.NetworkId;
import org.jspecify.annotations.Nullable;

/**
 * The logical network of a member cluster, and its cross-cluster proxy: {@code
 * mesh.weft.dev/v1alpha1 MemberCluster}. The object's name is the cluster id.
 *
 * @param serverlessGateways whether gateways that name no cluster run in this one
 * @param customAddress where clients reach the proxy instead of its own load balancer; null for the
 *     latter
 */
public record MemberClusterSpec(
    ObjectMeta meta,
    NetworkId network,
    boolean crossClusterProxy,
    @Nullable HostPort customAddress,
    boolean serverlessGateways)
    implements ConfigObject {

  /** The same with another network, and its cross-cluster proxy on or off. */
  public MemberClusterSpec with(NetworkId other, boolean proxy) {
    return new MemberClusterSpec(meta, other, proxy, customAddress, serverlessGateways);
  }

  public ClusterId cluster() {
    return new ClusterId(meta.name());
  }

  /** The name of the IstioGateway object that is the cluster's cross-cluster proxy. */
  public static String gatewayName(ClusterId cluster) {
    return "asm-cross-network-" + cluster;
  }
}
