package dev.weft.proxy.stats;

import dev.weft.runtime.MetricRules;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.worker.RequestObserver;
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
  private volatile ScrapeRules rules = ScrapeRules.NONE;

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

  @Override
  public void applied(RuntimeConfig config) {
    rules = ScrapeRules.of(config);
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
    private final Map<String, Long> limited = new TreeMap<>();
    private final Map<String, Long> compressed = new TreeMap<>();
    private long lost;
  }

  /** Writes Istio's metrics. */
  public void write(Exposition out) {
    Sums sums = new Sums();
    ScrapeRules now = rules;
    for (LoopMetrics loop : loops) {
      sums.lost += loop.lost.value();
      loop.traffic.forEach((key, traffic) -> add(sums, traffic, now.of(key)));
      loop.decisions.forEach(
          (key, counter) ->
              sums.decisions
                  .computeIfAbsent(decisions(key.place()), name -> new TreeMap<>())
                  .merge(key.outcome().labels(), counter.value(), Long::sum));
    }
    for (LoopMetrics loop : loops) {
      loop.limited.forEach(
          (key, counter) -> sums.limited.merge(limited(key), counter.value(), Long::sum));
      loop.compressed.forEach(
          (key, counter) -> sums.compressed.merge(compressed(key), counter.value(), Long::sum));
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
    sums.limited.forEach(
        (name, count) -> out.counter(name, "Requests at local limits of rates.", count));
    sums.compressed.forEach(
        (name, count) -> out.counter(name, "Answers, or their bytes, at compressors.", count));
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
    return envoy(place) + "_rbac";
  }

  /** Envoy's name: {@code envoy_http_local_rate_limiter_http_local_rate_limit_rate_limited}. */
  private static String limited(LoopMetrics.Limited key) {
    return envoy(key.prefix()) + "_http_local_rate_limit_" + key.outcome().text();
  }

  /** Envoy's name: {@code envoy_http_outbound_0_0_0_0_8080_compressor_text_gzip_compressed}. */
  private static String compressed(LoopMetrics.Compressed key) {
    return envoy(key.place()) + "_" + key.stat().text();
  }

  private static String envoy(String place) {
    return "envoy_" + place.replaceFirst(";$", "").replaceAll("[^a-zA-Z0-9_]", "_");
  }

  private static void add(Sums sums, LoopMetrics.Traffic traffic, MetricRules rules) {
    traffic.requests.forEach(
        (outcome, requests) -> {
          String labels = traffic.labels + "," + LoopMetrics.labels(outcome);
          add(sums.requests, rules.of("requests_total"), labels, requests.total);
          add(sums.durations, rules.of("request_duration_milliseconds"), labels, requests.duration);
          add(sums.requestBytes, rules.of("request_bytes"), labels, requests.requestBytes);
          add(sums.responseBytes, rules.of("response_bytes"), labels, requests.responseBytes);
          if (outcome.grpc()) {
            add(
                sums.requestMessages,
                rules.of("request_messages_total"),
                labels,
                requests.requestMessages);
            add(
                sums.responseMessages,
                rules.of("response_messages_total"),
                labels,
                requests.responseMessages);
          }
        });
    traffic.connections.forEach(
        (flags, connections) -> {
          String labels = traffic.labels + "," + LoopMetrics.labels(flags);
          add(sums.opened, rules.of("tcp_connections_opened_total"), labels, connections.opened);
          add(sums.closed, rules.of("tcp_connections_closed_total"), labels, connections.closed);
          add(sums.sent, rules.of("tcp_sent_bytes_total"), labels, connections.sent);
          add(sums.received, rules.of("tcp_received_bytes_total"), labels, connections.received);
        });
  }

  private static void add(
      Map<String, Long> sums, MetricRules.Rule rule, String labels, Counter counter) {
    if (!rule.drop()) {
      sums.merge(ScrapeRules.labels(rule, labels), counter.value(), Long::sum);
    }
  }

  private static void add(
      Map<String, Histogram.Total> sums,
      MetricRules.Rule rule,
      String labels,
      Histogram histogram) {
    if (!rule.drop()) {
      histogram.addTo(total(sums, ScrapeRules.labels(rule, labels)));
    }
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
