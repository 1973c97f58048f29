package dev.weft.proxy.stats;

import dev.weft.xds.client.ProtoWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was added to Istio's metrics within some seconds, as the metrics service of the control
 * plane takes it. Sources: envoy/service/metrics/v3/metrics_service.proto, and metrics.proto of
 * Prometheus' client model.
 */
public final class TrafficReport {
  private static final int COUNTER = 0;
  private static final int HISTOGRAM = 4;

  private final Map<String, Long> requests = new TreeMap<>();
  private final Map<String, Long> millis = new TreeMap<>();
  private final Map<String, Long> opened = new TreeMap<>();
  private final Map<String, Long> sent = new TreeMap<>();
  private final Map<String, Long> received = new TreeMap<>();

  void add(LoopMetrics.Traffic traffic) {
    traffic.requests.forEach(
        (outcome, counters) -> {
          long total = counters.reported.added(0, counters.total.value());
          long time = counters.reported.added(1, counters.duration.sum());
          if (total != 0 || time != 0) {
            String labels = traffic.labels + "," + LoopMetrics.labels(outcome);
            requests.merge(labels, total, Long::sum);
            millis.merge(labels, time, Long::sum);
          }
        });
    traffic.connections.forEach(
        (flags, counters) -> {
          long begun = counters.reported.added(0, counters.opened.value());
          long out = counters.reported.added(1, counters.sent.value());
          long in = counters.reported.added(2, counters.received.value());
          if (begun != 0 || out != 0 || in != 0) {
            String labels = traffic.labels + "," + LoopMetrics.labels(flags);
            opened.merge(labels, begun, Long::sum);
            sent.merge(labels, out, Long::sum);
            received.merge(labels, in, Long::sum);
          }
        });
  }

  public boolean isEmpty() {
    return requests.isEmpty() && opened.isEmpty();
  }

  /**
   * {@code StreamMetricsMessage}.
   *
   * @param node the encoded node for the first message of a stream; empty for the others
   */
  public byte[] message(byte[] node) {
    ProtoWriter out = new ProtoWriter();
    if (node.length > 0) {
      out.message(1, identifier -> identifier.bytes(1, node));
    }
    counters(out, "istio_requests_total", requests);
    durations(out);
    counters(out, "istio_tcp_connections_opened_total", opened);
    counters(out, "istio_tcp_sent_bytes_total", sent);
    counters(out, "istio_tcp_received_bytes_total", received);
    return out.toBytes();
  }

  private static void counters(ProtoWriter out, String name, Map<String, Long> values) {
    family(out, name, COUNTER, values, (metric, value) -> metric.message(3, c -> c.real(1, value)));
  }

  /** Sums alone: quantiles are Prometheus' affair. */
  private void durations(ProtoWriter out) {
    family(
        out,
        "istio_request_duration_milliseconds",
        HISTOGRAM,
        millis,
        (metric, value) -> metric.message(7, h -> h.real(2, value)));
  }

  /** Writes the value of a metric. */
  private interface Value {
    void write(ProtoWriter metric, long value);
  }

  private static void family(
      ProtoWriter out, String name, int type, Map<String, Long> values, Value writer) {
    if (values.isEmpty()) {
      return;
    }
    out.message(
        2,
        family -> {
          family.text(1, name).number(3, type);
          values.forEach(
              (labels, value) ->
                  family.message(
                      4,
                      metric -> {
                        Labels.each(
                            labels, (k, v) -> metric.message(1, l -> l.text(1, k).text(2, v)));
                        writer.write(metric, value);
                      }));
        });
  }
}
