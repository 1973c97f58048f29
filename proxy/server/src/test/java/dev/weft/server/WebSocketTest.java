package dev.weft.server;

import static dev.weft.server.FramePeer.DATA;
import static dev.weft.server.FramePeer.END_STREAM;
import static dev.weft.server.FramePeer.HEADERS;
import static dev.weft.server.FramePeer.RST_STREAM;
import static dev.weft.server.FramePeer.SETTINGS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Cluster;
import dev.weft.runtime.HttpPipeline;
import dev.weft.testkit.Settle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebSockets that clients open over HTTP/2 (RFC 8441), for servers of HTTP/1.1. */
class WebSocketTest {
  private static final int ENABLE_CONNECT_PROTOCOL = 8;
  private static final int PROTOCOL_ERROR = 1;
  private static final String SWITCHED =
      "HTTP/1.1 101 Switching Protocols\r\n"
          + "Upgrade: websocket\r\n"
          + "Connection: upgrade\r\n"
          + "Sec-WebSocket-Accept: x\r\n"
          + "Sec-WebSocket-Protocol: chat\r\n\r\n";

  @RegisterExtension final Front front = new Front();
  private final LinkedBlockingQueue<String> heads = new LinkedBlockingQueue<>();

  private FramePeer connect(int endpoint, List<String> upgrades) {
    HttpPipeline pipeline = Configs.http("table", Configs.OUTBOUND_FILTERS, List.of());
    return FramePeer.client(
        front.connectTo(
            new Configs()
                .cluster(Configs.cluster("app"), endpoint)
                .routes("table", Configs.route("/", "app"))
                .listener(
                    Configs.plain("front", front.port, Configs.upgrading(pipeline, upgrades)))));
  }

  private static FramePeer open(FramePeer client, boolean last, String... more) {
    List<String> pairs =
        new ArrayList<>(
            List.of(
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "https",
                ":path",
                "/chat?room=1",
                ":authority",
                "app",
                "sec-websocket-version",
                "13",
                "sec-websocket-protocol",
                "chat"));
    pairs.addAll(List.of(more));
    return client.headers(1, last, pairs.toArray(String[]::new));
  }

  /** Switches, then answers each line by the same line, and says goodbye at the end of them. */
  private Origin echoing() {
    return new Origin(
        peer -> {
          heads.add(peer.head());
          peer.send(SWITCHED);
          for (String line = peer.line(); !line.isEmpty(); line = peer.line()) {
            peer.send("echo " + line + "\n");
          }
          peer.send("bye").endOutput();
        });
  }

  private String head() throws InterruptedException {
    return String.valueOf(heads.poll(60, TimeUnit.SECONDS));
  }

  @Test
  void bytes_pass_both_ways_until_both_sides_end() throws InterruptedException {
    try (Origin origin = echoing();
        FramePeer client = connect(origin.port(), List.of("websocket"))) {
      open(client, false).data(1, "early\n", false);

      FramePeer.Frame answer = client.nextOfStreams();
      assertThat(answer.type()).isEqualTo(HEADERS);
      Map<String, String> fields = client.decoded(answer);
      assertThat(fields)
          .containsEntry(":status", "200")
          .containsEntry("sec-websocket-protocol", "chat")
          .doesNotContainKeys("upgrade", "connection", "sec-websocket-accept");
      assertThat(text(client, "echo early\n".length())).isEqualTo("echo early\n");
      client.data(1, "later\n", false);
      assertThat(text(client, "echo later\n".length())).isEqualTo("echo later\n");
      client.data(1, "", true);
      assertThat(rest(client)).isEqualTo("bye");
      assertThat(head())
          .startsWith("GET /chat?room=1 HTTP/1.1\r\n")
          .containsIgnoringCase("\r\nupgrade: websocket\r\n")
          .containsIgnoringCase("\r\nconnection: upgrade\r\n")
          .containsPattern("\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==\r\n")
          .contains("\r\nsec-websocket-version: 13\r\n")
          .doesNotContain(":protocol", "transfer-encoding");
    }
  }

