package dev.weft.proxy.stats;

import dev.weft.demand.Demands;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.ProxyStatistics;

/** The proxy as a whole, by Envoy's names where it has them. */
public final class ServerMetrics {
  private ServerMetrics() {}

  /**
   * Writes them.
   *
   * @param ready whether traffic may come
   * @param connected to a control plane
   * @param rejected how many of its resources are
   */
  public static void write(
      Exposition out,
      ProxyStatistics statistics,
      RuntimeConfig config,
      boolean ready,
      boolean connected,
      int rejected) {
    out.gauge("envoy_server_live", "1 where the proxy is ready.", ready ? 1 : 0);
    out.gauge(
        "envoy_server_total_connections",
        "Connections that are open, to and from the proxy.",
        statistics.connections());
    out.gauge(
        "envoy_listener_manager_total_listeners_active",
        "Listeners that are configured.",
        config.listeners().size());
    out.gauge(
        "envoy_cluster_manager_active_clusters",
        "Clusters that are configured.",
        config.clusters().size());
    out.gauge(
        "envoy_control_plane_connected_state",
        "1 where the proxy is connected to its control plane.",
        connected ? 1 : 0);
    out.gauge(
        "weft_config_generation",
        "How often the configuration has changed.",
        statistics.generation());
    out.gauge(
        "weft_config_rejected_resources",
        "Resources of the control plane that the proxy rejects.",
        rejected);
    out.gauge(
        "weft_peer_memory_bytes",
        "What is held for clients and endpoints: received and not passed on, or not taken yet.",
        statistics.heldForPeers());
    out.counter(
        "weft_access_log_dropped_bytes_total",
        "Access log that was dropped since its reader is slow.",
        statistics.logBytesDropped());
    out.counter(
        "weft_trace_spans_sent_total",
        "Spans that their collectors have taken.",
        statistics.spansSent());
    out.counter(
        "weft_trace_spans_dropped_total",
        "Spans that were too many to wait, or that their collector did not take.",
        statistics.spansDropped());
  }

  /** Writes what traffic has asked for, of a proxy that asks. */
  public static void writeDemands(Exposition out, Demands demands) {
    out.gauge(
        "weft_on_demand_names",
        "Listeners, hosts and DNS names that traffic has asked for, whether or not there are such.",
        demands.size());
    out.counter(
        "weft_on_demand_waits_total",
        "Connections, requests and queries that waited for the control plane.",
        demands.waits());
    out.counter(
        "weft_on_demand_waits_in_vain_total",
        "Those of them that went on without an answer.",
        demands.vain());
  }
}
