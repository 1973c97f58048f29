package dev.weft.server.http2;

import dev.weft.codec.MessageHead;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import dev.weft.server.http.HttpPlan;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Heads of HTTP/2 in the one form in which this proxy reads heads: the bytes that HTTP/1 would have
 * (RFC 9113, 8.3 and 8.2.1). What would mean something else there is refused. Reused for one
 * message after the other. Confined to its stream.
 */
final class HeadText {
  private static final byte[] NOTHING = {};

  /** Of a head, besides its fields: words of the start line, a key of a WebSocket. */
  private static final int BESIDES = 64;

  /** Of a field, besides its name and its value. */
  private static final int BETWEEN = 4;

  private static final int MAX_KEPT = 4096;
  private static final byte[] REQUEST_END = HttpPlan.ascii(" HTTP/1.1\r\n");
  private static final byte[] RESPONSE_START = HttpPlan.ascii("HTTP/1.1 ");
  private static final byte[] HOST = HttpPlan.ascii("host: ");
  private static final byte[] COOKIE = HttpPlan.ascii("cookie: ");
  private static final byte[] UPGRADE =
      HttpPlan.ascii("connection: upgrade\r\nupgrade: websocket\r\n");
  private static final byte[] KEY = HttpPlan.ascii("sec-websocket-key: ");
  private static final AsciiString KEY_NAME = AsciiString.cached("sec-websocket-key");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
  private static final AsciiString COOKIE_NAME = AsciiString.cached("cookie");
  private static final AsciiString HOST_NAME = AsciiString.cached("host");

  private byte[] bytes = NOTHING;
  private int length;

  /** How many bytes are held. */
  int size() {
    return bytes.length;
  }

  /** Gives back what an unusually large head took. */
  void drop() {
    if (bytes.length > MAX_KEPT) {
      bytes = NOTHING;
    }
  }

  /**
   * Reads the head of a request.
   *
   * @param last whether nothing follows
   * @param keys makes keys of WebSockets; null where the client was not told that it may open them
   * @return whether it opens a WebSocket (RFC 8441): it is read as the upgrade that HTTP/1.1 has
   *     instead, and what follows is no content
   * @throws ProtocolException where it breaks a rule
   */
  boolean read(
      Http2Headers headers, RequestHead head, boolean last, @Nullable RandomGenerator keys) {
    head.reset();
    begin(headers);
    CharSequence method = required(headers.method());
    boolean connects = AsciiString.contentEquals("CONNECT", method);
    CharSequence protocol = headers.get(PROTOCOL);
    if (protocol != null && (keys == null || !connects)) {
      throw new ProtocolException(Violation.BAD_HEADER_NAME);
    }
    boolean webSocket =
        protocol != null && AsciiString.contentEqualsIgnoreCase("websocket", protocol);
    if (webSocket && headers.contains(CONTENT_LENGTH)) {
      // What follows is no content; a server that waited for some would take another request for
      // it.
      throw new ProtocolException(Violation.BAD_CONTENT_LENGTH);
    }
    // CONNECT has no path of its own (8.5); what becomes of it is for others to say.
    boolean connect = connects && headers.path() == null && !webSocket;
    CharSequence authority = headers.authority();
    if (!connect) {
      required(headers.scheme());
    }
    visible(webSocket ? "GET" : method);
    put((byte) ' ');
    visible(connect ? required(authority) : origin(required(headers.path())));
    put(REQUEST_END);
    if (authority != null) {
      put(HOST);
      value(authority);
      newline();
    }
    if (webSocket) {
      put(UPGRADE);
      if (keys != null && !headers.contains(KEY_NAME)) {
        put(KEY);
        append(key(keys));
        newline();
      }
    }
    fields(headers, authority != null);
    complete(head, last || webSocket);
    return webSocket;
  }

  /** What a server of HTTP/1.1 wants to be asked with, and answers (RFC 6455, 4.1). */
  private static String key(RandomGenerator keys) {
    byte[] key = new byte[16];
    keys.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** Reads the head of a response. */
  void read(Http2Headers headers, ResponseHead head, boolean last) {
    head.reset();
    begin(headers);
    put(RESPONSE_START);
    visible(required(headers.status()));
    put((byte) ' ');
    newline();
    fields(headers, false);
    complete(head, last);
  }

  /** Takes as much as the head will need: many streams are open at once. */
  private void begin(Http2Headers headers) {
    length = 0;
    int needed = BESIDES;
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      needed += header.getKey().length() + header.getValue().length() + BETWEEN;
    }
    if (needed > bytes.length) {
      bytes = new byte[needed];
    }
  }

