package dev.weft.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.loop.ProxySettings;
import dev.weft.routing.CircuitLimits;
import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.FilterChainTable;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.Pipeline;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.types.HostPort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which listener and chain serve a connection, and what a change of configuration does to it. */
class ListenerTest {
  private final Proxies.Lines logs = new Proxies.Lines();
  private final AtomicReference<@Nullable InetSocketAddress> original = new AtomicReference<>();
  private final ProxyServer proxy =
      Proxies.start(
          ProxySettings.ofLoops(2), new Proxies.Nobody(), logs, channel -> original.get());
  private final int port = Proxies.freePort();

  @AfterEach
  void close() {
    proxy.close();
  }

  private static FilterChain plain(String name, ChainMatch match, Pipeline pipeline) {
    return Configs.chain(name, match, new DownstreamTls.Plain(), pipeline);
  }

  private static Listener captured(String ip, int at, FilterChain... chains) {
    return new Listener(
        ip + "_" + at,
        List.of(new HostPort(ip, at)),
        false,
        false,
        Listener.Direction.OUTBOUND,
        ListenerFilters.NONE,
        FilterChainTable.of(List.of(chains)),
        null,
        List.of(),
        Duration.ZERO,
        true);
  }

  private static Cluster passthrough() {
    return Configs.cluster(
        "PassthroughCluster",
        new UpstreamTransport.Plain(),
        CircuitLimits.UNLIMITED,
        new Cluster.Discovery.OriginalDst(),
        null);
  }

  private Listener virtualOutbound() {
    return Configs.bound(
        "virtualOutbound",
        port,
        Listener.Direction.OUTBOUND,
        new ListenerFilters(
            true, ListenerFilters.Inspector.OFF, ListenerFilters.Inspector.OFF, false),
        plain("passthrough", ChainMatch.ANY, Configs.tcp("PassthroughCluster", MeshTest.logs())));
  }

  private String askTowards(String ip, int at) {
    original.set(new InetSocketAddress(ip, at));
    try (Peer client = Peer.connect(port)) {
      return client.get("/").body();
    }
  }

  @Test
  void original_destination_chooses_exact_listener_then_port_then_passthrough() {
    try (Origin exact = Origin.answering("exact");
        Origin any = Origin.answering("any");
        Origin direct = Origin.answering("direct")) {
      proxy.apply(
          new Configs()
              .cluster(Configs.cluster("exact"), exact.port())
              .cluster(Configs.cluster("any"), any.port())
              .cluster(passthrough())
              .routes("8000", Configs.route("/", "any"))
              .listener(virtualOutbound())
              .listener(
                  captured(
                      "10.1.2.3",
                      8000,
                      plain("tcp", ChainMatch.ANY, Configs.tcp("exact", List.of()))))
              .listener(
                  captured(
                      "0.0.0.0",
                      8000,
                      plain(
                          "http",
                          ChainMatch.ANY,
                          Configs.http("8000", Configs.OUTBOUND_FILTERS, List.of()))))
              .build());
      assertThat(askTowards("10.1.2.3", 8000)).isEqualTo("exact");
      assertThat(askTowards("10.9.9.9", 8000)).isEqualTo("any");
      assertThat(askTowards("127.0.0.1", direct.port())).isEqualTo("direct");
    }
  }

  @Test
  void connection_that_nobody_redirected_is_not_sent_back_to_ourselves() {
    proxy.apply(new Configs().cluster(passthrough()).listener(virtualOutbound()).build());
    try (Peer client = Peer.connect(port)) {
      assertThat(client.send("x").ended()).isTrue();
    }
    Proxies.until("closed", () -> proxy.statistics().connections() == 0);
  }

  @Test
  void first_bytes_choose_between_http_and_tcp_and_silence_is_tcp() {
    Listener auto =
        new Listener(
            "auto",
            List.of(new HostPort("127.0.0.1", port)),
            true,
            false,
            Listener.Direction.OUTBOUND,
            new ListenerFilters(
                false, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.ON, false),
            FilterChainTable.of(
                List.of(
                    plain(
                        "http",
                        new ChainMatch(
                            0,
                            List.of(),
                            List.of(),
                            "",
                            List.of("http/1.0", "http/1.1", "h2c"),
                            List.of()),
                        Configs.http("t", Configs.OUTBOUND_FILTERS, List.of())),
                    plain("tcp", ChainMatch.ANY, Configs.tcp("tcp", List.of())))),
            null,
            List.of(),
            Duration.ofMillis(100),
            true);
    Origin greeter =
        new Origin(
            peer -> {
              peer.send("220 welcome\r\n");
              peer.send("echo " + peer.rest());
            });
    try (Origin web = Origin.answering("web");
        greeter) {
      proxy.apply(
          new Configs()
              .cluster(Configs.cluster("web"), web.port())
              .cluster(Configs.cluster("tcp"), greeter.port())
              .routes("t", Configs.route("/", "web"))
              .listener(auto)
              .build());
      try (Peer http = Peer.connect(port)) {
        http.send("GE").send("T / HTTP").send("/1.1\r\nHost: a\r\n\r\n");
        assertThat(http.response().body()).isEqualTo("web");
      }
      try (Peer binary = Peer.connect(port)) {
        binary.send("\0\1\2").endOutput();
        assertThat(binary.rest()).isEqualTo("220 welcome\r\necho \0\1\2");
      }
      try (Peer silent = Peer.connect(port)) {
        assertThat(silent.line()).isEqualTo("220 welcome");
      }
    }
  }

