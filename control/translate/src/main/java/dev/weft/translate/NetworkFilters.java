package dev.weft.translate;

import com.google.protobuf.BoolValue;
import dev.weft.config.PathNormalization;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.UpgradeConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whole chains of network filters: to HTTP routes, or to a cluster. */
final class NetworkFilters {
  private static final String HCM = "envoy.filters.network.http_connection_manager";
  private static final String TCP_PROXY = "envoy.filters.network.tcp_proxy";
  private static final String SERVER_NAME = "istio-envoy";

  private NetworkFilters() {}

  /** Requests of the workload to services, routed by a table of its own. */
  static List<Filter> outboundHttp(
      Dialect dialect,
      PathNormalization paths,
      String statPrefix,
      String rds,
      Reports reports,
      List<FilterPatch> patches) {
    HttpConnectionManager.Builder hcm =
        manager(
                dialect,
                Filters.Direction.OUTBOUND,
                Guards.NONE,
                paths,
                statPrefix,
                reports,
                patches)
            .setUseRemoteAddress(BoolValue.of(false))
            .setRds(byName(rds));
    return List.of(Filters.network(HCM, hcm.build()));
  }

  /** Requests to the workload. */
  static List<Filter> inboundHttp(
      Dialect dialect,
      Guards guards,
      PathNormalization paths,
      String statPrefix,
      RouteConfiguration routes,
      Reports reports,
      List<FilterPatch> patches) {
    HttpConnectionManager.Builder hcm =
        manager(dialect, Filters.Direction.INBOUND, guards, paths, statPrefix, reports, patches)
            .setUseRemoteAddress(BoolValue.of(false))
            .setServerName(SERVER_NAME)
            .setForwardClientCertDetails(ForwardClientCertDetails.APPEND_FORWARD)
            .setSetCurrentClientCertDetails(
                SetCurrentClientCertDetails.newBuilder()
                    .setSubject(BoolValue.of(true))
                    .setDns(true)
                    .setUri(true))
            .setRouteConfig(routes);
    List<Filter> filters =
        new ArrayList<>(
            Filters.network(dialect, Filters.Direction.INBOUND, List.of(), true, reports.stats()));
    filters.add(Filters.network(HCM, hcm.build()));
    return filters;
  }

  /** Requests from outside the mesh to a gateway. */
  static List<Filter> gatewayHttp(
      Dialect dialect,
      Guards guards,
      PathNormalization paths,
      String statPrefix,
      String rds,
      Reports reports,
      List<FilterPatch> patches) {
    HttpConnectionManager.Builder hcm =
        manager(dialect, Filters.Direction.OUTBOUND, guards, paths, statPrefix, reports, patches)
            .setUseRemoteAddress(BoolValue.of(true))
            .setServerName(SERVER_NAME)
            .setForwardClientCertDetails(ForwardClientCertDetails.SANITIZE_SET)
            .setSetCurrentClientCertDetails(
                SetCurrentClientCertDetails.newBuilder()
                    .setSubject(BoolValue.of(true))
                    .setCert(true)
                    .setDns(true)
                    .setUri(true))
            .setRds(byName(rds));
    return List.of(Filters.network(HCM, hcm.build()));
  }

  /**
   * Bytes to one cluster.
   *
   * @param idleTimeout zero for Envoy's default
   */
  static List<Filter> tcp(
      Dialect dialect,
      Filters.Direction direction,
      Guards guards,
      String statPrefix,
      String cluster,
      Duration idleTimeout,
      Reports reports) {
    return tcp(
        dialect,
        direction,
        guards,
        TcpProxy.newBuilder().setStatPrefix(statPrefix).setCluster(cluster),
        idleTimeout,
        reports);
  }

  static List<Filter> tcp(
      Dialect dialect,
      Filters.Direction direction,
      Guards guards,
      TcpProxy.Builder proxy,
      Duration idleTimeout,
      Reports reports) {
    proxy.addAllAccessLog(reports.logs());
    if (!idleTimeout.isZero()) {
      proxy.setIdleTimeout(Durations.of(idleTimeout));
    }
    List<Filter> filters =
        new ArrayList<>(
            Filters.network(dialect, direction, guards.network(), false, reports.stats()));
    filters.add(Filters.network(TCP_PROXY, proxy.build()));
    return filters;
  }

  private static HttpConnectionManager.Builder manager(
      Dialect dialect,
      Filters.Direction direction,
      Guards guards,
      PathNormalization paths,
      String statPrefix,
      Reports reports,
      List<FilterPatch> patches) {
    HttpConnectionManager.Builder manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix(statPrefix)
            .addAllHttpFilters(
                FilterPatch.apply(
                    Filters.http(dialect, direction, guards.http(), reports.stats()), patches))
            .addAllAccessLog(reports.logs())
            .setNormalizePath(BoolValue.of(paths != PathNormalization.NONE))
            .setMergeSlashes(mergesSlashes(paths))
            .setPathWithEscapedSlashesAction(
                paths == PathNormalization.DECODE_AND_MERGE_SLASHES
                    ? PathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD
                    : PathWithEscapedSlashesAction.KEEP_UNCHANGED)
            .setStreamIdleTimeout(Durations.ZERO)
            .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"));
    reports.trace(manager);
    return manager;
  }

  private static boolean mergesSlashes(PathNormalization paths) {
    return switch (paths) {
      case NONE, BASE -> false;
      case MERGE_SLASHES, DECODE_AND_MERGE_SLASHES -> true;
    };
  }

  private static Rds byName(String name) {
    return Rds.newBuilder()
        .setRouteConfigName(name)
        .setConfigSource(
            ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setInitialFetchTimeout(Durations.ZERO)
                .setResourceApiVersion(ApiVersion.V3))
        .build();
  }
}
