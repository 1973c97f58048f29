package dev.weft.proxy.stats;

import dev.weft.proxy.loop.RequestObserver;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Istio's metrics of all loops. Each loop writes its own; a scrape adds them up. */
public final class ProxyMetrics implements RequestObserver.Factory {
  private final CopyOnWriteArrayList<LoopMetrics> loops = new CopyOnWriteArrayList<>();
  private final Peer own;
  private final Supplier<String> ownPrincipal;

  /**
   * Metrics of a workload.
   *
   * @param ownMetadata what the workload says of itself, base64 of a Struct
   * @param ownPrincipal its SPIFFE id; empty while it has none
   */
  public ProxyMetrics(String ownMetadata, Supplier<String> ownPrincipal) {
    this.own = Peer.ofMetadata(ownMetadata);
    this.ownPrincipal = ownPrincipal;
  }

  @Override
  public RequestObserver forLoop(int loop) {
    LoopMetrics metrics = new LoopMetrics(own, ownPrincipal);
    loops.add(metrics);
    return metrics;
  }

  /** Sums over all loops by labels. Confined to one scrape. */
  private static final class Sums {
    private final Map<String, Long> requests = new TreeMap<>();
    private final Map<String, Histogram.Total> durations = new TreeMap<>();
    private final Map<String, Histogram.Total> requestBytes = new TreeMap<>();
    private final Map<String, Histogram.Total> responseBytes = new TreeMap<>();
    private final Map<String, Long> requestMessages = new TreeMap<>();
    private final Map<String, Long> responseMessages = new TreeMap<>();
    private final Map<String, Long> opened = new TreeMap<>();
    private final Map<String, Long> closed = new TreeMap<>();
    private final Map<String, Long> sent = new TreeMap<>();
    private final Map<String, Long> received = new TreeMap<>();
    private final Map<String, Map<String, Long>> decisions = new TreeMap<>();
    private long lost;
  }

  /** Writes Istio's metrics. */
  public void write(Exposition out) {
    Sums sums = new Sums();
    for (LoopMetrics loop : loops) {
      sums.lost += loop.lost.value();
      loop.traffic.values().forEach(t -> add(sums, t));
      loop.decisions.forEach(
          (key, counter) ->
              sums.decisions
                  .computeIfAbsent(decisions(key.place()), name -> new TreeMap<>())
                  .merge(key.outcome().labels(), counter.value(), Long::sum));
    }
    out.counters("istio_requests_total", "Requests, HTTP and gRPC, that are over.", sums.requests);
    out.histograms(
        "istio_request_duration_milliseconds",
        "Time from the first byte of a request to the last byte of its response.",
        sums.durations);
    out.histograms("istio_request_bytes", "Size of requests.", sums.requestBytes);
    out.histograms("istio_response_bytes", "Size of responses.", sums.responseBytes);
    out.counters("istio_request_messages_total", "Messages of gRPC clients.", sums.requestMessages);
    out.counters(
        "istio_response_messages_total", "Messages to gRPC clients.", sums.responseMessages);
    out.counters(
        "istio_tcp_connections_opened_total", "TCP connections that were opened.", sums.opened);
    out.counters(
        "istio_tcp_connections_closed_total", "TCP connections that were closed.", sums.closed);
    out.counters(
        "istio_tcp_sent_bytes_total", "Bytes sent to the clients of TCP connections.", sums.sent);
    out.counters(
        "istio_tcp_received_bytes_total",
        "Bytes received from the clients of TCP connections.",
        sums.received);
    sums.decisions.forEach(
        (name, byOutcome) ->
            out.counters(name, "Decisions of AuthorizationPolicies about access.", byOutcome));
    out.counter(
        "weft_metrics_lost_total",
        "What was not counted since there are too many label sets.",
        sums.lost);
  }

  /**
   * What was added since the last call, of all loops, by labels. Confined to one caller, which
   * holds the result no longer than it needs to.
   */
  public TrafficReport added() {
    TrafficReport report = new TrafficReport();
    for (LoopMetrics loop : loops) {
      loop.traffic.values().forEach(traffic -> report.add(traffic));
    }
    return report;
  }

  /** Envoy's name as Istio shows it: {@code envoy_http_inbound_0_0_0_0_8080_rbac}. */
  private static String decisions(String place) {
    return "envoy_" + place.replaceFirst(";$", "").replaceAll("[^a-zA-Z0-9_]", "_") + "_rbac";
  }

  private static void add(Sums sums, LoopMetrics.Traffic traffic) {
    traffic.requests.forEach(
        (outcome, requests) -> {
          String labels = traffic.labels + "," + LoopMetrics.labels(outcome);
          sums.requests.merge(labels, requests.total.value(), Long::sum);
          requests.duration.addTo(total(sums.durations, labels));
          requests.requestBytes.addTo(total(sums.requestBytes, labels));
          requests.responseBytes.addTo(total(sums.responseBytes, labels));
          if (outcome.grpc()) {
            sums.requestMessages.merge(labels, requests.requestMessages.value(), Long::sum);
            sums.responseMessages.merge(labels, requests.responseMessages.value(), Long::sum);
          }
        });
    traffic.connections.forEach(
        (flags, connections) -> {
          String labels = traffic.labels + "," + LoopMetrics.labels(flags);
          sums.opened.merge(labels, connections.opened.value(), Long::sum);
          sums.closed.merge(labels, connections.closed.value(), Long::sum);
          sums.sent.merge(labels, connections.sent.value(), Long::sum);
          sums.received.merge(labels, connections.received.value(), Long::sum);
        });
  }

  private static Histogram.Total total(Map<String, Histogram.Total> totals, String labels) {
    Histogram.@Nullable Total total = totals.get(labels);
    if (total == null) {
      total = new Histogram.Total();
      totals.put(labels, total);
    }
    return total;
  }
}