  @org.junit.jupiter.api.RepeatedTest(3)
  void tcp_passes_large_streams_both_ways_with_half_close() throws Exception {
    Origin echo =
        new Origin(
            peer -> {
              byte[] chunk = new byte[65536];
              var in = peer.socket().getInputStream();
              var out = peer.socket().getOutputStream();
              for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
              }
              out.write("end".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            });
    try (echo) {
      proxy.apply(tcpTo(echo.port()).build());
      byte[] data = new byte[24 << 20];
      new java.util.Random(7).nextBytes(data);
      try (Peer client = Peer.connect(port)) {
        Thread writer =
            Thread.startVirtualThread(
                () -> {
                  client.send(data);
                  client.endOutput();
                });
        byte[] back = client.socket().getInputStream().readNBytes(data.length);
        assertThat(java.util.Arrays.mismatch(back, data))
            .as("first difference; %d bytes came back", back.length)
            .isEqualTo(-1);
        assertThat(client.rest()).isEqualTo("end");
        writer.join();
      }
      assertThat(logs.next()).contains("end");
      Proxies.until("upstream closed", () -> echo.open() == 0);
      Proxies.until("counted out", () -> proxy.statistics().connections() == 0);
    }
  }

  private Configs tcpTo(int... endpoints) {
    return new Configs()
        .cluster(Configs.cluster("tcp"), endpoints)
        .listener(
            Configs.bound(
                "tcp",
                port,
                Listener.Direction.OUTBOUND,
                ListenerFilters.NONE,
                plain("tcp", ChainMatch.ANY, Configs.tcp("tcp", MeshTest.logs("RESPONSE_FLAGS")))));
  }

  @Test
  void tcp_failures_have_their_flags_and_do_not_leak() {
    proxy.apply(tcpTo(Proxies.freePort()).build());
    for (String flag : List.of("UF", "UH", "NC")) {
      try (Peer client = Peer.connect(port)) {
        assertThat(client.ended()).isTrue();
      }
      assertThat(logs.next()).contains("\"RESPONSE_FLAGS\":\"" + flag + "\"");
      proxy.apply(flag.equals("UF") ? tcpTo().build() : withoutClusters());
    }
  }

  private dev.weft.runtime.RuntimeConfig withoutClusters() {
    return new Configs()
        .listener(
            Configs.bound(
                "tcp",
                port,
                Listener.Direction.OUTBOUND,
                ListenerFilters.NONE,
                plain("tcp", ChainMatch.ANY, Configs.tcp("tcp", MeshTest.logs("RESPONSE_FLAGS")))))
        .build();
  }

