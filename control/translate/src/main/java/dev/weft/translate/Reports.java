package dev.weft.translate;

import com.google.protobuf.Any;
import dev.weft.config.Telemetry.Tag;
import dev.weft.snapshot.MetricMerge.Edited;
import dev.weft.types.CelText;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the filters of a chain tell of its traffic.
 *
 * @param stats the configuration of Istio's metrics
 * @param traces null for none
 */
record Reports(List<AccessLog> logs, Any stats, @Nullable TraceInputs traces) {
  Reports {
    logs = List.copyOf(logs);
  }

  static Reports of(TelemetryInputs in) {
    return new Reports(AccessLogs.of(in.logs()), stats(in.metrics()), in.traces());
  }

  /** Without logs, for traffic that nobody is to hear of. */
  Reports unlogged() {
    return new Reports(List.of(), stats, traces);
  }

  /** Lets a connection manager make spans. */
  void trace(HttpConnectionManager.Builder manager) {
    TraceInputs spans = traces;
    if (spans != null) {
      manager.setTracing(Tracings.of(spans));
      if (!spans.byRequestId()) {
        manager.setRequestIdExtension(Tracings.plainRequestIds());
      }
    }
  }

  /** Istio: stats.PluginConfig, and generateStatsConfig in pilot/pkg/model/telemetry.go. */
  private static Any stats(List<Edited> metrics) {
    return Filters.typedStruct(
        "stats.PluginConfig",
        metrics.isEmpty()
            ? Map.of()
            : Map.of("metrics", metrics.stream().map(Reports::metric).toList()));
  }

  /** Values of labels are expressions in CEL. */
  private static Map<String, ?> metric(Edited edited) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", edited.metric().series());
    if (edited.dropped()) {
      fields.put("drop", true);
      return fields;
    }
    Map<String, String> dimensions = new LinkedHashMap<>();
    List<String> removed = new ArrayList<>();
    edited
        .tags()
        .forEach(
            (name, tag) -> {
              switch (tag) {
                case Tag.Removed gone -> removed.add(name);
                case Tag.Fixed fixed -> dimensions.put(name, CelText.write(fixed.value()));
              }
            });
    if (!dimensions.isEmpty()) {
      fields.put("dimensions", dimensions);
    }
    if (!removed.isEmpty()) {
      fields.put("tags_to_remove", removed);
    }
    return fields;
  }
}
