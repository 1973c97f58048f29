package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.routing.CircuitLimits;
import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.FilterChainTable;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.testkit.Settle;
import dev.weft.types.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which listener and chain serve a connection, and what a change of configuration does to it. */
class ListenerTest {
  private final AtomicReference<@Nullable InetSocketAddress> original = new AtomicReference<>();

  @RegisterExtension
  final Front front = new Front(ProxySettings.ofLoops(2), channel -> original.get());

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
        front.port,
        Listener.Direction.OUTBOUND,
        new ListenerFilters(true, ListenerFilters.Inspector.OFF, ListenerFilters.Inspector.OFF),
        Configs.plainChain(
            "passthrough", ChainMatch.ANY, Configs.tcp("PassthroughCluster", Configs.logs())));
  }

  private String askTowards(String ip, int at) {
    original.set(new InetSocketAddress(ip, at));
    try (Peer client = front.connect()) {
      return client.get("/").body();
    }
  }

  @Test
  void original_destination_chooses_exact_listener_then_port_then_passthrough() {
    try (Origin exact = Origin.answering("exact");
        Origin any = Origin.answering("any");
        Origin direct = Origin.answering("direct")) {
      front.proxy.apply(
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
                      Configs.plainChain("tcp", ChainMatch.ANY, Configs.tcp("exact", List.of()))))
              .listener(
                  captured(
                      "0.0.0.0",
                      8000,
                      Configs.plainChain(
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
    front.proxy.apply(new Configs().cluster(passthrough()).listener(virtualOutbound()).build());
    try (Peer client = front.connect()) {
      assertThat(client.send("x").ended()).isTrue();
    }
    Settle.until("closed", () -> front.proxy.statistics().connections() == 0);
  }

  @Test
  void first_bytes_choose_between_http_and_tcp_and_silence_is_tcp() {
    Origin greeter =
        new Origin(
            peer -> {
              peer.send("220 welcome\r\n");
              peer.send("echo " + peer.rest());
            });
    try (Origin web = Origin.answering("web");
        greeter) {
      Configs configs =
          new Configs()
              .cluster(Configs.cluster("web"), web.port())
              .cluster(Configs.cluster("tcp"), greeter.port())
              .routes("t", Configs.route("/", "web"))
              .listener(detecting(Duration.ofMinutes(1)));
      front.proxy.apply(configs.build());
      try (Peer http = front.connect()) {
        http.send("GE").send("T / HTTP").send("/1.1\r\nHost: a\r\n\r\n");
        assertThat(http.response().body()).isEqualTo("web");
      }
      try (Peer binary = front.connect()) {
        binary.send("\0\1\2").endOutput();
        assertThat(binary.rest()).isEqualTo("220 welcome\r\necho \0\1\2");
      }
      // So little that it could become HTTP, but nothing more comes.
      for (String little : List.of("", "q", "q\n", "GET ", "GET / HTTP/1")) {
        try (Peer brief = front.connect()) {
          brief.send(little).endOutput();
          assertThat(brief.rest()).isEqualTo("220 welcome\r\necho " + little);
        }
      }
      front.proxy.apply(configs.listener(detecting(Duration.ofMillis(100))).build());
      try (Peer silent = front.connect()) {
        assertThat(silent.line()).isEqualTo("220 welcome");
      }
    }
  }

  /** Finds out what is spoken, within a time. */
  private Listener detecting(Duration patience) {
    return new Listener(
        "auto",
        List.of(new HostPort("127.0.0.1", front.port)),
        true,
        false,
        Listener.Direction.OUTBOUND,
        new ListenerFilters(false, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.ON),
        FilterChainTable.of(
            List.of(
                Configs.plainChain(
                    "http",
                    new ChainMatch(
                        0,
                        List.of(),
                        List.of(),
                        "",
                        List.of("http/1.0", "http/1.1", "h2c"),
                        List.of()),
                    Configs.http("t", Configs.OUTBOUND_FILTERS, List.of())),
                Configs.plainChain("tcp", ChainMatch.ANY, Configs.tcp("tcp", List.of())))),
        null,
        List.of(),
        patience,
        true);
  }

  private Listener web(int at, String table) {
    return Configs.plain("web", at, Configs.http(table, Configs.OUTBOUND_FILTERS, List.of()));
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
              .listener(web(front.port, "t"));
      front.proxy.apply(configs.build());
      try (Peer client = front.connect()) {
        assertThat(client.get("/").body()).isEqualTo("one");
        front.proxy.apply(configs.routes("t", Configs.route("/", "two")).build());
        assertThat(client.get("/").body()).isEqualTo("two");
        front.proxy.apply(configs.endpoints("two", Map.of(), one.port()).build());
        assertThat(client.get("/").body()).isEqualTo("one");
      }
    }
  }

  @Test
  void changed_chain_drains_its_connections_and_no_others() {
    try (Origin origin = Origin.answering("x")) {
      int other = Ports.free();
      Configs configs =
          Configs.plainHttp(other, origin.port())
              .routes("t", Configs.route("/", "app"))
              .routes("u", Configs.route("/", "app"))
              .listener(web(front.port, "t"));
      front.proxy.apply(configs.build());
      try (Peer changed = front.connect();
          Peer kept = Peer.connect(other)) {
        assertThat(changed.get("/").status()).isEqualTo(200);
        assertThat(kept.get("/").status()).isEqualTo(200);
        front.proxy.apply(configs.listener(web(front.port, "u")).build());
        assertThat(changed.ended()).isTrue();
        assertThat(kept.get("/").status()).isEqualTo(200);
        try (Peer next = front.connect()) {
          assertThat(next.get("/").status()).isEqualTo(200);
        }
        front.proxy.apply(configs.without("web").build());
        assertThat(kept.get("/").status()).isEqualTo(200);
        assertThat(front.proxy.statistics().boundAddresses()).isEqualTo(1);
      }
    }
  }

  @Test
  void address_in_use_is_reported_and_tried_again() throws Exception {
    ServerSocket taken = new ServerSocket(front.port, 1, InetAddress.getLoopbackAddress());
    try (Origin origin = Origin.answering("x")) {
      Configs configs =
          new Configs()
              .cluster(Configs.cluster("app"), origin.port())
              .routes("t", Configs.route("/", "app"))
              .listener(web(front.port, "t"));
      front.proxy.apply(configs.build());
      assertThat(front.proxy.statistics().bindFailures()).containsKey("web");
      taken.close();
      front.proxy.apply(configs.build());
      assertThat(front.proxy.statistics().bindFailures()).isEmpty();
      try (Peer client = front.connect()) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void addresses_of_both_families_stand_side_by_side() {
    try (Origin four = Origin.answering("four");
        Origin six = Origin.answering("six")) {
      front.proxy.apply(
          new Configs()
              .cluster(Configs.cluster("four"), four.port())
              .cluster(Configs.cluster("six"), six.port())
              .routes("v4", Configs.route("/", "four"))
              .routes("v6", Configs.route("/", "six"))
              .listener(everywhere("0.0.0.0", "v4"))
              .listener(everywhere("::", "v6"))
              .build());
      assertThat(front.proxy.statistics().bindFailures()).isEmpty();
      for (int i = 0; i < 8; i++) {
        assertThat(askAt("127.0.0.1")).isEqualTo("four");
        assertThat(askAt("::1")).isEqualTo("six");
      }
    }
  }

  @Test
  void an_address_of_one_family_takes_no_connections_of_the_other() {
    try (Origin origin = Origin.answering("x")) {
      Configs configs =
          new Configs()
              .cluster(Configs.cluster("app"), origin.port())
              .routes("t", Configs.route("/", "app"));
      front.proxy.apply(configs.listener(everywhere("0.0.0.0", "t")).build());
      assertThatThrownBy(() -> askAt("::1")).hasMessageContaining("refused");
      front.proxy.apply(configs.without("0.0.0.0").listener(everywhere("::", "t")).build());
      assertThat(askAt("::1")).isEqualTo("x");
      assertThatThrownBy(() -> askAt("127.0.0.1")).hasMessageContaining("refused");
    }
  }

  private Listener everywhere(String address, String table) {
    return new Listener(
        address,
        List.of(new HostPort(address, front.port)),
        true,
        false,
        Listener.Direction.OUTBOUND,
        ListenerFilters.NONE,
        FilterChainTable.of(
            List.of(
                Configs.plainChain(
                    "http",
                    ChainMatch.ANY,
                    Configs.http(table, Configs.OUTBOUND_FILTERS, List.of())))),
        null,
        List.of(),
        Duration.ZERO,
        true);
  }

  private String askAt(String address) {
    try (Peer client =
        Peer.connect(new InetSocketAddress(InetAddress.ofLiteral(address), front.port))) {
      return client.get("/").body();
    }
  }
}
