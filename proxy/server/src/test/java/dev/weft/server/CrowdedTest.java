package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.HttpPipeline;
import dev.weft.server.worker.PeerLimits;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.testkit.Settle;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More clients than a proxy has places for, each of them quiet in another way. */
class CrowdedTest {
  private static final int PLACES = 8;

  /** With those that a burst may have beside them. */
  private static final int MOST = PLACES + PLACES / 4;

  @RegisterExtension
  final Front front =
      new Front(
          ProxySettings.ofLoops(1).withPeers(new PeerLimits(1 << 20, 1 << 20, PLACES, 1)),
          channel -> null);

  private final int tcpPort = Ports.free();
  private final Origin echo = new Origin(CrowdedTest::echo);
  private final Origin app = new Origin(CrowdedTest::serve);
  private final List<Peer> crowd = new ArrayList<>();

  /** Says hello, upgrades where that is asked for, and never answers {@code /never}. */
  private static void serve(Peer peer) {
    String head = peer.head();
    while (!head.isEmpty()) {
      if (head.contains("Upgrade: ")) {
        peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
        peer.rest();
      } else if (head.startsWith("GET /never")) {
        peer.rest();
      } else {
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      }
      head = peer.head();
    }
  }

  private static void echo(Peer peer) {
    for (int b = peer.read(); b >= 0; b = peer.read()) {
      peer.send(String.valueOf((char) b));
    }
  }

  @AfterEach
  void leave() {
    crowd.forEach(Peer::close);
    echo.close();
    app.close();
  }

  private void serve() {
    HttpPipeline http =
        Configs.http("table", Configs.OUTBOUND_FILTERS, Configs.logs("RESPONSE_FLAGS"));
    front.proxy.apply(
        new Configs()
            .cluster(Configs.cluster("app"), app.port())
            .cluster(Configs.cluster("tcp"), echo.port())
            .routes("table", Configs.route("/", "app"))
            .listener(Configs.plain("front", front.port, http))
            .listener(
                Configs.plain("tcp", tcpPort, Configs.tcp("tcp", Configs.logs("RESPONSE_FLAGS"))))
            .build());
  }

  private boolean served() {
    try (Peer one = front.connect()) {
      return one.get("/").status() == 200;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private void comes(String how) {
    Peer one = how.equals("tunnel") ? Peer.connect(tcpPort) : front.connect();
    crowd.add(one);
    switch (how) {
      case "tunnel" -> assertThat(one.send("x").read()).isEqualTo('x');
      case "upgrade" -> {
        one.send(
            "GET /up HTTP/1.1\r\nHost: app\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        assertThat(one.head()).startsWith("HTTP/1.1 101");
      }
      case "slow body" ->
          one.send("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 100\r\n\r\npart");
      case "slow answer" -> one.send("GET /never HTTP/1.1\r\nHost: app\r\n\r\n");
      case "http/2" -> FramePeer.client(one).get(1, "/never");
      default -> throw new IllegalArgumentException(how);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tunnel", "upgrade", "slow body", "slow answer", "http/2"})
  void quiet_ones_make_room(String how) {
    serve();
    assertThat(served()).isTrue();
    Settle.until("all places are free", () -> front.proxy.statistics().connections() == 0);
    for (int i = 0; i < MOST; i++) {
      comes(how);
    }
    Settle.until("all are taken", () -> front.proxy.statistics().connections() >= PLACES);
    Settle.until("newcomers are served, and the log says why", () -> served() && oneMadeRoom());
  }

  private boolean oneMadeRoom() {
    return front.logs.lines.stream().anyMatch(l -> l.contains("\"RESPONSE_FLAGS\":\"OM\""));
  }

  @Test
  void who_fills_all_places_makes_room_for_others_at_once() throws Exception {
    serve();
    for (int i = 0; i < 2 * MOST; i++) {
      crowd.add(Peer.connect(tcpPort));
    }
    Settle.until("all are taken", () -> front.proxy.statistics().connections() == MOST);
    InetAddress elsewhere = InetAddress.ofLiteral("127.0.0.2");
    for (int i = 0; i < 5; i++) {
      try (Peer other =
          new Peer(new Socket(InetAddress.getLoopbackAddress(), front.port, elsewhere, 0))) {
        assertThat(other.get("/").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void who_talks_keeps_its_place() {
    serve();
    try (Peer talking = Peer.connect(tcpPort)) {
      assertThat(talking.send("a").read()).isEqualTo('a');
      for (int i = 1; i < MOST; i++) {
        comes("tunnel");
      }
      Settle.until(
          "a newcomer is served",
          () -> {
            assertThat(talking.send("b").read()).isEqualTo('b');
            return served();
          });
      assertThat(talking.send("c").read()).isEqualTo('c');
    }
  }
}
