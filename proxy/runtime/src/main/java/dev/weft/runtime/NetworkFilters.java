package dev.weft.runtime;

import dev.weft.access.AccessFilter;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.HeaderEdits;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.TypedConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The network filters of a chain: some that only observe, then one that ends the chain. */
final class NetworkFilters {
  static final String METADATA_EXCHANGE = "envoy.tcp.metadataexchange.config.MetadataExchange";
  static final String STATS = "stats.PluginConfig";
  private static final String NETWORK = "envoy.extensions.filters.network.";

  private NetworkFilters() {}

  /**
   * @param place a name of the chain
   */
  static Pipeline pipeline(ProtoFields chain, String place) {
    boolean sniCluster = false;
    List<AccessFilter> access = new ArrayList<>();
    MetricRules metrics = MetricRules.NONE;
    Pipeline end = null;
    for (ProtoFields filter : chain.messages(3, "filters")) {
      filter.ignore(IgnoredInListeners.NETWORK_FILTER);
      TypedConfig config = filter.any(4, "typed_config");
      if (config == null) {
        throw filter.reject("typed_config", "is missing");
      }
      if (end != null) {
        throw filter.reject("typed_config", "comes after the filter that ends the chain");
      }
      switch (config.type()) {
        case METADATA_EXCHANGE -> config.fields().ignore(IgnoredInListeners.METADATA_EXCHANGE);
        case STATS -> metrics = rules(config);
        case NETWORK + "sni_cluster.v3.SniCluster" -> sniCluster = true;
        case NETWORK + "rbac.v3.RBAC" -> access.add(AccessCompiler.network(config.fields()));
        case NETWORK + "http_connection_manager.v3.HttpConnectionManager" -> {
          if (!access.isEmpty()) {
            throw filter.reject(
                "typed_config",
                "rules before HTTP are not supported: use the HTTP filter for them");
          }
          end = HttpPipelineCompiler.compile(config.fields(), place);
        }
        case NETWORK + "tcp_proxy.v3.TcpProxy" ->
            end = tcp(config.fields(), sniCluster, metrics, access);
        default ->
            throw filter.reject(
                "typed_config", "network filter " + config.type() + " is not supported");
      }
    }
    if (end == null) {
      throw chain.reject("filters", "no HTTP connection manager or TCP proxy ends the chain");
    }
    return end;
  }

  /** Istio's metrics; nothing else of their filter is acted on. */
  static MetricRules rules(TypedConfig config) {
    if (config.struct()) {
      return MetricRules.of(ProtoStruct.read(config.fields()));
    }
    config.fields().ignore(IgnoredInListeners.ISTIO_STATS);
    return MetricRules.NONE;
  }

  private static TcpPipeline tcp(
      ProtoFields in, boolean sniCluster, MetricRules metrics, List<AccessFilter> access) {
    in.ignore(IgnoredInListeners.TCP_PROXY);
    ProtoFields weighted = in.message(10, "weighted_clusters");
    String cluster = in.text(2);
    if (weighted == null && cluster.isEmpty() && !sniCluster) {
      throw in.reject("cluster", "is missing");
    }
    return new TcpPipeline(
        in.text(1),
        clusters(weighted, cluster),
        sniCluster,
        in.duration(8, Duration.ofHours(1)),
        in.duration(13, Duration.ZERO),
        (int) Math.max(1, in.wrapped(7, 1)),
        bySource(in),
        AccessLogCompiler.all(in, 5, "access_log"),
        metrics,
        access);
  }

  private static boolean bySource(ProtoFields in) {
    List<ProtoFields> policies = in.messages(11, "hash_policy");
    for (ProtoFields policy : policies) {
      if (policy.message(1, "source_ip") == null) {
        throw policy.reject("policy_specifier", "only source_ip is supported");
      }
    }
    return !policies.isEmpty();
  }

  private static ClusterChoice clusters(@Nullable ProtoFields weighted, String cluster) {
    if (weighted == null) {
      return new ClusterChoice.Single(cluster);
    }
    List<ClusterChoice.WeightedCluster> shares =
        weighted.each(
            1,
            "clusters",
            c ->
                new ClusterChoice.WeightedCluster(
                    c.text(1), c.integer(2), HeaderEdits.NONE, HeaderEdits.NONE));
    ClusterChoice.Weighted choice = ClusterChoice.Weighted.of(shares);
    if (choice.total() == 0) {
      throw weighted.reject("clusters", "no cluster has a weight");
    }
    return choice;
  }
}
