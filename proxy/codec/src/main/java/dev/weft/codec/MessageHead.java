package dev.weft.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1 message as offsets into the bytes that it was parsed from. Strict by RFC
 * 9112; reusable. Confined to the connection that owns it.
 *
 * <p>The caller keeps the bytes of the head, from its first byte, at the start of one array, and
 * calls {@link #parse} whenever it appended some. A line that is complete is looked at once.
 */
public abstract sealed class MessageHead permits RequestHead, ResponseHead {
  static final int MAX_HEADERS = 1000;
  private static final int STEP = 4;
  private static final byte UNKNOWN = -1;
  private static final byte[] NOTHING = new byte[0];

  /** How the length of the body is given. */
  public enum Framing {
    NONE,
    LENGTH,
    CHUNKED,
    UNTIL_CLOSE
  }

  final HeadLimits limits;
  byte[] bytes = NOTHING;
  Framing framing = Framing.NONE;
  long contentLength = -1;
  int minor;
  boolean close;
  boolean keepAlive;
  boolean connectionUpgrade;
  int startLineEnd;

  private int[] at = new int[16 * STEP];
  private byte[] ids = new byte[16];
  private final short[] first = new short[KnownHeader.COUNT];
  private int count;
  private int lineStart;
  private int scanned;
  private int end = -1;

  MessageHead(HeadLimits limits) {
    this.limits = limits;
    Arrays.fill(first, (short) -1);
  }

  /** Forgets the message, for the next one. */
  public void reset() {
    bytes = NOTHING;
    framing = Framing.NONE;
    contentLength = -1;
    minor = 0;
    close = false;
    keepAlive = false;
    connectionUpgrade = false;
    startLineEnd = 0;
    Arrays.fill(first, (short) -1);
    count = 0;
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

  private void note(@Nullable KnownHeader known, int name, int nameEnd, int value, int valueEnd) {
    if (count == limits.maxHeaders()) {
      throw Violation.TOO_MANY_HEADERS.exception();
    }
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, count * 2);
      at = Arrays.copyOf(at, count * 2 * STEP);
    }
    ids[count] = UNKNOWN;
    if (known != null) {
      int id = known.ordinal();
      ids[count] = (byte) id;
      if (first[id] < 0) {
        first[id] = (short) count;
      } else if (known == KnownHeader.HOST) {
        throw Violation.DUPLICATE_HOST.exception();
      } else if (known == KnownHeader.CONTENT_LENGTH) {
        throw Violation.DUPLICATE_CONTENT_LENGTH.exception();
      } else if (known == KnownHeader.TRANSFER_ENCODING) {
        throw Violation.BAD_TRANSFER_ENCODING.exception();
      }
    }
    int base = count++ * STEP;
    at[base] = name;
    at[base + 1] = nameEnd;
    at[base + 2] = value;
    at[base + 3] = valueEnd;
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
    int length = first[KnownHeader.CONTENT_LENGTH.ordinal()];
    int coding = first[KnownHeader.TRANSFER_ENCODING.ordinal()];
    if (coding >= 0) {
      if (length >= 0) {
        throw Violation.LENGTH_AND_CHUNKED.exception();
      }
      transferEncoding(at[coding * STEP + 2], at[coding * STEP + 3], request);
    } else if (length >= 0) {
      contentLength = number(at[length * STEP + 2], at[length * STEP + 3]);
      framing = contentLength == 0 ? Framing.NONE : Framing.LENGTH;
    }
    for (int i = first[KnownHeader.CONNECTION.ordinal()]; i >= 0 && i < count; i++) {
      if (ids[i] == KnownHeader.CONNECTION.ordinal()) {
        connectionOptions(at[i * STEP + 2], at[i * STEP + 3]);
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

  private static final byte[] CHUNKED = ascii("chunked");
  private static final byte[] CLOSE = ascii("close");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");
  private static final byte[] UPGRADE = ascii("upgrade");

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

  /** Whether some {@code Connection} field names this header, which is then meant for one hop. */
  final boolean nominated(int index) {
    int length = nameEnd(index) - nameStart(index);
    for (int i = first[KnownHeader.CONNECTION.ordinal()]; i >= 0 && i < count; i++) {
      if (ids[i] == KnownHeader.CONNECTION.ordinal() && nominated(i, nameStart(index), length)) {
        return true;
      }
    }
    return false;
  }

  private boolean nominated(int connection, int name, int length) {
    int to = valueEnd(connection);
    for (int i = valueStart(connection); i + length <= to; i++) {
      boolean starts = i == valueStart(connection) || separator(bytes[i - 1]);
      boolean ends = i + length == to || separator(bytes[i + length]);
      if (starts && ends && regionMatches(i, name, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean separator(byte b) {
    return b == ',' || b == ' ' || b == '\t';
  }

  private boolean regionMatches(int a, int b, int length) {
    for (int i = 0; i < length; i++) {
      if (Ascii.lower(bytes[a + i]) != Ascii.lower(bytes[b + i])) {
        return false;
      }
    }
    return true;
  }

  /** Bytes of the head with the empty line; -1 before it is complete. */
  public final int end() {
    return end;
  }

  /** Whether not even one byte of a start line was seen. */
  public final boolean started() {
    return startLineEnd > 0;
  }

  /** How the body is framed. */
  public final Framing framing() {
    return framing;
  }

  /** The value of {@code Content-Length}, or -1. */
  public final long contentLength() {
    return contentLength;
  }

  /** 0 or 1. */
  public final int minorVersion() {
    return minor;
  }

  /** Whether the sender takes another message on this connection (RFC 9112, 9.3). */
  public final boolean persistent() {
    return !close && (minor == 1 || keepAlive);
  }

  /** Whether {@code Connection: upgrade} and an {@code Upgrade} field are present. */
  public final boolean upgrade() {
    return connectionUpgrade && first[KnownHeader.UPGRADE.ordinal()] >= 0;
  }

  /** The number of header fields. */
  public final int size() {
    return count;
  }

  /** The array that the offsets point into. */
  public final byte[] bytes() {
    return bytes;
  }

  /** Index of the first field of this name, or -1. */
  public final int find(KnownHeader header) {
    return first[header.ordinal()];
  }

  /** Index of the first field of this lower-case name at or after {@code from}, or -1. */
  public final int find(byte[] lowerName, int from) {
    for (int i = from; i < count; i++) {
      if (Ascii.equalsIgnoreCase(lowerName, bytes, at[i * STEP], at[i * STEP + 1])) {
        return i;
      }
    }
    return -1;
  }

  /** Index of the first field of this lower-case name at or after {@code from}, or -1. */
  public final int find(String lowerName, int from) {
    for (int i = from; i < count; i++) {
      if (nameIs(i, lowerName)) {
        return i;
      }
    }
    return -1;
  }

  private boolean nameIs(int index, String lowerName) {
    int start = at[index * STEP];
    int length = lowerName.length();
    if (at[index * STEP + 1] - start != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Ascii.lower(bytes[start + i]) != lowerName.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether field {@code index} has this name. */
  public final boolean is(int index, KnownHeader header) {
    return ids[index] == header.ordinal();
  }

  final int id(int index) {
    return ids[index];
  }

  final int startLineEnd() {
    return startLineEnd;
  }

  public final int nameStart(int index) {
    return at[index * STEP];
  }

  public final int nameEnd(int index) {
    return at[index * STEP + 1];
  }

  public final int valueStart(int index) {
    return at[index * STEP + 2];
  }

  public final int valueEnd(int index) {
    return at[index * STEP + 3];
  }

  /** Where the line of field {@code index} ends, with its CRLF. */
  final int lineEnd(int index) {
    return index + 1 < count ? at[(index + 1) * STEP] : end - 2;
  }

  /** The name of field {@code index} as it was sent. */
  public final String name(int index) {
    return text(nameStart(index), nameEnd(index));
  }

  /** The value of field {@code index}. */
  public final String value(int index) {
    return text(valueStart(index), valueEnd(index));
  }

  /** The value of the first field of this name, or null. */
  public final @Nullable String value(KnownHeader header) {
    int index = find(header);
    return index < 0 ? null : value(index);
  }

  /** All values of a header, joined by a comma (RFC 9110, 5.3), or null. */
  public final @Nullable String value(String lowerName) {
    int index = find(lowerName, 0);
    if (index < 0) {
      return null;
    }
    String value = value(index);
    for (int i = find(lowerName, index + 1); i >= 0; i = find(lowerName, i + 1)) {
      value = value + "," + value(i);
    }
    return value;
  }

  final String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
