package dev.weft.server;

import static dev.weft.server.FramePeer.ACK;
import static dev.weft.server.FramePeer.CONTINUATION;
import static dev.weft.server.FramePeer.DATA;
import static dev.weft.server.FramePeer.END_HEADERS;
import static dev.weft.server.FramePeer.END_STREAM;
import static dev.weft.server.FramePeer.GOAWAY;
import static dev.weft.server.FramePeer.HEADERS;
import static dev.weft.server.FramePeer.PADDED;
import static dev.weft.server.FramePeer.PING;
import static dev.weft.server.FramePeer.RST_STREAM;
import static dev.weft.server.FramePeer.SETTINGS;
import static dev.weft.server.FramePeer.WINDOW_UPDATE;
import static dev.weft.server.Http2Cases.GET;
import static dev.weft.server.Http2Cases.PROTOCOL_ERROR;
import static dev.weft.server.Http2Cases.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.server.Http2Cases.Case;
import dev.weft.testkit.Ports;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What RFC 9113 and RFC 7541 say of what a server does with a client's frames ({@link Http2Cases}),
 * at a sidecar's two sides and at the edge. Each case has its own connection.
 */
class Http2ConformanceTest {
  private static final byte[] NOTHING = new byte[0];

  private static Front front;
  private static Origin origin;

  /** Where clients connect to. */
  private enum Place {
    OUTBOUND,
    INBOUND,
    EDGE;

    private int port = Ports.free();
  }

  private static Listener place(Place place, Listener.Direction direction, HttpPipeline pipeline) {
    return Configs.bound(
        place.name(),
        place.port,
        direction,
        ListenerFilters.NONE,
        Configs.plainChain(place.name(), ChainMatch.ANY, pipeline));
  }

  @BeforeAll
  static void serve() {
    front = new Front();
    origin =
        new Origin(
            peer -> {
              String head = peer.head();
              while (!head.isEmpty()) {
                if (head.startsWith("GET /never")) {
                  peer.rest();
                  return;
                }
                int length = Peer.contentLength(head);
                peer.bytes(Math.max(0, length));
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                head = peer.head();
              }
            });
    Place.OUTBOUND.port = front.port;
    HttpPipeline pipeline = Configs.http("table", Configs.OUTBOUND_FILTERS, List.of());
    front.proxy.apply(
        new Configs()
            .cluster(
                Configs.speaking(Cluster.Protocol.HTTP1, Configs.cluster("app")), origin.port())
            .routes("table", Configs.route("/", "app"))
            .listener(place(Place.OUTBOUND, Listener.Direction.OUTBOUND, pipeline))
            .listener(
                place(
                    Place.INBOUND,
                    Listener.Direction.INBOUND,
                    Configs.http("table", Configs.INBOUND_FILTERS, List.of())))
            .listener(place(Place.EDGE, Listener.Direction.OUTBOUND, Configs.edge(pipeline)))
            .build());
  }

  @AfterAll
  static void close() {
    front.proxy.close();
    origin.close();
  }

  private static Stream<Arguments> everywhere(Stream<Case> cases) {
    return cases.flatMap(of -> Stream.of(Place.values()).map(place -> Arguments.of(place, of)));
  }

  static Stream<Arguments> refused() {
    return everywhere(Http2Cases.refused());
  }

