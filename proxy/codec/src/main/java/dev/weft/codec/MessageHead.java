package dev.weft.codec;

import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1 message as offsets into the bytes that it was parsed from. Strict by RFC
 * 9112; reusable. Confined to the connection that owns it.
 *
 * <p>The caller keeps the bytes of the head, from its first byte, at the start of one array, and
 * calls {@link #parse} whenever it appended some. A line that is complete is looked at once.
 */
public abstract sealed class MessageHead extends HeaderFields permits RequestHead, ResponseHead {
  private static final byte[] CHUNKED = ascii("chunked");
  private static final byte[] CLOSE = ascii("close");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");
  private static final byte[] UPGRADE = ascii("upgrade");

  /** How the length of the body is given. */
  public enum Framing {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  final HeadLimits limits;
  Framing framing = Framing.NONE;
  long contentLength = -1;
  int minor;
  boolean close;
  boolean keepAlive;
  boolean connectionUpgrade;
  int startLineEnd;

  private boolean http2;
  private int lineStart;
  private int scanned;
  private int end = -1;

  MessageHead(HeadLimits limits) {
    super(limits.maxHeaders());
    this.limits = limits;
  }

  /** Forgets the message, for the next one. */
  public void reset() {
    clear();
    framing = Framing.NONE;
    contentLength = -1;
    minor = 0;
    close = false;
    keepAlive = false;
    connectionUpgrade = false;
    startLineEnd = 0;
    http2 = false;
    lineStart = 0;
    scanned = 0;
    end = -1;
  }

  /**
   * Continues parsing.
   *
   * @param source the bytes of the head from its start; the same content as before, and more of it
   * @param length how many of them there are; what follows the head may be among them
   * @return whether the head is complete
   * @throws ProtocolException where the bytes break the protocol or a limit
   */
  public boolean parse(byte[] source, int length) {
    bytes = source;
    while (end < 0) {
      if (scanned > lineStart) {
        int newline = indexOf(source, (byte) '\n', scanned, length);
        if (newline < 0) {
          scanned = length;
          return incomplete(length);
        }
        scanned = 0;
      }
      int next =
          startLineEnd == 0
              ? startLine(source, lineStart, length)
              : headerLine(source, lineStart, length);
      if (next < 0) {
        scanned = length;
        return incomplete(length);
      }
      lineStart = next;
    }
    if (end > limits.maxHeadBytes()) {
      throw Violation.HEAD_TOO_LARGE.exception();
    }
    finish();
    return true;
  }

  private boolean incomplete(int length) {
    if (length >= limits.maxHeadBytes()) {
      throw (startLineEnd == 0 ? Violation.TARGET_TOO_LONG : Violation.HEAD_TOO_LARGE).exception();
    }
    return false;
  }

  /** Parses the start line; answers the start of the next line, or -1 where bytes are missing. */
  abstract int startLine(byte[] b, int from, int length);

  abstract void finish();

  private int headerLine(byte[] b, int from, int length) {
    int i = from;
    if (i >= length) {
      return -1;
    }
    if (b[i] == '\r') {
      int next = lineFeed(b, i, length);
      if (next > 0) {
        end = next;
      }
      return next;
    }
    int hash = 0;
    while (i < length && Ascii.is(b[i], Ascii.TOKEN)) {
      hash = KnownHeader.hash(hash, b[i]);
      i++;
    }
    if (i == length) {
      return -1;
    }
    if (b[i] != ':' || i == from) {
      throw nameViolation(b[i], i == from).exception();
    }
    int nameEnd = i++;
    while (i < length && (b[i] == ' ' || b[i] == '\t')) {
      i++;
    }
    int valueStart = i;
    while (i < length && Ascii.is(b[i], Ascii.FIELD)) {
      i++;
    }
    if (i == length) {
      return -1;
    }
    if (b[i] != '\r') {
      throw (b[i] == '\n' ? Violation.BARE_LF : Violation.BAD_HEADER_VALUE).exception();
    }
    int next = lineFeed(b, i, length);
    if (next < 0) {
      return -1;
    }
    while (i > valueStart && (b[i - 1] == ' ' || b[i - 1] == '\t')) {
      i--;
    }
    note(KnownHeader.find(hash, b, from, nameEnd), from, nameEnd, valueStart, i);
    return next;
  }

  private static Violation nameViolation(byte b, boolean atStart) {
    if (b == ' ' || b == '\t') {
      return atStart ? Violation.OBSOLETE_FOLD : Violation.SPACE_BEFORE_COLON;
    }
    return b == '\n' ? Violation.BARE_LF : Violation.BAD_HEADER_NAME;
  }

  /** The place after the line feed that must follow the carriage return at {@code i}, or -1. */
  static int lineFeed(byte[] b, int i, int length) {
    if (i + 1 >= length) {
      return -1;
    }
    if (b[i + 1] != '\n') {
      throw Violation.BARE_CR.exception();
    }
    return i + 2;
  }

  static int indexOf(byte[] b, byte wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Notes framing and connection options. The rules are RFC 9112, sections 6 and 9. */
  final void noteFraming(boolean request) {
    int length = find(KnownHeader.CONTENT_LENGTH);
    int coding = find(KnownHeader.TRANSFER_ENCODING);
    if (coding >= 0) {
      if (length >= 0) {
        throw Violation.LENGTH_AND_CHUNKED.exception();
      }
      transferEncoding(valueStart(coding), valueEnd(coding), request);
    } else if (length >= 0) {
      contentLength = number(valueStart(length), valueEnd(length));
      framing = contentLength == 0 ? Framing.NONE : Framing.LENGTH;
    }
    for (int i = find(KnownHeader.CONNECTION); i >= 0 && i < size(); i++) {
      if (is(i, KnownHeader.CONNECTION)) {
        connectionOptions(valueStart(i), valueEnd(i));
      }
    }
  }

  private void transferEncoding(int from, int to, boolean request) {
    if (request && minor == 0) {
      // RFC 9112, 6.1: faulty framing, even where it looks right.
      throw Violation.BAD_TRANSFER_ENCODING.exception();
    }
    if (Ascii.equalsIgnoreCase(CHUNKED, bytes, from, to)) {
      framing = Framing.CHUNKED;
      return;
    }
    int last = to;
    while (last > from && bytes[last - 1] != ',') {
      last--;
    }
    while (last < to && (bytes[last] == ' ' || bytes[last] == '\t')) {
      last++;
    }
    boolean endsChunked = last > from && Ascii.equalsIgnoreCase(CHUNKED, bytes, last, to);
    throw (endsChunked && !containsChunked(from, last)
            ? Violation.UNSUPPORTED_TRANSFER_ENCODING
            : Violation.BAD_TRANSFER_ENCODING)
        .exception();
  }

  private boolean containsChunked(int from, int to) {
    for (int i = from; i + CHUNKED.length <= to; i++) {
      if (Ascii.equalsIgnoreCase(CHUNKED, bytes, i, i + CHUNKED.length)) {
        return true;
      }
    }
    return false;
  }

  private long number(int from, int to) {
    if (from == to || to - from > 18) {
      throw Violation.BAD_CONTENT_LENGTH.exception();
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw Violation.BAD_CONTENT_LENGTH.exception();
      }
      value = value * 10 + digit;
    }
    return value;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void connectionOptions(int from, int to) {
    for (int i = from; i < to; ) {
      int comma = indexOf(bytes, (byte) ',', i, to);
      int stop = comma < 0 ? to : comma;
      int start = i;
      while (start < stop && (bytes[start] == ' ' || bytes[start] == '\t')) {
        start++;
      }
      int last = stop;
      while (last > start && (bytes[last - 1] == ' ' || bytes[last - 1] == '\t')) {
        last--;
      }
      close |= Ascii.equalsIgnoreCase(CLOSE, bytes, start, last);
      keepAlive |= Ascii.equalsIgnoreCase(KEEP_ALIVE, bytes, start, last);
      connectionUpgrade |= Ascii.equalsIgnoreCase(UPGRADE, bytes, start, last);
      i = stop + 1;
    }
  }

  /** Bytes of the head with the empty line; -1 before it is complete. */
  public final int end() {
    return end;
  }

  /** How the body is framed. */
  public final Framing framing() {
    return framing;
  }

  /** The value of {@code Content-Length}, or -1. */
  public final long contentLength() {
    return contentLength;
  }

  /** 0 or 1; 1 for a message of HTTP/2. */
  public final int minorVersion() {
    return minor;
  }

  /**
   * The head, which is complete, came over HTTP/2, where frames and not the head say where the
   * content ends. Content whose length nobody has said counts as {@link Framing#CHUNKED}.
   *
   * @param endsHere whether nothing follows
   */
  public final void overHttp2(boolean endsHere) {
    http2 = true;
    framing = endsHere ? Framing.NONE : contentLength < 0 ? Framing.CHUNKED : Framing.LENGTH;
  }

  /** Whether the message came over HTTP/2: its content has no framing of its own. */
  public final boolean isHttp2() {
    return http2;
  }

  /** The version as logs name it. */
  public final String protocol() {
    return http2 ? "HTTP/2" : minor == 0 ? "HTTP/1.0" : "HTTP/1.1";
  }

  /** Whether the sender takes another message on this connection (RFC 9112, 9.3). */
  public final boolean persistent() {
    return !close && (minor == 1 || keepAlive);
  }

  /** Whether {@code Connection: upgrade} and an {@code Upgrade} field are present. */
  public final boolean upgrade() {
    return connectionUpgrade && find(KnownHeader.UPGRADE) >= 0;
  }

  final int startLineEnd() {
    return startLineEnd;
  }

  /** Where the line of field {@code index} ends, with its CRLF. */
  final int lineEnd(int index) {
    return index + 1 < size() ? nameStart(index + 1) : end - 2;
  }
}
