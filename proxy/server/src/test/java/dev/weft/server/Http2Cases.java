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
import static dev.weft.server.FramePeer.PRIORITIZED;
import static dev.weft.server.FramePeer.PRIORITY;
import static dev.weft.server.FramePeer.PUSH_PROMISE;
import static dev.weft.server.FramePeer.RST_STREAM;
import static dev.weft.server.FramePeer.SETTINGS;
import static dev.weft.server.FramePeer.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What clients send that breaks RFC 9113 (sections 3 to 8) or RFC 7541, and what only looks as if
 * it did: case by case as the h2spec tool has them.
 */
final class Http2Cases {
  static final int PROTOCOL_ERROR = 1;
  static final int FLOW_CONTROL_ERROR = 3;
  static final int STREAM_CLOSED = 5;
  static final int FRAME_SIZE_ERROR = 6;
  static final int REFUSED_STREAM = 7;
  static final int COMPRESSION_ERROR = 9;

  static final int MAX_FRAME = 16_384;
  static final int MAX_STREAMS = 1024;
  static final byte[] NOTHING = new byte[0];

  private Http2Cases() {}

  /** What has to be refused. */
  static Stream<Case> refused() {
    return Stream.of(frames(), messages(), tables()).flatMap(all -> all);
  }

  /**
   * @param section of the RFC, and what is sent
   * @param errors one of these codes has to come, for the stream or for the connection
   */
  record Case(String section, Consumer<FramePeer> sent, Set<Integer> errors) {
    @Override
    public String toString() {
      return section;
    }
  }