  static Stream<Arguments> harmless() {
    return everywhere(Http2Cases.harmless());
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(Place place, Case of) {
    try (FramePeer client = FramePeer.client(Peer.connect(place.port))) {
      of.sent().accept(client);
      assertThat(error(client)).isIn(of.errors());
    }
  }

  /** The first error that is said of a stream or of the connection. */
  private static int error(FramePeer client) {
    FramePeer.Frame frame = client.nextOfStreams();
    while (frame.type() != RST_STREAM && frame.type() != GOAWAY && frame.type() != -1) {
      frame = client.nextOfStreams();
    }
    return frame.type() == -1 ? -1 : frame.error();
  }

  @Test
  void a_preface_that_is_none_is_refused() {
    try (Peer peer = front.connect()) {
      peer.send("PRI * HTTP/2.0\r\n\r\nINVALID\r\n\r\n");
      assertThat(error(FramePeer.raw(peer))).isIn(PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void takes(Place place, Case of) {
    try (FramePeer client = FramePeer.client(Peer.connect(place.port))) {
      of.sent().accept(client);
      client.get(3, "/");
      FramePeer.Answer answer = client.answer(3);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
    }
  }

  @Test
  void header_blocks_in_parts_and_padded_frames_are_taken() {
    try (FramePeer client = FramePeer.client(front.connect())) {
      byte[] block = client.block(GET);
      client.frame(HEADERS, END_STREAM, 1, Arrays.copyOf(block, 2));
      client.frame(CONTINUATION, 0, 1, Arrays.copyOfRange(block, 2, 5));
      client.frame(CONTINUATION, 0, 1, NOTHING);
      client.frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, 5, block.length));
      assertThat(client.answer(1).status()).isEqualTo(200);
      client.frame(HEADERS, END_HEADERS | PADDED, 3, bytes(2, 0x83, 0x86, 0x84, 0, 0));
      client.frame(DATA, END_STREAM | PADDED, 3, bytes(1, 'x', 0));
      // Without an authority nobody knows where to: an answer all the same.
      assertThat(client.answer(3).reset()).isEqualTo(PROTOCOL_ERROR);
    }
  }

  @Test
  void a_ping_is_answered_with_what_it_said() {
    try (FramePeer client = FramePeer.client(front.connect())) {
      client.frame(PING, 0, 0, bytes(1, 2, 3, 4, 5, 6, 7, 8));
      FramePeer.Frame frame = client.next();
      while (frame.type() != PING) {
        frame = client.next();
      }
      assertThat(frame.flags()).isEqualTo(ACK);
      assertThat(frame.payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
  }

  @Test
  void settings_are_acknowledged_and_say_what_is_taken() {
    try (FramePeer client = FramePeer.client(front.connect())) {
      Set<Integer> said = new TreeSet<>();
      boolean acknowledged = false;
      while (!acknowledged) {
        FramePeer.Frame frame = client.next();
        acknowledged = frame.is(SETTINGS, ACK);
        if (frame.type() == SETTINGS && !acknowledged) {
          for (int at = 0; at < frame.payload().length; at += 6) {
            said.add((int) frame.payload()[at + 1]);
          }
        }
      }
      // MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE.
      assertThat(said).contains(3, 4, 6);
    }
  }

  @Test
  void no_more_is_sent_than_the_window_lets_through() {
    try (FramePeer client = FramePeer.client(front.connect())) {
      client.frame(SETTINGS, 0, 0, bytes(0, 4, 0, 0, 0, 3));
      client.get(1, "/");
      FramePeer.Frame frame = client.nextOfStreams();
      assertThat(client.decoded(frame)).containsEntry(":status", "200");
      frame = client.nextOfStreams();
      assertThat(new String(frame.payload(), StandardCharsets.US_ASCII)).isEqualTo("hel");
      client.frame(WINDOW_UPDATE, 0, 1, bytes(0, 0, 0, 1));
      assertThat(client.nextOfStreams().payload()).containsExactly('l');
      client.frame(SETTINGS, 0, 0, bytes(0, 4, 0, 0, 0, 100));
      frame = client.nextOfStreams();
      assertThat(frame.payload()).containsExactly('o');
      assertThat(frame.is(DATA, END_STREAM)).isTrue();
    }
  }

  @Test
  void answers_of_streams_do_not_wait_for_each_other() {
    try (FramePeer client = FramePeer.client(front.connect())) {
      client.get(1, "/never").get(3, "/");
      Map<Integer, FramePeer.Answer> answers = client.answers(3);
      assertThat(answers.get(3)).extracting(FramePeer.Answer::status).isEqualTo(200);
    }
  }
}
