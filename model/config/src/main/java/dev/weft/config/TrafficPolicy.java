package dev.weft.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How clients treat a service. A part that is null was not written.
 *
 * @param ports by port number; such an entry replaces the whole, it does not inherit from it
 */
public record TrafficPolicy(
    @Nullable LoadBalancer loadBalancer,
    @Nullable ConnectionPool connectionPool,
    @Nullable OutlierDetection outlierDetection,
    @Nullable ClientTls tls,
    Map<Integer, TrafficPolicy> ports) {

  public static final TrafficPolicy NONE = new TrafficPolicy(null, null, null, null, Map.of());

  public TrafficPolicy {
    ports = Copies.map(ports);
  }

  /** The policy for a port of the service, without port-level settings left in it. */
  public TrafficPolicy forPort(int port) {
    TrafficPolicy own = ports.get(port);
    if (own != null) {
      return own;
    }
    return ports.isEmpty()
        ? this
        : new TrafficPolicy(loadBalancer, connectionPool, outlierDetection, tls, Map.of());
  }

  /**
   * What is left of it for a proxy that all clients share: limits and lives of connections are each
   * client's own, and would add up here.
   */
  public TrafficPolicy shared() {
    return new TrafficPolicy(
        loadBalancer,
        connectionPool == null ? null : connectionPool.connecting(),
        outlierDetection,
        tls,
        ports);
  }

  public boolean isEmpty() {
    return equals(NONE);
  }

  /**
   * @param policy how an endpoint is chosen
   * @param warmup how long a new endpoint gets less than its share; zero for none
   */
  public record LoadBalancer(
      Policy policy, @Nullable LocalityLoadBalancing locality, Duration warmup) {}

  /** How an endpoint is chosen. */
  public sealed interface Policy {
    /** Nothing was written. */
    record Unspecified() implements Policy {}

    record RoundRobin() implements Policy {}

    record LeastRequest() implements Policy {}

    record Random() implements Policy {}

    /** To the address that the client dialled; gateways, whose clients dial them, balance. */
    record Passthrough() implements Policy {}

    /** By a hash. */
    record ConsistentHash(HashKey key, HashTable table) implements Policy {}
  }

  /** What a hash is looked up in. */
  public sealed interface HashTable {
    /**
     * @param minimumSize 1024 by default
     */
    record Ring(long minimumSize) implements HashTable {}

    /**
     * @param size a prime number, 65537 by default
     */
    record Maglev(long size) implements HashTable {}
  }

  /** What is hashed. */
  public sealed interface HashKey {
    record Header(String name) implements HashKey {}

    /**
     * @param ttl of the cookie that the proxy makes where there is none; null for none made
     */
    record Cookie(String name, String path, @Nullable Duration ttl) implements HashKey {}

    record SourceIp() implements HashKey {}

    record QueryParameter(String name) implements HashKey {}
  }

  /**
   * Limits; null means not written.
   *
   * @param h2Upgrade whether plain HTTP/1.1 is sent as HTTP/2
   * @param keepalive of idle TCP connections
   */
  public record ConnectionPool(
      @Nullable Integer maxConnections,
      @Nullable Duration connectTimeout,
      @Nullable Duration maxConnectionDuration,
      @Nullable Duration tcpIdleTimeout,
      @Nullable Integer http1MaxPendingRequests,
      @Nullable Integer http2MaxRequests,
      @Nullable Integer maxRequestsPerConnection,
      @Nullable Integer maxRetries,
      @Nullable Duration httpIdleTimeout,
      @Nullable Integer maxConcurrentStreams,
      H2Upgrade h2Upgrade,
      boolean useClientProtocol,
      @Nullable TcpKeepalive keepalive) {

    /** What is left for a proxy between clients and service: how it connects. */
    public ConnectionPool connecting() {
      return new ConnectionPool(
          null,
          connectTimeout,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          H2Upgrade.DEFAULT,
          false,
          keepalive);
    }
  }

  /** When the kernel asks whether the other side is still there; null for the system's value. */
  public record TcpKeepalive(
      @Nullable Integer probes, @Nullable Duration time, @Nullable Duration interval) {}

  /** Whether HTTP/1.1 is upgraded to HTTP/2 upstream. */
  public enum H2Upgrade {
    DEFAULT,
    UPGRADE,
    DO_NOT_UPGRADE
  }

  /**
   * Ejection of failing endpoints; null means not written. Present, even empty, it turns locality
   * failover on.
   */
  public record OutlierDetection(
      @Nullable Integer consecutive5xxErrors,
      @Nullable Integer consecutiveGatewayErrors,
      @Nullable Integer consecutiveLocalOriginFailures,
      boolean splitExternalLocalOriginErrors,
      @Nullable Duration interval,
      @Nullable Duration baseEjectionTime,
      @Nullable Integer maxEjectionPercent,
      @Nullable Integer minHealthPercent) {}

  /** How clients speak TLS to the service. */
  public record ClientTls(
      Mode mode,
      String sni,
      List<String> subjectAltNames,
      String credentialName,
      String clientCertificate,
      String privateKey,
      String caCertificates,
      boolean insecureSkipVerify) {
    public ClientTls {
      subjectAltNames = List.copyOf(subjectAltNames);
    }

    /** The same for a client that is given no Secret. */
    public ClientTls withoutCredential() {
      return credentialName.isEmpty()
          ? this
          : new ClientTls(
              mode,
              sni,
              subjectAltNames,
              "",
              clientCertificate,
              privateKey,
              caCertificates,
              insecureSkipVerify);
    }

    /** The same, where the server may have other names. */
    public ClientTls withSubjectAltNames(List<String> names) {
      return new ClientTls(
          mode,
          sni,
          names,
          credentialName,
          clientCertificate,
          privateKey,
          caCertificates,
          insecureSkipVerify);
    }

    /** Who authenticates to whom. */
    public enum Mode {
      DISABLE,
      SIMPLE,
      MUTUAL,
      ISTIO_MUTUAL
    }
  }
}
