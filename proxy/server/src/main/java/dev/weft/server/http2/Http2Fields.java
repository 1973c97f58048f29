package dev.weft.server.http2;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.KnownHeader;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Heads as HTTP/2 writes them. Names are made once, and values once as long as they stay the same,
 * so that the encoder finds them in its table. Confined to its connection.
 */
final class Http2Fields implements HeadOverlay.FieldSink {
  /** Values that differ from message to message would push everything else out of the table. */
  private static final Set<String> EVER_NEW =
      Set.of(
          ":path",
          "x-request-id",
          "x-b3-traceid",
          "x-b3-spanid",
          "x-b3-parentspanid",
          "traceparent",
          "b3",
          "content-length",
          "etag",
          "last-modified",
          "if-none-match",
          "if-modified-since",
          "x-envoy-upstream-service-time",
          "authorization",
          "cookie",
          "set-cookie");

  /**
   * What is never put into a table: what is ever new, and what nobody should guess (RFC 7541,
   * 7.1.3).
   */
  static final SensitivityDetector NEVER_INDEXED =
      (name, value) -> EVER_NEW.contains(name.toString());

  private static final int SLOTS = 128;
  private static final AsciiString[] NOTHING = new AsciiString[0];
  private static final AsciiString TE = AsciiString.cached("te");
  private static final AsciiString TRAILERS = AsciiString.cached("trailers");
  private static final AsciiString GET = AsciiString.cached("GET");
  private static final AsciiString POST = AsciiString.cached("POST");

  private final @Nullable AsciiString[] names = new @Nullable AsciiString[SLOTS];
  private final @Nullable AsciiString[] values = new @Nullable AsciiString[SLOTS];
  private final List<AsciiString> pairs = new ArrayList<>(48);
  private boolean request;

  /** The head of a request. */
  Http2Headers of(RequestHead head, HeadOverlay edits, CharSequence scheme) {
    pairs.clear();
    request = true;
    int te = head.find(KnownHeader.TE);
    if (te >= 0 && head.value(te).equalsIgnoreCase("trailers")) {
      // Meant for one hop, and the next hop is to know it as well (RFC 9113, 8.2.2).
      pairs.add(TE);
      pairs.add(TRAILERS);
    }
    edits.forEach(head, this);
    return ReadOnlyHttp2Headers.clientHeaders(
        false,
        head.isMethod("GET") ? GET : head.isMethod("POST") ? POST : new AsciiString(head.method()),
        new AsciiString(edits.path(head)),
        AsciiString.of(scheme),
        new AsciiString(edits.authority(head)),
        pairs.toArray(NOTHING));
  }

  /** The head of a response, with a status that may be another one than it has. */
  Http2Headers of(ResponseHead head, HeadOverlay edits, int status) {
    pairs.clear();
    request = false;
    edits.forEach(head, this);
    return ReadOnlyHttp2Headers.serverHeaders(
        false, new AsciiString(Integer.toString(status)), pairs.toArray(NOTHING));
  }

  /** What follows a body. */
  static Http2Headers of(Trailers trailers) {
    List<AsciiString> pairs = new ArrayList<>(trailers.fields().size() * 2);
    for (Trailers.Field field : trailers.fields()) {
      pairs.add(new AsciiString(field.name()));
      pairs.add(new AsciiString(field.value()));
    }
    return ReadOnlyHttp2Headers.trailers(false, pairs.toArray(NOTHING));
  }

  @Override
  public void field(byte[] bytes, int name, int nameEnd, int value, int valueEnd) {
    int slot = slot(bytes, name, nameEnd);
    AsciiString known = names[slot];
    if (known == null || !same(known, bytes, name, nameEnd)) {
      known = new AsciiString(bytes, name, nameEnd - name, true).toLowerCase();
      names[slot] = known;
      values[slot] = null;
    }
    if (isOfOneHop(known)) {
      return;
    }
    AsciiString last = values[slot];
    if (last == null || !sameBytes(last, bytes, value, valueEnd)) {
      last = new AsciiString(bytes, value, valueEnd - value, true);
      values[slot] = last;
    }
    pairs.add(known);
    pairs.add(last);
  }

  /**
   * How HTTP/1 frames a message or speaks of its connection has no place here (RFC 9113, 8.2.2).
   */
  private boolean isOfOneHop(AsciiString name) {
    return switch (name.length()) {
      case 4 -> request && name.contentEquals("host");
      case 7 -> name.contentEquals("upgrade");
      case 10 -> name.contentEquals("connection") || name.contentEquals("keep-alive");
      case 16 -> name.contentEquals("proxy-connection");
      case 17 -> name.contentEquals("transfer-encoding");
      default -> false;
    };
  }

  private static int slot(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + (bytes[i] | 0x20);
    }
    return (hash ^ hash >>> 7 ^ hash >>> 15) & SLOTS - 1;
  }

  private static boolean same(AsciiString lower, byte[] bytes, int from, int to) {
    if (lower.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (lower.byteAt(i - from) != (b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameBytes(AsciiString known, byte[] bytes, int from, int to) {
    int start = known.arrayOffset();
    return Arrays.equals(known.array(), start, start + known.length(), bytes, from, to);
  }
}
