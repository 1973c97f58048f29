package dev.weft.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One side of an HTTP/2 connection, blocking, frame by frame. */
public final class FramePeer implements AutoCloseable {
  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITIZED = 0x20;

  /** A frame as it was read; the end of the connection is one of type -1. */
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean is(int wanted, int flag) {
      return type == wanted && (flags & flag) != 0;
    }

    /** The error code of RST_STREAM or GOAWAY. */
    int error() {
      int at = type == GOAWAY ? 4 : 0;
      return Unpooled.wrappedBuffer(payload).getInt(at);
    }
  }

  /**
   * What came back on a stream.
   *
   * @param reset the error code of a reset of the stream; -1 without
   * @param goAway the error code with which the connection ended; -1 where it did not
   */
  record Answer(
      Map<String, String> head, String body, Map<String, String> trailers, int reset, int goAway) {
    int status() {
      return Integer.parseInt(head.getOrDefault(":status", "0"));
    }
  }

  /**
   * A request as a server sees it.
   *
   * @param head in the form of HTTP/1
   */
  public record Message(int stream, String head, String body) {}

  private final Peer peer;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  private FramePeer(Peer peer) {
    this.peer = peer;
  }

  public static FramePeer client(Peer peer) {
    FramePeer client = new FramePeer(peer);
    peer.send(PREFACE);
    client.frame(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  /** Without a preface or SETTINGS of its own. */
  static FramePeer raw(Peer peer) {
    return new FramePeer(peer);
  }

  static FramePeer server(Peer peer, byte... settings) {
    FramePeer server = new FramePeer(peer);
    String preface = peer.bytes(PREFACE.length());
    if (!preface.equals(PREFACE)) {
      throw new AssertionError("no preface: " + preface);
    }
    server.frame(SETTINGS, 0, 0, settings);
    return server;
  }

  /** A server that has read a client's preface up to its first empty line. */
  public static FramePeer serverAfterPriLine(Peer peer) {
    FramePeer server = new FramePeer(peer);
    String rest = peer.bytes("SM\r\n\r\n".length());
    if (!rest.equals("SM\r\n\r\n")) {
      throw new AssertionError("no preface: " + rest);
    }
    server.frame(SETTINGS, 0, 0, new byte[0]);
    return server;
  }

  /**
   * Sends a request or an answer.
   *
   * @param lines {@code name: value}; with an empty line and what follows it at the end of the last
   *     one, that is the content
   */
  public void message(int stream, List<String> lines) {
    String content = "";
    List<String> pairs = new ArrayList<>();
    for (String line : lines) {
      int end = line.indexOf("\r\n\r\n");
      if (end >= 0) {
        content = line.substring(end + 4);
      }
      String field = end >= 0 ? line.substring(0, end) : line;
      int colon = field.indexOf(':', 1);
      String name = field.substring(0, colon).toLowerCase(Locale.ROOT);
      if (!name.equals("connection") && !name.equals("transfer-encoding")) {
        pairs.add(name);
        pairs.add(field.substring(colon + 1).strip());
      }
    }
    headers(stream, content.isEmpty(), pairs.toArray(String[]::new));
    if (!content.isEmpty()) {
      data(stream, content, true);
    }
  }

  /** Answers a request. */
  public void answer(int stream, String status, List<String> headers, String content) {
    List<String> lines = new ArrayList<>();
    lines.add(":status: " + status);
    lines.addAll(headers);
    lines.add("content-length: " + content.length() + "\r\n\r\n" + content);
    message(stream, lines);
  }

  /** Breaks a request off. */
  public void reset(int stream) {
    frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 2});
  }

  /** The next request, or null at the end of the connection. */
  public @Nullable Message message() {
    Frame frame = nextOfStreams();
    while (frame.type() != HEADERS) {
      if (frame.type() == -1 || frame.type() == GOAWAY) {
        return null;
      }
      frame = nextOfStreams();
    }
    Http2Headers fields = block(frame);
    StringBuilder head =
        new StringBuilder(fields.method() + " " + fields.path() + " HTTP/1.1\r\nhost: ")
            .append(fields.authority());
    fields.forEach(
        field -> {
          if (field.getKey().charAt(0) != ':') {
            head.append("\r\n").append(field.getKey()).append(": ").append(field.getValue());
          }
        });
    StringBuilder body = new StringBuilder();
    int stream = frame.stream();
    while ((frame.flags() & END_STREAM) == 0) {
      frame = nextOfStreams();
      if (frame.type() == -1 || frame.type() == RST_STREAM) {
        break;
      }
      if (frame.type() == DATA) {
        body.append(new String(frame.payload(), ISO_8859_1));
      }
    }
    return new Message(stream, head.append("\r\n\r\n").toString(), body.toString());
  }

  /** What comes back on a stream, in the form of HTTP/1. */
  public Peer.Response response(int stream) {
    Answer answer = answer(stream);
    StringBuilder head = new StringBuilder("HTTP/2.0 " + answer.head().get(":status"));
    answer
        .head()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(":")) {
                head.append("\r\n").append(name).append(": ").append(value);
              }
            });
    return new Peer.Response(head.append("\r\n\r\n").toString(), answer.body());
  }

  FramePeer frame(int type, int flags, int stream, byte[] payload) {
    ByteBuf out = Unpooled.buffer(9 + payload.length);
    out.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    out.writeBytes(payload);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    peer.send(bytes);
    return this;
  }

  /** A header block of names and values in turn. */
  byte[] block(String... pairs) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    ByteBuf out = Unpooled.buffer();
    try {
      encoder.encodeHeaders(1, headers, out);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  FramePeer headers(int stream, boolean last, String... pairs) {
    return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(pairs));
  }

  FramePeer get(int stream, String path, String... more) {
    return request(stream, "GET", path, true, more);
  }

  FramePeer request(int stream, String method, String path, boolean last, String... more) {
    List<String> pairs =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "app"));
    pairs.addAll(List.of(more));
    return headers(stream, last, pairs.toArray(String[]::new));
  }

  FramePeer data(int stream, String text, boolean last) {
    return frame(DATA, last ? END_STREAM : 0, stream, text.getBytes(ISO_8859_1));
  }

  /** The next frame, whatever it is. */
  Frame next() {
    String head = peer.bytes(9);
    if (head.length() < 9) {
      return new Frame(-1, 0, 0, new byte[0]);
    }
    ByteBuf in = Unpooled.wrappedBuffer(head.getBytes(ISO_8859_1));
    int length = in.readUnsignedMedium();
    int type = in.readByte();
    int flags = in.readByte();
    int stream = in.readInt();
    return new Frame(type, flags, stream, peer.bytes(length).getBytes(ISO_8859_1));
  }

  /**
   * The next frame that is not about the connection's settings and windows; what it brings opens
   * the connection's window again.
   */
  Frame nextOfStreams() {
    Frame frame = nextButSettings();
    if (frame.type() == DATA && frame.payload().length > 0) {
      byte[] size = new byte[4];
      Unpooled.wrappedBuffer(size).setInt(0, frame.payload().length);
      frame(WINDOW_UPDATE, 0, 0, size);
    }
    return frame;
  }

  private Frame nextButSettings() {
    Frame frame = next();
    while (frame.type() == SETTINGS || frame.type() == WINDOW_UPDATE || frame.is(PING, ACK)) {
      if (frame.type() == SETTINGS && !frame.is(SETTINGS, ACK)) {
        frame(SETTINGS, ACK, 0, new byte[0]);
      }
      frame = next();
    }
    return frame;
  }

  /** The fields of HEADERS; those of one name joined by a comma. */
  Map<String, String> decoded(Frame headers) {
    Map<String, String> fields = new TreeMap<>();
    block(headers)
        .forEach(
            field ->
                fields.merge(
                    field.getKey().toString(), field.getValue().toString(), (a, b) -> a + "," + b));
    return fields;
  }

  private Http2Headers block(Frame headers) {
    try {
      return decoder.decodeHeaders(headers.stream(), Unpooled.wrappedBuffer(headers.payload()));
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What comes back on a stream, while nothing comes on others. */
  Answer answer(int stream) {
    return Objects.requireNonNull(answers(stream).get(stream));
  }

  /** What comes back on some streams, until all of them are over. */
  Map<Integer, Answer> answers(Integer... streams) {
    Map<Integer, Answer> open = new TreeMap<>();
    for (int stream : streams) {
      open.put(stream, new Answer(Map.of(), "", Map.of(), -1, -1));
    }
    Map<Integer, Answer> done = new TreeMap<>();
    while (!open.isEmpty()) {
      Frame frame = nextOfStreams();
      if (frame.type() == -1 || frame.type() == GOAWAY) {
        int error = frame.type() == -1 ? 0 : frame.error();
        open.forEach(
            (id, a) -> done.put(id, new Answer(a.head(), a.body(), a.trailers(), -1, error)));
        return done;
      }
      // Those of others have to be decoded as well, for the table.
      Map<String, String> fields = frame.type() == HEADERS ? decoded(frame) : Map.of();
      Answer so = open.get(frame.stream());
      if (so == null) {
        continue;
      }
      Answer now =
          switch (frame.type()) {
            case HEADERS ->
                so.head().isEmpty() || so.status() < 200
                    ? new Answer(fields, so.body(), so.trailers(), -1, -1)
                    : new Answer(so.head(), so.body(), fields, -1, -1);
            case DATA ->
                new Answer(
                    so.head(),
                    so.body() + new String(frame.payload(), ISO_8859_1),
                    so.trailers(),
                    -1,
                    -1);
            case RST_STREAM -> new Answer(so.head(), so.body(), so.trailers(), frame.error(), -1);
            default -> so;
          };
      open.put(frame.stream(), now);
      if (frame.type() == RST_STREAM
          || (frame.type() == HEADERS || frame.type() == DATA) && frame.is(frame.type(), 1)) {
        done.put(frame.stream(), now);
        open.remove(frame.stream());
      }
    }
    return done;
  }

  @Override
  public void close() {
    peer.close();
  }
}
