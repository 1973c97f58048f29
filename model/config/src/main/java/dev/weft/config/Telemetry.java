package dev.weft.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What proxies tell of the traffic of workloads. {@code telemetry.istio.io Telemetry}.
 *
 * @param accessLogging in order; later ones count
 * @param metrics in order; later ones count
 * @param tracing in order; later ones count
 */
public record Telemetry(
    ObjectMeta meta,
    PolicyTarget target,
    List<Logging> accessLogging,
    List<MetricEdit> metrics,
    List<Tracing> tracing)
    implements ConfigObject {
  public Telemetry {
    accessLogging = List.copyOf(accessLogging);
    metrics = List.copyOf(metrics);
    tracing = List.copyOf(tracing);
  }

  /** On which side of a call a proxy stands. */
  public enum Side {
    /** The caller's, and gateways. */
    CLIENT,
    SERVER
  }

  /** Which sides something is for. */
  public enum Mode {
    CLIENT_AND_SERVER,
    CLIENT,
    SERVER;

    /** Whether a side is one of them. */
    public boolean includes(Side side) {
      return this == CLIENT_AND_SERVER || name().equals(side.name());
    }
  }

  /**
   * Logs that are written or not.
   *
   * @param providers their names; empty for those that were written without it
   * @param condition that a request meets which is logged (an {@link dev.weft.types.Expression});
   *     empty for all
   */
  public record Logging(Mode mode, List<String> providers, boolean disabled, String condition) {
    public Logging {
      providers = List.copyOf(providers);
    }
  }

  /** Istio's metrics, by the names that objects call them. */
  public enum Metric {
    REQUEST_COUNT("requests_total"),
    REQUEST_DURATION("request_duration_milliseconds"),
    REQUEST_SIZE("request_bytes"),
    RESPONSE_SIZE("response_bytes"),
    TCP_OPENED_CONNECTIONS("tcp_connections_opened_total"),
    TCP_CLOSED_CONNECTIONS("tcp_connections_closed_total"),
    TCP_SENT_BYTES("tcp_sent_bytes_total"),
    TCP_RECEIVED_BYTES("tcp_received_bytes_total"),
    GRPC_REQUEST_MESSAGES("request_messages_total"),
    GRPC_RESPONSE_MESSAGES("response_messages_total");

    private final String series;

    Metric(String series) {
      this.series = series;
    }

    /** As it is called in a scrape, behind {@code istio_}. */
    public String series() {
      return series;
    }
  }

  /**
   * What becomes of metrics.
   *
   * @param metrics at least one
   * @param disabled null leaves it as it was
   * @param tags by the names of labels
   */
  public record MetricEdit(
      Mode mode, Set<Metric> metrics, @Nullable Boolean disabled, Map<String, Tag> tags) {
    public MetricEdit {
      metrics = Copies.set(metrics);
      tags = Copies.map(tags);
    }
  }

  /** What becomes of a label. */
  public sealed interface Tag {
    /** It is left out. */
    record Removed() implements Tag {}

    /** It has this value, whether it was there or not. */
    record Fixed(String value) implements Tag {}
  }

  /**
   * What becomes of traces. Null leaves something as it was.
   *
   * @param provider who gets spans; empty leaves it as it was
   * @param sampling in percent of the requests that nobody has decided about
   * @param tags that every span gets; none leaves them as they were
   * @param byRequestId whether an identifier of a request says if it is traced
   * @param istioTags whether spans say which workload made them
   */
  public record Tracing(
      Mode mode,
      String provider,
      @Nullable Boolean disabled,
      @Nullable Double sampling,
      Map<String, TraceTag> tags,
      @Nullable Boolean byRequestId,
      @Nullable Boolean istioTags) {
    public Tracing {
      tags = Copies.map(tags);
    }
  }
}
