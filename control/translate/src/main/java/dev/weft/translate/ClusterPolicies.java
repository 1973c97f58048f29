package dev.weft.translate;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.config.TrafficPolicy.H2Upgrade;
import dev.weft.config.TrafficPolicy.HashTable;
import dev.weft.config.TrafficPolicy.LoadBalancer;
import dev.weft.config.TrafficPolicy.OutlierDetection;
import dev.weft.config.TrafficPolicy.Policy;
import dev.weft.config.TrafficPolicy.TcpKeepalive;
import dev.weft.types.AppProtocol;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.envoyproxy.envoy.type.v3.Percent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The traffic policy of a DestinationRule on a cluster. Istio:
 * pilot/pkg/networking/core/cluster_traffic_policy.go.
 */
final class ClusterPolicies {
  private static final UInt32Value UNLIMITED = UInt32Value.of(-1);
  private static final long ALL = 100;

  private ClusterPolicies() {}

  static CircuitBreakers circuitBreakers(@Nullable ConnectionPool pool) {
    CircuitBreakers.Thresholds.Builder limits =
        CircuitBreakers.Thresholds.newBuilder()
            .setMaxConnections(limit(pool == null ? null : pool.maxConnections()))
            .setMaxPendingRequests(limit(pool == null ? null : pool.http1MaxPendingRequests()))
            .setMaxRequests(limit(pool == null ? null : pool.http2MaxRequests()))
            .setMaxRetries(limit(pool == null ? null : pool.maxRetries()))
            .setTrackRemaining(true);
    return CircuitBreakers.newBuilder().addThresholds(limits).build();
  }

  private static UInt32Value limit(@Nullable Integer value) {
    return value == null || value == 0 ? UNLIMITED : UInt32Value.of(value);
  }

