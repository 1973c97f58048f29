package dev.weft.server.log;

import dev.weft.codec.Decimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A line under construction. Confined to its event loop. */
public final class LogText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[16 * 1024];
  private int length;
  private boolean escape;

  /** How long the line is by now, in bytes. */
  public int length() {
    return length;
  }

  /** Drops what was appended from the first such character on, not before a place. */
  public void cutAt(char end, int from) {
    for (int i = from; i < length; i++) {
      if (bytes[i] == end) {
        length = i;
      }
    }
  }

  void cut(int to) {
    length = Math.min(length, to);
  }

  /** Whether values are made safe for the inside of a JSON string. */
  void escape(boolean on) {
    escape = on;
  }

  void clear() {
    length = 0;
  }

  /** What was appended, of Latin-1 characters. */
  String asText() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** The number that was appended. */
  long asNumber() {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number * 10 + bytes[i] - '0';
    }
    return number;
  }

  /** Hands everything to a sink, and begins again; false where the sink is full. */
  boolean offerTo(LogSink sink, String path) {
    boolean taken = sink.offer(path, bytes, length);
    length = 0;
    return taken;
  }

  void raw(byte[] text) {
    ensure(text.length);
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
  }

  void raw(char c) {
    ensure(1);
    bytes[length++] = (byte) c;
  }

  /** Appends a text of Latin-1 characters, as header fields are; others become question marks. */
  public void text(String text) {
    int size = text.length();
    ensure(size * 6);
    for (int i = 0; i < size; i++) {
      char c = text.charAt(i);
      put(c < 256 ? (byte) c : (byte) '?');
    }
  }

  /** Appends a range of received bytes. */
  public void bytes(byte[] from, int start, int end) {
    ensure((end - start) * 6);
    for (int i = start; i < end; i++) {
      put(from[i]);
    }
  }

  /** Appends a number that is not negative. */
  public void number(long value) {
    ensure(20);
    length = Decimal.write(bytes, length, value);
  }

  /** Appends a text; false where it is empty. */
  public boolean textIfAny(String text) {
    text(text);
    return !text.isEmpty();
  }

  /** Appends a number, 0 for a negative one; always true. */
  public boolean amount(long value) {
    number(Math.max(0, value));
    return true;
  }

  /** Appends a number with leading zeros. */
  public void digits(int value, int width) {
    ensure(width);
    int rest = value;
    for (int i = length + width - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
  }

  /** Appends one ASCII character that needs no escaping. */
  public void character(char c) {
    raw(c);
  }

  private void put(byte b) {
    if (escape && (b == '"' || b == '\\')) {
      bytes[length++] = '\\';
      bytes[length++] = b;
    } else if (escape && (b >= 0 && b < 0x20 || b < 0)) {
      // Bytes over 0x7f may not be UTF-8; JSON readers must never stumble.
      bytes[length++] = '\\';
      bytes[length++] = 'u';
      bytes[length++] = '0';
      bytes[length++] = '0';
      bytes[length++] = HEX[b >> 4 & 15];
      bytes[length++] = HEX[b & 15];
    } else {
      bytes[length++] = b;
    }
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
