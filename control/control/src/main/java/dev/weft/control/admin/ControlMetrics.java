package dev.weft.control.admin;

import dev.weft.config.SyncState;
import dev.weft.control.ingest.Ingest;
import dev.weft.discovery.MemberClusters;
import dev.weft.snapshot.MemberCluster;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics of the control plane, under istiod's names where istiod has one (Istio: reference,
 * pilot-discovery, "Exported metrics"). Counts are gauges, because the client library would append
 * {@code _total} to a counter's name.
 */
final class ControlMetrics {
  private final PrometheusRegistry registry;
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  ControlMetrics(
      PrometheusRegistry registry, Ingest ingest, MemberClusters members, String version) {
    this.registry = registry;
    GaugeWithCallback.builder()
        .name("istio_build")
        .help("Build of the component.")
        .labelNames("component", "tag")
        .callback(c -> c.call(1, "pilot", version))
        .register(registry);
    GaugeWithCallback.builder()
        .name("pilot_services")
        .help("Services known.")
        .callback(c -> c.call(ingest.current().services().size()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("pilot_k8s_cfg_events")
        .help("Events from API servers.")
        .callback(c -> c.call(ingest.events()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("weft_snapshot_version")
        .help("Snapshots published.")
        .callback(c -> c.call(ingest.current().version()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("weft_snapshot_build_seconds")
        .help("Time that the last snapshot took.")
        .callback(c -> c.call(ingest.buildTime().toNanos() / 1e9))
        .register(registry);
    clusters(ingest, members);
  }

  private void clusters(Ingest ingest, MemberClusters members) {
    GaugeWithCallback.builder()
        .name("istiod_managed_clusters")
        .help("Member clusters.")
        .labelNames("cluster_type")
        .callback(
            c -> {
              long own = members.registrations().stream().filter(r -> r.secret().isEmpty()).count();
              c.call(ingest.current().clusters().size() - own, "remote");
              c.call(own, "local");
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("istiod_remote_cluster_sync_status")
        .help("1 for synced, 0 for anything else.")
        .labelNames("cluster")
        .callback(
            c -> {
              for (MemberCluster m : ingest.current().clusters().values()) {
                c.call(m.state() == SyncState.SYNCED ? 1 : 0, m.id().value());
              }
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name("weft_diagnostics")
        .help("Diagnostics in force.")
        .labelNames("severity")
        .callback(
            c -> {
              Map<String, Integer> counts = new TreeMap<>();
              ingest
                  .findings()
                  .forEach(
                      d ->
                          counts.merge(
                              d.severity().name().toLowerCase(Locale.ROOT), 1, Integer::sum));
              counts.forEach((severity, n) -> c.call(n, severity));
            })
        .register(registry);
  }

  String text() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }
}