  @Test
  void reset_of_one_side_ends_the_other() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              connected.countDown();
              peer.rest();
            });
    try (origin) {
      proxy.apply(tcpTo(origin.port()).build());
      Peer client = Peer.connect(port);
      client.send("x");
      assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
      client.reset();
      Proxies.until("upstream closed", () -> origin.open() == 0);
      assertThat(logs.next()).contains("RESPONSE_FLAGS");
    }
  }

  private Listener web(int at, String table) {
    return Configs.bound(
        "web",
        at,
        Listener.Direction.OUTBOUND,
        ListenerFilters.NONE,
        plain("http", ChainMatch.ANY, Configs.http(table, Configs.OUTBOUND_FILTERS, List.of())));
  }

  @Test
  void new_routes_serve_the_next_request_of_a_connection() {
    try (Origin one = Origin.answering("one");
        Origin two = Origin.answering("two")) {
      Configs configs =
          new Configs()
              .cluster(Configs.cluster("one"), one.port())
              .cluster(Configs.cluster("two"), two.port())
              .routes("t", Configs.route("/", "one"))
              .listener(web(port, "t"));
      proxy.apply(configs.build());
      try (Peer client = Peer.connect(port)) {
        assertThat(client.get("/").body()).isEqualTo("one");
        proxy.apply(configs.routes("t", Configs.route("/", "two")).build());
        assertThat(client.get("/").body()).isEqualTo("two");
        proxy.apply(configs.endpoints("two", java.util.Map.of(), one.port()).build());
        assertThat(client.get("/").body()).isEqualTo("one");
      }
    }
  }

  @Test
  void changed_chain_drains_its_connections_and_no_others() {
    try (Origin origin = Origin.answering("x")) {
      int other = Proxies.freePort();
      Configs configs =
          Configs.plainHttp(other, origin.port())
              .routes("t", Configs.route("/", "app"))
              .routes("u", Configs.route("/", "app"))
              .listener(web(port, "t"));
      proxy.apply(configs.build());
      try (Peer changed = Peer.connect(port);
          Peer kept = Peer.connect(other)) {
        assertThat(changed.get("/").status()).isEqualTo(200);
        assertThat(kept.get("/").status()).isEqualTo(200);
        proxy.apply(configs.listener(web(port, "u")).build());
        assertThat(changed.ended()).isTrue();
        assertThat(kept.get("/").status()).isEqualTo(200);
        try (Peer next = Peer.connect(port)) {
          assertThat(next.get("/").status()).isEqualTo(200);
        }
        proxy.apply(configs.without("web").build());
        assertThat(kept.get("/").status()).isEqualTo(200);
        assertThat(proxy.statistics().boundAddresses()).isEqualTo(1);
      }
    }
  }

  @Test
  void address_in_use_is_reported_and_tried_again() throws Exception {
    java.net.ServerSocket taken =
        new java.net.ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress());
    try (Origin origin = Origin.answering("x")) {
      Configs configs =
          new Configs()
              .cluster(Configs.cluster("app"), origin.port())
              .routes("t", Configs.route("/", "app"))
              .listener(web(port, "t"));
      proxy.apply(configs.build());
      assertThat(proxy.statistics().bindFailures()).containsKey("web");
      taken.close();
      proxy.apply(configs.build());
      assertThat(proxy.statistics().bindFailures()).isEmpty();
      try (Peer client = Peer.connect(port)) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void drain_closes_the_idle_and_lets_the_busy_finish() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                if (head.contains("/slow")) {
                  seen.countDown();
                  await(go);
                }
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              }
            });
    try (origin) {
      proxy.apply(Configs.plainHttp(port, origin.port()).build());
      try (Peer idle = Peer.connect(port);
          Peer busy = Peer.connect(port)) {
        assertThat(idle.get("/").status()).isEqualTo(200);
        busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
        Drain drain = proxy.drain(Duration.ofSeconds(10), true);
        assertThat(idle.ended()).isTrue();
        assertThat(drain.done()).isFalse();
        go.countDown();
        Peer.Response response = busy.response();
        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.has("connection: close")).isTrue();
        drain.finished().get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void drain_ends_when_its_time_is_up() throws Exception {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.rest();
            });
    try (origin) {
      proxy.apply(Configs.plainHttp(port, origin.port()).build());
      try (Peer busy = Peer.connect(port)) {
        busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Proxies.until("request arrived", () -> origin.open() == 1);
        proxy.drain(Duration.ofMillis(50), true).finished().get(10, TimeUnit.SECONDS);
        assertThat(busy.ended()).isTrue();
      }
    }
  }

  @Test
  void churn_leaves_nothing_behind() throws Exception {
    try (Origin origin = Origin.answering("0123456789".repeat(3000))) {
      proxy.apply(Configs.plainHttp(port, origin.port()).build());
      Thread[] threads = new Thread[8];
      for (int t = 0; t < threads.length; t++) {
        int seed = t;
        threads[t] =
            Thread.startVirtualThread(
                () -> {
                  java.util.Random random = new java.util.Random(seed);
                  for (int i = 0; i < 60; i++) {
                    Peer client = Peer.connect(port);
                    switch (random.nextInt(4)) {
                      case 0 -> assertThat(client.get("/").body()).hasSize(30_000);
                      case 1 -> client.send("GET / HTTP/1.1\r\nHo").reset();
                      case 2 -> client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").reset();
                      default -> {
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                        client.bytes(random.nextInt(20_000));
                        client.reset();
                      }
                    }
                    client.close();
                  }
                });
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Proxies.until("clients counted out", () -> proxy.statistics().connections() == 0);
      Proxies.until(
          "every open upstream connection is idle and pooled",
          () -> {
            var total = proxy.statistics().clusters().get("app");
            return total != null
                && total.requests() == 0
                && total.pending() == 0
                && total.connections() == proxy.idleConnections("app");
          });
      try (Peer client = Peer.connect(port)) {
        for (int i = 0; i < 40; i++) {
          assertThat(client.get("/").body()).hasSize(30_000);
        }
      }
    }
  }
}