  private void complete(MessageHead head, boolean last) {
    newline();
    if (!head.parse(bytes, length)) {
      throw new ProtocolException(Violation.TRUNCATED);
    }
    head.overHttp2(last);
  }

  /**
   * Reads what follows a body. Fields that come too late there are left out.
   *
   * @throws ProtocolException where a pseudo field is among them
   */
  static Trailers trailers(Http2Headers headers) {
    List<Trailers.Field> fields = new ArrayList<>(headers.size());
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      String name = header.getKey().toString();
      if (name.startsWith(":")) {
        throw new ProtocolException(Violation.BAD_TRAILER);
      }
      checkName(header.getKey());
      checkValue(header.getValue());
      if (Trailers.mayFollow(name)) {
        fields.add(new Trailers.Field(name, header.getValue().toString()));
      }
    }
    return new Trailers(fields);
  }

  private static CharSequence required(@Nullable CharSequence pseudo) {
    if (pseudo == null) {
      throw new ProtocolException(Violation.MISSING_PSEUDO_FIELD);
    }
    return pseudo;
  }

  /** A whole URI would name another host than the authority (8.3.1). */
  private static CharSequence origin(CharSequence path) {
    if (path.isEmpty() || path.charAt(0) != '/' && !AsciiString.contentEquals("*", path)) {
      throw new ProtocolException(Violation.BAD_TARGET);
    }
    return path;
  }

  private void fields(Http2Headers headers, boolean authority) {
    int pseudo = 0;
    boolean cookies = false;
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      CharSequence name = header.getKey();
      if (name.length() > 0 && name.charAt(0) == ':') {
        pseudo |= once(name, pseudo);
      } else if (COOKIE_NAME.contentEquals(name)) {
        cookies = true;
      } else if (!authority || !HOST_NAME.contentEquals(name)) {
        field(name, header.getValue());
      }
    }
    if (cookies) {
      cookies(headers);
    }
  }

  /** Each pseudo field may be there once (8.3). */
  private static int once(CharSequence name, int seen) {
    int bit =
        switch (name.toString()) {
          case ":method" -> 1;
          case ":scheme" -> 2;
          case ":authority" -> 4;
          case ":path" -> 8;
          case ":status" -> 16;
          case ":protocol" -> 32;
          default -> throw new ProtocolException(Violation.BAD_HEADER_NAME);
        };
    if ((seen & bit) != 0) {
      throw new ProtocolException(Violation.BAD_HEADER_NAME);
    }
    return bit;
  }

  /** A cookie may come in parts, which are one field elsewhere (8.2.3). */
  private void cookies(Http2Headers headers) {
    put(COOKIE);
    boolean first = true;
    for (CharSequence crumb : headers.getAll(COOKIE_NAME)) {
      if (!first) {
        put((byte) ';');
        put((byte) ' ');
      }
      first = false;
      value(crumb);
    }
    newline();
  }

  private void field(CharSequence name, CharSequence value) {
    checkName(name);
    append(name);
    put((byte) ':');
    put((byte) ' ');
    value(value);
    newline();
  }

  private static void checkName(CharSequence name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == ':' || c >= 'A' && c <= 'Z') {
        throw new ProtocolException(Violation.BAD_HEADER_NAME);
      }
    }
    if (name.isEmpty()) {
      throw new ProtocolException(Violation.BAD_HEADER_NAME);
    }
  }

  private static void checkValue(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
        throw new ProtocolException(Violation.BAD_HEADER_VALUE);
      }
    }
  }

  private void value(CharSequence value) {
    checkValue(value);
    append(value);
  }

  /** A part of the start line: one blank too many would make it another line. */
  private void visible(CharSequence part) {
    for (int i = 0; i < part.length(); i++) {
      if (part.charAt(i) <= ' ' || part.charAt(i) >= 0x7f) {
        throw new ProtocolException(Violation.BAD_TARGET);
      }
    }
    append(part);
  }

  private void append(CharSequence text) {
    ensure(text.length());
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, ascii.length());
      length += ascii.length();
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  private void put(byte[] part) {
    ensure(part.length);
    System.arraycopy(part, 0, bytes, length, part.length);
    length += part.length;
  }

  private void put(byte one) {
    ensure(1);
    bytes[length++] = one;
  }

  private void newline() {
    ensure(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
