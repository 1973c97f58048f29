package dev.weft.runtime;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.Endpoint;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.LbTuning;
import dev.weft.routing.OutlierPolicy;
import dev.weft.routing.TransportChoice;
import dev.weft.types.HostPort;
import dev.weft.xds.DialledTransports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A named set of endpoints and how to talk to them. The endpoints themselves are in {@link
 * RuntimeConfig#assignments()}, so that a change of endpoints leaves this record alone.
 *
 * @param transports tried in order against an endpoint's metadata
 * @param transport where none of them matches
 * @param sourceAddress connections are made from this IP address; null: any
 * @param outlier null: endpoints are never ejected
 * @param services which services stand behind it (telemetry)
 * @param keepalive null: the system's
 */
public record Cluster(
    String name,
    Discovery discovery,
    LbPolicy lbPolicy,
    LbTuning lbTuning,
    Duration connectTimeout,
    List<TransportMatch> transports,
    UpstreamTransport transport,
    @Nullable String sourceAddress,
    HttpOptions http,
    CircuitLimits limits,
    @Nullable OutlierPolicy outlier,
    List<ServiceName> services,
    @Nullable TcpKeepalive keepalive) {
  public Cluster {
    transports = List.copyOf(transports);
    services = List.copyOf(services);
  }

  private static final Map<String, String> MUTUAL =
      Map.of(DialledTransports.TLS_MODE, DialledTransports.ISTIO);

  /** Where endpoints come from. */
  public sealed interface Discovery {
    /** From the control plane, under this name. */
    record Eds(String serviceName) implements Discovery {}

    /** Written in the cluster. */
    record Static() implements Discovery {}

    /** Host names written in the cluster's assignment, resolved by each connection. */
    record Dns() implements Discovery {}

    /**
     * Where the client wanted to go (SO_ORIGINAL_DST).
     *
     * @param mutual addresses that have the metadata of endpoints with mutual TLS
     */
    record OriginalDst(Set<HostPort> mutual) implements Discovery {
      public OriginalDst {
        mutual = Set.copyOf(mutual);
      }

      /** All addresses are alike. */
      public OriginalDst() {
        this(Set.of());
      }

      /** An address as an endpoint. */
      public Endpoint endpoint(HostPort address) {
        return mutual.contains(address) ? Endpoint.of(address, MUTUAL) : Endpoint.of(address);
      }
    }
  }

  /** A transport for endpoints whose metadata has all of the criteria. */
  public record TransportMatch(
      String name, Map<String, String> criteria, UpstreamTransport transport) {
    public TransportMatch {
      criteria = Map.copyOf(criteria);
    }
  }

  /** Which HTTP is spoken upstream. */
  public enum Protocol {
    HTTP1,
    HTTP2,
    /** As the downstream request was. */
    DOWNSTREAM,
    /** Either one: HTTP/1.1 is offered and spoken, which such endpoints have as well. */
    ALPN
  }

  /**
   * How HTTP is spoken upstream. Zero: no limit.
   *
   * @param maxRequestsPerConnection 1: no keep-alive
   * @param idleTimeout of pooled connections
   */
  public record HttpOptions(
      Protocol protocol,
      int maxRequestsPerConnection,
      Duration idleTimeout,
      Duration maxConnectionDuration,
      int maxConcurrentStreams) {
    public static final HttpOptions DEFAULT =
        new HttpOptions(Protocol.HTTP1, 0, Duration.ofHours(1), Duration.ZERO, 0);
  }

  /** A service by its host, short name and namespace. */
  public record ServiceName(String host, String name, String namespace) {}

  /** TCP keep-alive; 0: the system's value. */
  public record TcpKeepalive(int probes, int timeSeconds, int intervalSeconds) {}

  /** How to talk to an endpoint. */
  public UpstreamTransport transportFor(Endpoint endpoint) {
    int found =
        TransportChoice.pick(transports.stream().map(TransportMatch::criteria).toList(), endpoint);
    return found < 0 ? transport : transports.get(found).transport();
  }
}
