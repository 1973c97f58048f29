package dev.weft.translate;

import dev.weft.types.AppProtocol;
import dev.weft.types.ServiceId;
import dev.weft.xds.ClusterName;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The clusters of a proxy that are not those of services. */
final class OwnClusters {
  // Where connections to the application come from, so that they are not captured again.
  private static final String INBOUND_SOURCE = "127.0.0.6";
  private static final Duration PASSTHROUGH_IDLE = Duration.ofMinutes(5);

  private OwnClusters() {}

  /** A port of the workload, for the service that it belongs to. */
  record InboundInputs(
      int port,
      AppProtocol protocol,
      ServiceId service,
      String hostname,
      Duration connectTimeout) {}

  static Cluster inbound(InboundInputs in) {
    Cluster.Builder cluster =
        originalDestination(new ClusterName.Inbound(in.port()), in.connectTimeout())
            .setUpstreamBindConfig(fromInboundSource())
            .setMetadata(
                Metadata.newBuilder()
                    .putFilterMetadata(
                        "istio",
                        Structs.of(
                            Map.of(
                                "services",
                                List.of(
                                    Map.of(
                                        "host", in.hostname(),
                                        "name", in.service().name(),
                                        "namespace", in.service().namespace()))))));
    ClusterPolicies.http(
        cluster, in.protocol(), null, UpstreamHttpProtocolOptions.getDefaultInstance());
    return cluster.build();
  }

  static Cluster passthrough(Duration connectTimeout) {
    Cluster.Builder cluster = originalDestination(ClusterName.Special.PASSTHROUGH, connectTimeout);
    ClusterPolicies.httpAsDownstream(cluster, PASSTHROUGH_IDLE);
    return cluster.build();
  }

  static Cluster inboundPassthrough(Duration connectTimeout) {
    Cluster.Builder cluster =
        originalDestination(ClusterName.Special.INBOUND_PASSTHROUGH, connectTimeout)
            .setUpstreamBindConfig(fromInboundSource());
    ClusterPolicies.httpAsDownstream(cluster, PASSTHROUGH_IDLE);
    return cluster.build();
  }

  static Cluster blackHole(Duration connectTimeout) {
    return Cluster.newBuilder()
        .setName(ClusterName.Special.BLACK_HOLE.format())
        .setType(Cluster.DiscoveryType.STATIC)
        .setConnectTimeout(Durations.of(connectTimeout))
        .build();
  }

  private static Cluster.Builder originalDestination(ClusterName name, Duration connectTimeout) {
    return Cluster.newBuilder()
        .setName(name.format())
        .setType(Cluster.DiscoveryType.ORIGINAL_DST)
        .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED)
        .setConnectTimeout(Durations.of(connectTimeout))
        .setCircuitBreakers(ClusterPolicies.circuitBreakers(null));
  }

  private static BindConfig fromInboundSource() {
    return BindConfig.newBuilder()
        .setSourceAddress(SocketAddress.newBuilder().setAddress(INBOUND_SOURCE).setPortValue(0))
        .build();
  }
}
