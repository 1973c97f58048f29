package dev.weft.translate;

import dev.weft.config.AccessLog;
import dev.weft.config.ObjectRef;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Side;
import dev.weft.snapshot.LogMerge;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.MetricMerge;
import dev.weft.snapshot.MetricMerge.Edited;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy tells of the traffic of one side.
 *
 * @param logs one line for each request in each of them
 * @param metrics that are not as they would be
 * @param traces null for none
 */
record TelemetryInputs(List<AccessLog> logs, List<Edited> metrics, @Nullable TraceInputs traces) {
  TelemetryInputs {
    logs = List.copyOf(logs);
    metrics = List.copyOf(metrics);
  }

  /**
   * Of what comes in at a workload.
   *
   * @param by null where spans are made nowhere
   */
  static TelemetryInputs server(
      MeshSnapshot snapshot,
      String namespace,
      Map<String, String> labels,
      TraceInputs.@Nullable By by) {
    return of(snapshot, snapshot.telemetries().of(namespace, labels), Side.SERVER, by);
  }

  /**
   * Of what goes out.
   *
   * @param holding the Telemetry objects that hold for the proxy
   * @param by null where spans are made nowhere
   */
  static TelemetryInputs client(
      MeshSnapshot snapshot, List<ObjectRef> holding, TraceInputs.@Nullable By by) {
    return of(snapshot, snapshot.telemetries().of(holding), Side.CLIENT, by);
  }

  private static TelemetryInputs of(
      MeshSnapshot snapshot, List<Telemetry> holding, Side side, TraceInputs.@Nullable By by) {
    return new TelemetryInputs(
        LogMerge.logs(snapshot.settings(), holding, side),
        MetricMerge.metrics(holding, side),
        TraceInputs.of(snapshot, holding, side, by));
  }
}
