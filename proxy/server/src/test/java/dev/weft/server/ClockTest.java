package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Cluster;
import dev.weft.runtime.HttpPipeline;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.testkit.Settle;
import dev.weft.testkit.SimulatedClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How late it is, the proxy knows by the clock that it is given. */
class ClockTest {
  private final SimulatedClock time = new SimulatedClock();
  private final Proxies.Lines logs = new Proxies.Lines();
  private final int port = Ports.free();
  private final ProxyServer proxy =
      Proxies.start(ProxySettings.ofLoops(1), new Proxies.Nobody(), logs, channel -> null, time);

  @AfterEach
  void close() {
    proxy.close();
  }

  /** A cluster whose connections are closed when they are idle for longer. */
  private static Cluster idle(String name, Duration most) {
    Cluster.HttpOptions http = Cluster.HttpOptions.DEFAULT;
    return Configs.with(
        new Cluster.HttpOptions(
            http.protocol(),
            http.maxRequestsPerConnection(),
            most,
            http.maxConnectionDuration(),
            http.maxConcurrentStreams()),
        Configs.cluster(name));
  }

  private Configs configs(HttpPipeline.Timeouts timeouts) {
    return new Configs()
        .routes("table", Configs.route("/short", "short"), Configs.route("/", "long"))
        .listener(
            Configs.plain(
                "front",
                port,
                Configs.http(
                    "table",
                    Configs.OUTBOUND_FILTERS,
                    Configs.logs("START_TIME", "DURATION", "RESPONSE_DURATION"),
                    HttpPipeline.ForwardClientCert.SANITIZE,
                    timeouts)));
  }

  @Test
  void idle_connections_to_endpoints_are_closed_when_their_time_is_over_and_no_earlier()
      throws Exception {
    try (Origin origin = Origin.answering("fine")) {
      proxy.apply(
          configs(Configs.NO_TIMEOUTS)
              .cluster(idle("short", Duration.ofMinutes(30)), origin.port())
              .cluster(idle("long", Duration.ofHours(1)), origin.port())
              .build());
      try (Peer client = Peer.connect(port)) {
        assertThat(client.get("/short").status()).isEqualTo(200);
        assertThat(client.get("/long").status()).isEqualTo(200);
        Proxies.settle(proxy);
        time.pass(Duration.ofMinutes(45));
        // All pools are looked at in one turn of the loop.
        Settle.until("the short one is closed", () -> proxy.idleConnections("short") == 0);
        assertThat(proxy.idleConnections("long")).isEqualTo(1);
        time.pass(Duration.ofMinutes(45));
        Settle.until("the long one is closed", () -> proxy.idleConnections("long") == 0);
      }
    }
  }

  @Test
  void a_client_without_a_request_is_let_go_when_its_time_is_over() throws Exception {
    HttpPipeline.Timeouts none = Configs.NO_TIMEOUTS;
    try (Origin origin = Origin.answering("fine")) {
      proxy.apply(
          configs(
                  new HttpPipeline.Timeouts(
                      none.streamIdle(),
                      none.request(),
                      none.requestHeaders(),
                      Duration.ofMillis(1),
                      none.maxStreamDuration()))
              .cluster(Configs.cluster("long"), origin.port())
              .build());
      try (Peer client = Peer.connect(port)) {
        // The clock stands: a millisecond is not over, however long this takes.
        for (int i = 0; i < 50; i++) {
          assertThat(client.get("/").status()).isEqualTo(200);
        }
        Proxies.settle(proxy);
        time.pass(Duration.ofMillis(1));
        assertThat(client.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void a_request_took_as_long_as_the_clock_says() {
    try (Origin origin =
        new Origin(
            peer -> {
              String unused = peer.head();
              time.pass(Duration.ofSeconds(7));
              peer.send("HTTP/1.1 204 No Content\r\n\r\n");
            })) {
      proxy.apply(
          configs(Configs.NO_TIMEOUTS).cluster(Configs.cluster("long"), origin.port()).build());
      time.pass(Duration.ofDays(1));
      try (Peer client = Peer.connect(port)) {
        Peer.Response response = client.get("/");
        assertThat(response.value("x-envoy-upstream-service-time")).isEqualTo("7000");
        assertThat(logs.next())
            .contains(
                "\"START_TIME\":\"1970-01-02T00:00:00.000Z\"",
                "\"DURATION\":\"7000\"",
                "\"RESPONSE_DURATION\":\"7000\"");
      }
    }
  }
}