  private static Case refused(String section, Consumer<FramePeer> sent, Integer... errors) {
    return new Case(section, sent, Set.of(errors));
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static final String[] GET = {
    ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "app"
  };

  private static FramePeer get(FramePeer c, int stream, boolean last, String... more) {
    // An answer that comes before the request is complete would end the stream.
    return c.request(stream, "GET", "/never", last, more);
  }

  /** A request whose answer is awaited, so that the stream is closed on both sides. */
  private static FramePeer finished(FramePeer c) {
    c.get(1, "/");
    assertThat(c.answer(1).status()).isEqualTo(200);
    return c;
  }

  private static Case malformed(String what, String... pairs) {
    return refused("8.2, 8.3: " + what, c -> c.headers(1, true, pairs), PROTOCOL_ERROR);
  }

  private static Stream<Case> frames() {
    return Stream.of(
        refused(
            "4.2: HEADERS larger than a frame may be",
            c -> c.frame(HEADERS, 5, 1, new byte[MAX_FRAME + 1]),
            FRAME_SIZE_ERROR),
        refused(
            "4.2: DATA larger than a frame may be",
            c -> get(c, 1, false).frame(DATA, 1, 1, new byte[MAX_FRAME + 1]),
            FRAME_SIZE_ERROR),
        refused(
            "4.3: a header block that is none",
            c -> c.frame(HEADERS, 5, 1, bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
            COMPRESSION_ERROR),
        refused(
            "4.3: PRIORITY inside a header block",
            c -> c.frame(HEADERS, 1, 1, c.block(GET)).frame(PRIORITY, 0, 1, bytes(0, 0, 0, 0, 255)),
            PROTOCOL_ERROR),
        refused(
            "4.3: another stream's HEADERS inside a header block",
            c -> c.frame(HEADERS, 1, 1, c.block(GET)).frame(HEADERS, 5, 3, c.block(GET)),
            PROTOCOL_ERROR),
        refused("5.1: DATA on an idle stream", c -> c.data(1, "x", true), PROTOCOL_ERROR),
        refused(
            "5.1: RST_STREAM on an idle stream",
            c -> c.frame(RST_STREAM, 0, 1, bytes(0, 0, 0, 8)),
            PROTOCOL_ERROR),
        refused(
            "5.1: WINDOW_UPDATE on an idle stream",
            c -> c.frame(WINDOW_UPDATE, 0, 1, bytes(0, 0, 0, 100)),
            PROTOCOL_ERROR),
        refused(
            "5.1: CONTINUATION on an idle stream",
            c -> c.frame(CONTINUATION, 4, 1, c.block(GET)),
            PROTOCOL_ERROR),
        refused(
            "5.1: DATA after END_STREAM",
            c -> c.get(1, "/never").data(1, "x", true),
            STREAM_CLOSED),
        refused(
            "5.1: HEADERS after END_STREAM",
            c -> c.get(1, "/never").headers(1, true, GET),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        refused(
            "5.1: CONTINUATION after END_STREAM",
            c -> c.get(1, "/never").frame(CONTINUATION, 4, 1, c.block(GET)),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        refused(
            "5.1: DATA after RST_STREAM",
            c -> get(c, 1, false).frame(RST_STREAM, 0, 1, bytes(0, 0, 0, 8)).data(1, "x", true),
            STREAM_CLOSED),
        refused(
            "5.1: HEADERS after RST_STREAM",
            c -> get(c, 1, false).frame(RST_STREAM, 0, 1, bytes(0, 0, 0, 8)).headers(1, true, GET),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        refused("5.1: DATA on a closed stream", c -> finished(c).data(1, "x", true), STREAM_CLOSED),
        refused(
            "5.1: HEADERS on a closed stream",
            c -> finished(c).headers(1, true, GET),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        refused(
            "5.1: CONTINUATION on a closed stream",
            c -> finished(c).frame(CONTINUATION, 4, 1, c.block(GET)),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        refused("5.1.1: an even stream", c -> get(c, 2, true), PROTOCOL_ERROR),
        refused(
            "5.1.1: a stream smaller than the last one",
            c -> c.get(5, "/never").get(3, "/"),
            PROTOCOL_ERROR,
            STREAM_CLOSED),
        refused(
            "5.1.2: more streams than are allowed",
            Http2Cases::tooManyStreams,
            PROTOCOL_ERROR,
            REFUSED_STREAM),
        refused(
            "5.4.1: a PING of six bytes ends the connection",
            c -> c.frame(PING, 0, 0, new byte[6]),
            FRAME_SIZE_ERROR),
        refused(
            "5.5: an unknown frame inside a header block",
            c -> c.frame(HEADERS, 1, 1, c.block(GET)).frame(0x16, 0, 0, new byte[8]),
            PROTOCOL_ERROR),
        refused("6.1: DATA on stream 0", c -> c.data(0, "x", false), PROTOCOL_ERROR),
        refused(
            "6.1: more padding than DATA",
            c -> get(c, 1, false).frame(DATA, PADDED | END_STREAM, 1, bytes(6, 'x', 0, 0, 0, 0)),
            PROTOCOL_ERROR),
        refused(
            "6.2: HEADERS on stream 0", c -> c.frame(HEADERS, 5, 0, c.block(GET)), PROTOCOL_ERROR),
        refused(
            "6.2: more padding than HEADERS",
            c -> c.frame(HEADERS, 5 | PADDED, 1, bytes(9, 0x82, 0x86, 0x84)),
            PROTOCOL_ERROR),
        refused(
            "6.3: PRIORITY on stream 0",
            c -> c.frame(PRIORITY, 0, 0, bytes(0, 0, 0, 1, 1)),
            PROTOCOL_ERROR),
        refused(
            "6.3: PRIORITY of four bytes",
            c -> c.frame(PRIORITY, 0, 1, new byte[4]),
            FRAME_SIZE_ERROR),
        refused(
            "6.4: RST_STREAM on stream 0",
            c -> c.frame(RST_STREAM, 0, 0, new byte[4]),
            PROTOCOL_ERROR),
        refused(
            "6.4: RST_STREAM of three bytes",
            c -> get(c, 1, false).frame(RST_STREAM, 0, 1, new byte[3]),
            FRAME_SIZE_ERROR),
        refused(
            "6.5: SETTINGS that acknowledges and sets",
            c -> c.frame(SETTINGS, ACK, 0, new byte[6]),
            FRAME_SIZE_ERROR),
        refused(
            "6.5: SETTINGS on a stream",
            c -> c.frame(SETTINGS, 0, 1, bytes(0, 3, 0, 0, 0, 100)),
            PROTOCOL_ERROR),
        refused(
            "6.5: SETTINGS of three bytes",
            c -> c.frame(SETTINGS, 0, 0, new byte[3]),
            FRAME_SIZE_ERROR),
        refused(
            "6.5.2: ENABLE_PUSH that is neither",
            c -> c.frame(SETTINGS, 0, 0, bytes(0, 2, 0, 0, 0, 2)),
            PROTOCOL_ERROR),
        refused(
            "6.5.2: INITIAL_WINDOW_SIZE too large",
            c -> c.frame(SETTINGS, 0, 0, bytes(0, 4, 0x80, 0, 0, 0)),
            FLOW_CONTROL_ERROR),
        refused(
            "6.5.2: MAX_FRAME_SIZE too small",
            c -> c.frame(SETTINGS, 0, 0, bytes(0, 5, 0, 0, 0x3f, 0xff)),
            PROTOCOL_ERROR),
        refused(
            "6.5.2: MAX_FRAME_SIZE too large",
            c -> c.frame(SETTINGS, 0, 0, bytes(0, 5, 1, 0, 0, 0)),
            PROTOCOL_ERROR),
        refused("6.7: PING on a stream", c -> c.frame(PING, 0, 1, new byte[8]), PROTOCOL_ERROR),
        refused("6.8: GOAWAY on a stream", c -> c.frame(GOAWAY, 0, 1, new byte[8]), PROTOCOL_ERROR),
        refused(
            "6.9: WINDOW_UPDATE by nothing",
            c -> c.frame(WINDOW_UPDATE, 0, 0, new byte[4]),
            PROTOCOL_ERROR),
        refused(
            "6.9: WINDOW_UPDATE of a stream by nothing",
            c -> get(c, 1, false).frame(WINDOW_UPDATE, 0, 1, new byte[4]),
            PROTOCOL_ERROR),
        refused(
            "6.9: WINDOW_UPDATE of three bytes",
            c -> c.frame(WINDOW_UPDATE, 0, 0, new byte[3]),
            FRAME_SIZE_ERROR),
        refused(
            "6.9.1: a window beyond all bounds",
            c ->
                c.frame(WINDOW_UPDATE, 0, 0, bytes(0x7f, 255, 255, 255))
                    .frame(WINDOW_UPDATE, 0, 0, bytes(0x7f, 255, 255, 255)),
            FLOW_CONTROL_ERROR),
        refused(
            "6.9.1: a stream's window beyond all bounds",
            c ->
                c.get(1, "/never")
                    .frame(WINDOW_UPDATE, 0, 1, bytes(0x7f, 255, 255, 255))
                    .frame(WINDOW_UPDATE, 0, 1, bytes(0x7f, 255, 255, 255)),
            FLOW_CONTROL_ERROR),
        refused(
            "6.10: CONTINUATION on stream 0",
            c -> c.frame(HEADERS, 1, 1, c.block(GET)).frame(CONTINUATION, 4, 0, NOTHING),
            PROTOCOL_ERROR),
        refused(
            "6.10: CONTINUATION after END_HEADERS",
            c -> get(c, 1, false).frame(CONTINUATION, 4, 1, c.block("x-a", "b")),
            PROTOCOL_ERROR),
        refused(
            "6.10: CONTINUATION after DATA",
            c ->
                get(c, 1, false).data(1, "x", false).frame(CONTINUATION, 4, 1, c.block("x-a", "b")),
            PROTOCOL_ERROR),
        refused(
            "8.1: a second HEADERS that ends nothing",
            c -> get(c, 1, false).headers(1, false, "x-a", "b"),
            PROTOCOL_ERROR),
        refused(
            "8.4: PUSH_PROMISE of a client",
            c -> get(c, 1, false).frame(PUSH_PROMISE, 4, 1, bytes(0, 0, 0, 2, 0x82)),
            PROTOCOL_ERROR));
  }

  private static void tooManyStreams(FramePeer c) {
    // Literals that are not indexed: the table stays as it is.
    byte[] never = bytes(0x82, 0x86, 4, 6, '/', 'n', 'e', 'v', 'e', 'r', 1, 3, 'a', 'p', 'p');
    for (int i = 0; i <= MAX_STREAMS; i++) {
      c.frame(HEADERS, END_HEADERS, 1 + 2 * i, never);
    }
  }

  private static Stream<Case> messages() {
    return Stream.of(
        malformed("an upper-case name", with("X-Test", "a")),
        malformed("an unknown pseudo field", with(":test", "a")),
        malformed("a pseudo field of responses", with(":status", "200")),
        refused(
            "8.3: a pseudo field after others",
            c -> c.frame(HEADERS, 5, 1, bytes(0x82, 0x86, 0, 3, 'x', '-', 'a', 1, 'b', 0x84)),
            PROTOCOL_ERROR),
        malformed("connection", with("connection", "keep-alive")),
        malformed("te that is not trailers", with("te", "trailers, deflate")),
        malformed(
            "an empty path", ":method", "GET", ":scheme", "http", ":path", "", ":authority", "app"),
        malformed("no method", ":scheme", "http", ":path", "/", ":authority", "app"),
        malformed("no scheme", ":method", "GET", ":path", "/", ":authority", "app"),
        malformed("no path", ":method", "GET", ":scheme", "http", ":authority", "app"),
        malformed("two methods", with(":method", "GET")),
        malformed("two schemes", with(":scheme", "http")),
        malformed("two paths", with(":path", "/")),
        malformed("a line feed in a value", with("x-a", "b\nc")),
        malformed("a name with a blank", with("x a", "b")),
        refused(
            "8.1: a pseudo field in trailers",
            c -> get(c, 1, false).headers(1, true, ":method", "GET"),
            PROTOCOL_ERROR),
        refused(
            "8.1.1: content longer than content-length",
            c -> get(c, 1, false, "content-length", "1").data(1, "four", true),
            PROTOCOL_ERROR),
        refused(
            "8.1.1: content in parts, shorter than content-length",
            c -> get(c, 1, false, "content-length", "9").data(1, "fo", false).data(1, "ur", true),
            PROTOCOL_ERROR));
  }

  private static String[] with(String name, String value) {
    return Stream.concat(Stream.of(GET), Stream.of(name, value)).toArray(String[]::new);
  }

  private static Stream<Case> tables() {
    return Stream.of(
        refused(
            "RFC 7541, 2.3.3: an index beyond the table",
            c -> c.frame(HEADERS, 5, 1, bytes(0x82, 0x86, 0x84, 0xc6)),
            COMPRESSION_ERROR),
        refused(
            "RFC 7541, 4.2: a new size at the end of a block",
            c -> c.frame(HEADERS, 5, 1, bytes(0x82, 0x86, 0x84, 0x20)),
            COMPRESSION_ERROR),
        refused(
            "RFC 7541, 5.2: too much padding",
            c -> c.frame(HEADERS, 5, 1, bytes(0x82, 0x86, 0x84, 0x00, 0x81, 0xff, 0x81, 0xff)),
            COMPRESSION_ERROR),
        refused(
            "RFC 7541, 6.1: index 0",
            c -> c.frame(HEADERS, 5, 1, bytes(0x82, 0x86, 0x84, 0x80)),
            COMPRESSION_ERROR),
        refused(
            "RFC 7541, 6.3: a size beyond the setting",
            c -> c.frame(HEADERS, 5, 1, bytes(0x3f, 0xe2, 0x1f, 0x82, 0x86, 0x84)),
            COMPRESSION_ERROR));
  }

  /** What a server has to put up with. */
  static Stream<Case> harmless() {
    return Stream.of(
        refused("4.1: a frame of an unknown type", c -> c.frame(0x16, 0, 0, new byte[8])),
        refused("4.1: unknown flags", c -> c.frame(PING, 0x16, 0, new byte[8])),
        refused("5.5: an unknown frame", c -> c.frame(0x16, 0, 0, new byte[8])),
        refused(
            "6.2: HEADERS with a priority",
            c ->
                c.frame(
                    HEADERS,
                    END_STREAM | END_HEADERS | PRIORITIZED,
                    1,
                    bytes(0, 0, 0, 0, 15, 0x82, 0x86, 0x84, 1, 3, 'a', 'p', 'p'))),
        refused(
            "6.5.2: an unknown setting", c -> c.frame(SETTINGS, 0, 0, bytes(0, 0xff, 0, 0, 0, 1))),
        refused("6.7: PING that acknowledges", c -> c.frame(PING, ACK, 0, new byte[8])),
        refused(
            "7: an unknown error code",
            c -> get(c, 1, false).frame(RST_STREAM, 0, 1, bytes(0, 0, 0, 0xff))),
        refused(
            "6.9.2: windows that change", c -> c.frame(SETTINGS, 0, 0, bytes(0, 4, 0, 0, 0, 100))),
        refused(
            "6.3: PRIORITY on an idle stream",
            c -> c.frame(PRIORITY, 0, 31, bytes(0, 0, 0, 0, 1))));
  }
}
