package dev.weft.topology;

import java.util.Comparator;

/**
 * Traffic from one place to another through one service, within a window of time, as one of the
 * ends counted it. All figures are counts, so that what several control planes saw can be added.
 *
 * @param reporter the end that counted
 * @param service the host name that was called
 * @param requests or, for TCP, connections
 * @param failed of them: see {@link Flow}
 * @param mutualTls of them, with both ends proven
 * @param millis of all of them together; 0 for TCP
 */
public record Edge(
    Flow.Reporter reporter,
    Place source,
    Place destination,
    String service,
    Flow.Protocol protocol,
    Path path,
    long requests,
    long failed,
    long mutualTls,
    long millis,
    long sentBytes,
    long receivedBytes) {
  static final Comparator<Edge> ORDER =
      Comparator.comparing(Edge::source)
          .thenComparing(Edge::service)
          .thenComparing(Edge::destination)
          .thenComparing(Edge::protocol)
          .thenComparing(Edge::reporter);

  /** The way that traffic takes. */
  public enum Path {
    /** Within a cluster. */
    LOCAL,
    /** To another cluster of the same network, from pod to pod. */
    DIRECT,
    /** Into another network, through its cross-cluster proxy. */
    GATEWAY,
    /** One of the ends is not known. */
    UNKNOWN
  }

  /** What makes two edges the same one. */
  record Key(
      Flow.Reporter reporter,
      Place source,
      Place destination,
      String service,
      Flow.Protocol protocol) {}

  Key key() {
    return new Key(reporter, source, destination, service, protocol);
  }

  /** The same traffic as the other end counts it. */
  Key twin() {
    return new Key(
        reporter == Flow.Reporter.SOURCE ? Flow.Reporter.DESTINATION : Flow.Reporter.SOURCE,
        source,
        destination,
        service,
        protocol);
  }

  Edge plus(Edge other) {
    return new Edge(
        reporter,
        source,
        destination,
        service,
        protocol,
        path,
        requests + other.requests,
        failed + other.failed,
        mutualTls + other.mutualTls,
        millis + other.millis,
        sentBytes + other.sentBytes,
        receivedBytes + other.receivedBytes);
  }
}
