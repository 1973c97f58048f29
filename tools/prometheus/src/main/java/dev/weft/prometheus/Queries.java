package dev.weft.prometheus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is asked, in PromQL: as many queries for a mesh of one namespace as for one of hundreds.
 * Replicas of a Prometheus that scrape the same proxies are one where an aggregate shows both: of
 * series that differ in nothing but the replica, the greatest counts.
 *
 * @param scope labels that all series must have
 * @param window over which counters are looked at
 */
record Queries(Map<String, String> scope, Duration window) {
  /** The label that says what a row counts. */
  static final String COUNT = "weft_count";

  static final String REQUESTS = "requests";
  static final String MILLIS = "millis";
  static final String OPENED = "opened";
  static final String SENT = "sent";
  static final String RECEIVED = "received";

  static final String UNKNOWN = "unknown";
  static final String SAMPLES = "samples";
  static final String NEWEST = "newest";
  static final String COPIES = "copies";

  /** The label that says which part of the requests was faster. */
  static final String QUANTILE = "quantile";

  /** What Prometheus' operator, its older versions, and the agents of Mimir call a replica. */
  private static final String REPLICAS = "prometheus_replica,replica,__replica__";

  private static final List<String> ENDS =
      List.of(
          "reporter",
          "source_cluster",
          "source_workload_namespace",
          "source_workload",
          "destination_cluster",
          "destination_workload_namespace",
          "destination_workload",
          "destination_service");
  private static final String RELATION = String.join(",", ENDS);

  /** Of what {@code dev.weft.topology.Flow} is made. */
  private static final String TCP =
      RELATION
          + ",destination_principal,connection_security_policy,request_protocol,response_flags";

  private static final String FLOW = TCP + ",response_code,grpc_response_status";

  /** What tells failures, and who counted. */
  private static final String OUTCOME =
      "reporter,source_cluster,destination_cluster,request_protocol,response_code,"
          + "grpc_response_status,response_flags";

  /** Both ends count, and waypoints of other meshes a third time. */
  private static final String BOTH = "reporter=~\"source|destination\"";

  private static final String SOURCE = "reporter=\"source\"";

  /** Each request once: the source's word, and the destination's where the source has no proxy. */
  private static final List<String> ONCE =
      List.of(SOURCE, "reporter=\"destination\",source_workload=~\"unknown|\"");

  /** How many requests, by what they had in common. */
  String requests() {
    return named(REQUESTS, added(FLOW, "istio_requests_total"));
  }

  /** What TCP connections carried, both ways. */
  String tcp() {
    return String.join(
        " or ",
        named(OPENED, added(TCP, "istio_tcp_connections_opened_total")),
        named(SENT, added(TCP, "istio_tcp_sent_bytes_total")),
        named(RECEIVED, added(TCP, "istio_tcp_received_bytes_total")));
  }

  /** How long requests took, all together. */
  String millis() {
    return named(MILLIS, added(FLOW, "istio_request_duration_milliseconds_sum"));
  }

  /** How long most of them took. */
  String quantiles() {
    String buckets = "istio_request_duration_milliseconds_bucket";
    String rate =
        "sum by (le,%s) (max without (%s) (rate(%s[%s])))"
            .formatted(RELATION, REPLICAS, selector(buckets, BOTH), range());
    return List.of("0.5", "0.95", "0.99").stream()
        .map(q -> label(QUANTILE, q, "histogram_quantile(%s, %s)".formatted(q, rate)))
        .collect(Collectors.joining(" or "));
  }

  /** When the newest was counted, in seconds since 1970. */
  String newest() {
    return "max(timestamp(%s) or timestamp(%s))"
        .formatted(
            selector("istio_requests_total", BOTH),
            selector("istio_tcp_connections_opened_total", BOTH));
  }

  /** How much there was in all, for a range of times. */
  String strip() {
    return "sum by (%s) (%s)"
        .formatted(
            OUTCOME,
            List.of("istio_requests_total", "istio_tcp_connections_opened_total").stream()
                .flatMap(
                    metric ->
                        ONCE.stream()
                            .map(
                                once ->
                                    "max without (%s) (increase(%s[%s]))"
                                        .formatted(REPLICAS, selector(metric, once), range())))
                .collect(Collectors.joining(" or ")));
  }

  /** Which clusters the series of the last five minutes name. */
  String clusters() {
    return "count by (reporter,source_cluster,destination_cluster) (%s or %s)"
        .formatted(
            selector("istio_requests_total", BOTH),
            selector("istio_tcp_connections_opened_total", BOTH));
  }

  /** What a doctor wants to know beside that, a row for each. */
  String health() {
    String sources = "istio_requests_total";
    return String.join(
        " or ",
        named(REQUESTS, "sum(rate(%s[%s]))".formatted(selector(sources, SOURCE), range())),
        named(
            UNKNOWN,
            "sum(rate(%s[%s]))"
                .formatted(
                    selector(sources, SOURCE + ",destination_workload=~\"unknown|\""), range())),
        named(SAMPLES, "max(count_over_time(%s[1m]))".formatted(selector(sources, BOTH))),
        named(NEWEST, newest()),
        named(COPIES, "count(count by (%s) (%s))".formatted(REPLICAS, selector(sources, BOTH))));
  }

  private String added(String labels, String metric) {
    return "sum by (%s) (max without (%s) (increase(%s[%s]))) > 0"
        .formatted(labels, REPLICAS, selector(metric, BOTH), range());
  }

  private static String named(String count, String query) {
    return label(COUNT, count, query);
  }

  private static String label(String name, String value, String query) {
    return "label_replace(%s, \"%s\", \"%s\", \"\", \"\")".formatted(query, name, value);
  }

  private String selector(String metric, String matchers) {
    StringBuilder out = new StringBuilder(metric).append('{').append(matchers);
    scope.forEach(
        (name, value) ->
            out.append(',').append(name).append("=\"").append(escaped(value)).append('"'));
    return out.append('}').toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /** Milliseconds, which PromQL knows. */
  private String range() {
    return window.toMillis() + "ms";
  }
}