  private static String text(FramePeer client, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      FramePeer.Frame frame = client.nextOfStreams();
      assertThat(frame.type()).as("%s after %s", frame, text).isEqualTo(DATA);
      text.append(new String(frame.payload(), ISO_8859_1));
    }
    return text.toString();
  }

  private static String rest(FramePeer client) {
    StringBuilder text = new StringBuilder();
    FramePeer.Frame frame;
    do {
      frame = client.nextOfStreams();
      assertThat(frame.type()).as("%s after %s", frame, text).isEqualTo(DATA);
      text.append(new String(frame.payload(), ISO_8859_1));
    } while (!frame.is(DATA, END_STREAM));
    return text.toString();
  }

  @Test
  void much_passes_no_faster_than_the_server_takes_it() {
    int size = 3 << 20;
    Origin counting =
        new Origin(
            peer -> {
              heads.add(peer.head());
              peer.send(SWITCHED);
              peer.send(String.valueOf(peer.rest().length())).endOutput();
            });
    try (counting;
        FramePeer client = connect(counting.port(), List.of("websocket"))) {
      open(client, false);
      assertThat(client.nextOfStreams().type()).isEqualTo(HEADERS);
      Windows windows = new Windows(client);
      String part = "x".repeat(1 << 14);
      for (int sent = 0; sent < size; sent += part.length()) {
        windows.take(part.length());
        client.data(1, part, sent + part.length() >= size);
      }
      assertThat(rest(client)).isEqualTo(String.valueOf(size));
    }
  }

  /** What a client may still send. */
  private static final class Windows {
    private final FramePeer client;
    // The answer that was read came after what the connection is granted at first.
    private long connection = 1024 * 1024;
    private long stream = 256 * 1024;

    Windows(FramePeer client) {
      this.client = client;
    }

    void take(int size) {
      while (connection < size || stream < size) {
        FramePeer.Frame frame = client.next();
        if (frame.type() == FramePeer.WINDOW_UPDATE) {
          int more = Unpooled.wrappedBuffer(frame.payload()).getInt(0);
          if (frame.stream() == 0) {
            connection += more;
          } else {
            stream += more;
          }
        }
      }
      connection -= size;
      stream -= size;
    }
  }

  @Test
  void a_server_that_does_not_switch_opens_nothing() {
    for (String status : List.of("200 OK", "403 Forbidden")) {
      Origin refusing =
          new Origin(
              peer -> {
                heads.add(peer.head());
                peer.send("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
              });
      try (refusing;
          FramePeer client = connect(refusing.port(), List.of("websocket"))) {
        open(client, false).data(1, "never", false);
        FramePeer.Answer answer = client.answer(1);
        assertThat(answer.status()).isEqualTo(status.startsWith("200") ? 502 : 403);
        assertThat(answer.body()).isEqualTo("no");
      }
    }
  }

  @Test
  void where_no_upgrade_is_allowed_clients_are_not_told_and_may_not() {
    try (Origin origin = echoing();
        FramePeer told = connect(origin.port(), List.of("websocket"))) {
      assertThat(settings(told.next())).containsEntry(ENABLE_CONNECT_PROTOCOL, 1L);
      try (FramePeer client = connect(origin.port(), List.of())) {
        assertThat(settings(client.next())).doesNotContainKey(ENABLE_CONNECT_PROTOCOL);
        open(client, false);
        FramePeer.Frame frame = client.nextOfStreams();
        assertThat(frame.type()).isEqualTo(RST_STREAM);
        assertThat(frame.error()).isEqualTo(PROTOCOL_ERROR);
      }
    }
  }

  private static Map<Integer, Long> settings(FramePeer.Frame frame) {
    assertThat(frame.type()).isEqualTo(SETTINGS);
    Map<Integer, Long> settings = new TreeMap<>();
    ByteBuf in = Unpooled.wrappedBuffer(frame.payload());
    while (in.isReadable()) {
      settings.put(in.readUnsignedShort(), in.readUnsignedInt());
    }
    return settings;
  }

  @Test
  void another_protocol_is_no_websocket() {
    try (Origin origin = echoing();
        FramePeer client = connect(origin.port(), List.of("websocket"))) {
      client.headers(
          1,
          false,
          ":method",
          "CONNECT",
          ":protocol",
          "connect-udp",
          ":scheme",
          "https",
          ":path",
          "/",
          ":authority",
          "app");
      assertThat(client.answer(1).status()).isEqualTo(405);
    }
  }

  /** The server would wait for content, and take the next request on the connection for it. */
  @Test
  void a_websocket_that_promises_content_is_refused() {
    try (Origin origin = echoing();
        FramePeer client = connect(origin.port(), List.of("websocket"))) {
      open(client, false, "content-length", "5").data(1, "12345", false);
      assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
      assertThat(heads).isEmpty();
    }
  }

  @Test
  void a_client_that_breaks_off_ends_the_servers_connection() throws InterruptedException {
    try (Origin origin = echoing()) {
      try (FramePeer client = connect(origin.port(), List.of("websocket"))) {
        open(client, false);
        assertThat(client.nextOfStreams().type()).isEqualTo(HEADERS);
        assertThat(head()).startsWith("GET ");
        client.reset(1);
        Settle.until("the server's connection is gone", () -> origin.open() == 0);
      }
    }
  }

  @Test
  void cluster_protocol_does_not_matter() throws InterruptedException {
    try (Origin origin = echoing()) {
      front.proxy.apply(
          new Configs()
              .cluster(
                  Configs.speaking(Cluster.Protocol.HTTP2, Configs.cluster("app")), origin.port())
              .routes("table", Configs.route("/", "app"))
              .listener(
                  Configs.plain(
                      "front",
                      front.port,
                      Configs.http("table", Configs.OUTBOUND_FILTERS, List.of())))
              .build());
      try (FramePeer client = FramePeer.client(front.connect())) {
        open(client, true);
        assertThat(client.decoded(client.nextOfStreams())).containsEntry(":status", "200");
        assertThat(head()).startsWith("GET /chat?room=1 ");
      }
    }
  }
}
