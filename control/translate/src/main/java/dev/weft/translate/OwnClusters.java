package dev.weft.translate;

import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.types.AppProtocol;
import dev.weft.types.HostPort;
import dev.weft.types.ServiceId;
import dev.weft.xds.ClusterName;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The clusters of a proxy that are not those of services. */
final class OwnClusters {
  // Where connections to the application come from, so that they are not captured again.
  private static final String INBOUND_SOURCE = "127.0.0.6";

  /** What goes there is not captured. */
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1");

  private static final Duration PASSTHROUGH_IDLE = Duration.ofMinutes(5);

  private OwnClusters() {}

  /**
   * A port of the workload, for the service that it belongs to.
   *
   * @param endpoint where the application is; null for where the client went
   * @param pool limits of connections to it; null for none
   */
  record InboundInputs(
      int port,
      AppProtocol protocol,
      ServiceId service,
      String hostname,
      @Nullable HostPort endpoint,
      @Nullable ConnectionPool pool,
      Duration connectTimeout) {}

  static Cluster inbound(InboundInputs in) {
    @Nullable ConnectionPool pool = in.pool();
    String name = new ClusterName.Inbound(in.port()).format();
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(name)
            .setConnectTimeout(
                Durations.of(
                    pool != null && pool.connectTimeout() != null
                        ? pool.connectTimeout()
                        : in.connectTimeout()))
            .setCircuitBreakers(ClusterPolicies.circuitBreakers(pool))
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
    @Nullable HostPort endpoint = in.endpoint();
    if (endpoint == null) {
      cluster
          .setType(Cluster.DiscoveryType.ORIGINAL_DST)
          .setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
    } else {
      cluster
          .setType(Cluster.DiscoveryType.STATIC)
          .setLoadAssignment(
              ClusterLoadAssignment.newBuilder()
                  .setClusterName(name)
                  .addEndpoints(
                      LocalityLbEndpoints.newBuilder()
                          .addLbEndpoints(
                              LbEndpoint.newBuilder()
                                  .setEndpoint(
                                      Endpoint.newBuilder()
                                          .setAddress(
                                              Addresses.of(endpoint.host(), endpoint.port()))))));
    }
    if (endpoint == null || !LOOPBACK.contains(endpoint.host())) {
      cluster.setUpstreamBindConfig(fromInboundSource());
    }
    ClusterPolicies.keepalive(cluster, pool);
    ClusterPolicies.http(
        cluster, in.protocol(), pool, UpstreamHttpProtocolOptions.getDefaultInstance());
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
