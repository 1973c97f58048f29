package dev.weft.config;

import static dev.weft.config.Shape.field;

import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.config.TrafficPolicy.H2Upgrade;
import dev.weft.config.TrafficPolicy.TcpKeepalive;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code ConnectionPoolSettings}, of a DestinationRule or of a Sidecar. */
final class ConnectionPoolParser {
  private static final int MAX = Integer.MAX_VALUE;

  private static final Shape KEEP_ALIVE =
      Shape.Fields.of(field("interval", Shape.TEXT), field("timeout", Shape.TEXT));

  private ConnectionPoolParser() {}

  private record Tcp(
      @Nullable Integer maxConnections,
      @Nullable Duration connectTimeout,
      @Nullable Duration maxConnectionDuration,
      @Nullable Duration idleTimeout,
      @Nullable TcpKeepalive keepalive) {}

  private record Http(
      @Nullable Integer pending,
      @Nullable Integer requests,
      @Nullable Integer perConnection,
      @Nullable Integer retries,
      @Nullable Duration idleTimeout,
      @Nullable Integer streams,
      H2Upgrade upgrade,
      boolean useClientProtocol) {}

  static ConnectionPool read(TreeReader r) {
    RouteChecks.oneOf(r, "http", "tcp");
    Tcp tcp =
        r.object(
            "tcp",
            t ->
                new Tcp(
                    t.optionalInteger("maxConnections", 0, MAX),
                    RouteChecks.length(t, "connectTimeout"),
                    RouteChecks.length(t, "maxConnectionDuration"),
                    RouteChecks.lengthOrZero(t, "idleTimeout"),
                    t.object("tcpKeepalive", ConnectionPoolParser::keepalive)));
    Http http =
        r.object(
            "http",
            h -> {
              H2Upgrade upgrade = h.constant("h2UpgradePolicy", H2Upgrade.class);
              if (upgrade == H2Upgrade.UPGRADE && h.bool("useClientProtocol", false)) {
                h.error("useClientProtocol", "cannot stand beside h2UpgradePolicy UPGRADE");
              }
              h.unsupported("http2KeepAlive", KEEP_ALIVE, "no HTTP/2 PING frames are sent");
              return new Http(
                  h.optionalInteger("http1MaxPendingRequests", 0, MAX),
                  h.optionalInteger("http2MaxRequests", 0, MAX),
                  h.optionalInteger("maxRequestsPerConnection", 0, MAX),
                  h.optionalInteger("maxRetries", 0, MAX),
                  RouteChecks.length(h, "idleTimeout"),
                  h.optionalInteger("maxConcurrentStreams", 0, MAX),
                  upgrade == null ? H2Upgrade.DEFAULT : upgrade,
                  h.bool("useClientProtocol", false));
            });
    return new ConnectionPool(
        tcp == null ? null : tcp.maxConnections(),
        tcp == null ? null : tcp.connectTimeout(),
        tcp == null ? null : tcp.maxConnectionDuration(),
        tcp == null ? null : tcp.idleTimeout(),
        http == null ? null : http.pending(),
        http == null ? null : http.requests(),
        http == null ? null : http.perConnection(),
        http == null ? null : http.retries(),
        http == null ? null : http.idleTimeout(),
        http == null ? null : http.streams(),
        http == null ? H2Upgrade.DEFAULT : http.upgrade(),
        http != null && http.useClientProtocol(),
        tcp == null ? null : tcp.keepalive());
  }

  private static TcpKeepalive keepalive(TreeReader r) {
    return new TcpKeepalive(
        r.optionalInteger("probes", 0, MAX),
        RouteChecks.length(r, "time"),
        RouteChecks.length(r, "interval"));
  }
}
