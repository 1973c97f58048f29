package dev.weft.control.ads;

import dev.weft.xds.XdsType;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Locale;

/**
 * Istio's names for what a discovery server does. Counts are gauges here, because the client
 * library would append {@code _total} to a counter's name, and dashboards ask for Istio's.
 */
final class AdsMetrics {
  private static final double[] CONVERGENCE_SECONDS = {0.01, 0.05, 0.1, 0.5, 1, 3, 5, 10, 20, 30};

  private final Gauge pushes;
  private final Gauge connected;
  private final Gauge rejects;
  private final Gauge denied;
  private final Gauge sentAway;
  private final Gauge noRoom;
  private final Histogram convergence;

  AdsMetrics(PrometheusRegistry registry) {
    this.pushes =
        Gauge.builder()
            .name("pilot_xds_pushes")
            .help("Responses sent to proxies.")
            .labelNames("type")
            .register(registry);
    this.connected =
        Gauge.builder().name("pilot_xds").help("Proxies connected over xDS.").register(registry);
    this.rejects =
        Gauge.builder()
            .name("pilot_total_xds_rejects")
            .help("Responses that proxies refused.")
            .labelNames("type")
            .register(registry);
    this.denied =
        Gauge.builder()
            .name("weft_xds_denied")
            .help("Streams refused because the caller is not the proxy that it says it is.")
            .register(registry);
    this.sentAway =
        Gauge.builder()
            .name("weft_xds_sent_away")
            .help("Streams ended so that their proxies connect to another replica.")
            .register(registry);
    this.noRoom =
        Gauge.builder()
            .name("weft_xds_no_room")
            .help("Streams refused because the heap is full.")
            .register(registry);
    this.convergence =
        Histogram.builder()
            .name("pilot_proxy_convergence_time")
            .help("Seconds from a new snapshot to the push of it.")
            .classicOnly()
            .classicUpperBounds(CONVERGENCE_SECONDS)
            .register(registry);
    connected.set(0);
  }

  void connected() {
    connected.inc();
  }

  void disconnected() {
    connected.dec();
  }

  void pushed(XdsType type) {
    pushes.labelValues(label(type)).inc();
  }

  void rejected(XdsType type) {
    rejects.labelValues(label(type)).inc();
  }

  void denied() {
    denied.inc();
  }

  void sentAway() {
    sentAway.inc();
  }

  void noRoom() {
    noRoom.inc();
  }

  void converged(Duration age) {
    convergence.observe(age.toNanos() / 1e9);
  }

  private static String label(XdsType type) {
    return type.shortName().toLowerCase(Locale.ROOT);
  }
}