  /** Sets policy and its parameters; the hash itself is a matter of the route. */
  static void loadBalancer(Cluster.Builder cluster, @Nullable LoadBalancer balancer) {
    Policy policy = balancer == null ? new Policy.Unspecified() : balancer.policy();
    switch (policy) {
      case Policy.Unspecified u -> cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
      case Policy.LeastRequest l -> cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
      case Policy.RoundRobin r -> cluster.setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN);
      case Policy.Random r -> cluster.setLbPolicy(Cluster.LbPolicy.RANDOM);
      // Of a gateway: nobody dialled an address there.
      case Policy.Passthrough p -> cluster.setLbPolicy(Cluster.LbPolicy.LEAST_REQUEST);
      case Policy.ConsistentHash hash -> hashTable(cluster, hash.table());
    }
    if (balancer == null || balancer.warmup().isZero()) {
      return;
    }
    Cluster.SlowStartConfig slowStart =
        Cluster.SlowStartConfig.newBuilder()
            .setSlowStartWindow(Durations.of(balancer.warmup()))
            .build();
    switch (cluster.getLbPolicy()) {
      case ROUND_ROBIN ->
          cluster.setRoundRobinLbConfig(
              Cluster.RoundRobinLbConfig.newBuilder().setSlowStartConfig(slowStart));
      case LEAST_REQUEST ->
          cluster.setLeastRequestLbConfig(
              Cluster.LeastRequestLbConfig.newBuilder().setSlowStartConfig(slowStart));
      default -> {
        // Other policies know no slow start, and the rule's warnings said so.
      }
    }
  }

  private static void hashTable(Cluster.Builder cluster, HashTable table) {
    switch (table) {
      case HashTable.Maglev maglev ->
          cluster
              .setLbPolicy(Cluster.LbPolicy.MAGLEV)
              .setMaglevLbConfig(
                  Cluster.MaglevLbConfig.newBuilder().setTableSize(UInt64Value.of(maglev.size())));
      case HashTable.Ring ring ->
          cluster
              .setLbPolicy(Cluster.LbPolicy.RING_HASH)
              .setRingHashLbConfig(
                  Cluster.RingHashLbConfig.newBuilder()
                      .setMinimumRingSize(UInt64Value.of(ring.minimumSize())));
    }
  }

  /** What the kernel asks of silent connections; nothing is said where nothing was written. */
  static void keepalive(Cluster.Builder cluster, @Nullable ConnectionPool pool) {
    @Nullable TcpKeepalive written = pool == null ? null : pool.keepalive();
    if (written == null) {
      return;
    }
    io.envoyproxy.envoy.config.core.v3.TcpKeepalive.Builder keepalive =
        io.envoyproxy.envoy.config.core.v3.TcpKeepalive.newBuilder();
    if (written.probes() != null) {
      keepalive.setKeepaliveProbes(UInt32Value.of(written.probes()));
    }
    if (written.time() != null) {
      keepalive.setKeepaliveTime(seconds(written.time()));
    }
    if (written.interval() != null) {
      keepalive.setKeepaliveInterval(seconds(written.interval()));
    }
    cluster.setUpstreamConnectionOptions(
        UpstreamConnectionOptions.newBuilder().setTcpKeepalive(keepalive));
  }

  /** The kernel counts in seconds; less than one is one. */
  private static UInt32Value seconds(Duration time) {
    return UInt32Value.of((int) Math.min(Integer.MAX_VALUE, Math.max(1, time.toSeconds())));
  }

  /**
   * Ejection of failing endpoints.
   *
   * @param failover whether other localities take over; then the cap defaults to all endpoints,
   *     because with Envoy's 10 % a small locality could never be left
   */
  static void outlier(
      Cluster.Builder cluster, @Nullable OutlierDetection outlier, boolean failover) {
    if (outlier == null) {
      return;
    }
    io.envoyproxy.envoy.config.cluster.v3.OutlierDetection.Builder result =
        io.envoyproxy.envoy.config.cluster.v3.OutlierDetection.newBuilder()
            .setEnforcingSuccessRate(UInt32Value.of(0));
    if (outlier.consecutive5xxErrors() != null) {
      result
          .setConsecutive5Xx(UInt32Value.of(outlier.consecutive5xxErrors()))
          .setEnforcingConsecutive5Xx(enforcing(outlier.consecutive5xxErrors()));
    }
    if (outlier.consecutiveGatewayErrors() != null) {
      result
          .setConsecutiveGatewayFailure(UInt32Value.of(outlier.consecutiveGatewayErrors()))
          .setEnforcingConsecutiveGatewayFailure(enforcing(outlier.consecutiveGatewayErrors()));
    }
    if (outlier.splitExternalLocalOriginErrors()) {
      result
          .setSplitExternalLocalOriginErrors(true)
          .setEnforcingLocalOriginSuccessRate(UInt32Value.of(0));
      if (outlier.consecutiveLocalOriginFailures() != null) {
        result
            .setConsecutiveLocalOriginFailure(
                UInt32Value.of(outlier.consecutiveLocalOriginFailures()))
            .setEnforcingConsecutiveLocalOriginFailure(
                enforcing(outlier.consecutiveLocalOriginFailures()));
      }
    }
    if (outlier.interval() != null) {
      result.setInterval(Durations.of(outlier.interval()));
    }
    if (outlier.baseEjectionTime() != null) {
      result.setBaseEjectionTime(Durations.of(outlier.baseEjectionTime()));
    }
    Integer max = outlier.maxEjectionPercent();
    if (max != null && max > 0) {
      result.setMaxEjectionPercent(UInt32Value.of(max));
    } else if (failover) {
      result.setMaxEjectionPercent(UInt32Value.of((int) ALL));
    }
    cluster.setOutlierDetection(result);
    Integer panic = outlier.minHealthPercent();
    cluster
        .getCommonLbConfigBuilder()
        .setHealthyPanicThreshold(Percent.newBuilder().setValue(panic == null ? 0 : panic));
  }

  private static UInt32Value enforcing(int threshold) {
    return UInt32Value.of(threshold > 0 ? (int) ALL : 0);
  }

  /** Whether HTTP/2 is spoken to the service whatever the client speaks. */
  static boolean http2(AppProtocol protocol, @Nullable ConnectionPool pool) {
    H2Upgrade upgrade = pool == null ? H2Upgrade.DEFAULT : pool.h2Upgrade();
    return switch (protocol) {
      case HTTP2, GRPC, GRPC_WEB -> true;
      case HTTP -> upgrade == H2Upgrade.UPGRADE;
      case HTTPS, TLS, TCP, MONGO, MYSQL, REDIS, UDP, HBONE, AUTO -> false;
    };
  }

  /**
   * HTTP towards the service; nothing is said where Envoy's default, HTTP/1.1, is meant.
   *
   * @param names what is taken from requests for TLS
   */
  static void http(
      Cluster.Builder cluster,
      AppProtocol protocol,
      @Nullable ConnectionPool pool,
      UpstreamHttpProtocolOptions names) {
    io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.Builder options =
        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder();
    boolean useful = false;
    Http2ProtocolOptions.Builder http2 = Http2ProtocolOptions.newBuilder();
    if (pool != null && pool.maxConcurrentStreams() != null && pool.maxConcurrentStreams() > 0) {
      http2.setMaxConcurrentStreams(UInt32Value.of(pool.maxConcurrentStreams()));
    }
    if (http2(protocol, pool)) {
      options.getExplicitHttpConfigBuilder().setHttp2ProtocolOptions(http2);
      useful = true;
    } else if (protocol == AppProtocol.AUTO || (pool != null && pool.useClientProtocol())) {
      options
          .getUseDownstreamProtocolConfigBuilder()
          .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
          .setHttp2ProtocolOptions(http2);
      useful = true;
    } else {
      options
          .getExplicitHttpConfigBuilder()
          .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
    }
    HttpProtocolOptions.Builder common = HttpProtocolOptions.newBuilder();
    if (pool != null) {
      if (pool.maxRequestsPerConnection() != null && pool.maxRequestsPerConnection() > 0) {
        common.setMaxRequestsPerConnection(UInt32Value.of(pool.maxRequestsPerConnection()));
      }
      java.time.@Nullable Duration idle =
          pool.httpIdleTimeout() == null ? pool.tcpIdleTimeout() : pool.httpIdleTimeout();
      if (idle != null) {
        common.setIdleTimeout(Durations.of(idle));
      }
      if (pool.maxConnectionDuration() != null) {
        common.setMaxConnectionDuration(Durations.of(pool.maxConnectionDuration()));
      }
    }
    if (!common.build().equals(HttpProtocolOptions.getDefaultInstance())) {
      options.setCommonHttpProtocolOptions(common);
      useful = true;
    }
    if (!names.equals(UpstreamHttpProtocolOptions.getDefaultInstance())) {
      options.setUpstreamHttpProtocolOptions(names);
      useful = true;
    }
    if (useful) {
      put(cluster, options.build());
    }
  }

  /** As the client speaks, for clusters without a service. */
  static void httpAsDownstream(Cluster.Builder cluster, java.time.@Nullable Duration idle) {
    io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.Builder options =
        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder();
    options
        .getUseDownstreamProtocolConfigBuilder()
        .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
    if (idle != null) {
      options.getCommonHttpProtocolOptionsBuilder().setIdleTimeout(Durations.of(idle));
    }
    put(cluster, options.build());
  }

  private static void put(
      Cluster.Builder cluster,
      io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions options) {
    Any packed = DeterministicBytes.pack(options);
    cluster.putTypedExtensionProtocolOptions(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", packed);
  }

  static void weightedLocalities(Cluster.Builder cluster) {
    cluster
        .getCommonLbConfigBuilder()
        .setLocalityWeightedLbConfig(
            Cluster.CommonLbConfig.LocalityWeightedLbConfig.getDefaultInstance());
  }
}
