package dev.weft.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a message as offsets into the bytes that they were parsed from. Confined to
 * the connection that owns it.
 */
public abstract sealed class HeaderFields permits MessageHead {
  static final int MAX_HEADERS = 1000;
  private static final int STEP = 4;
  private static final byte UNKNOWN = -1;
  private static final byte[] NOTHING = new byte[0];

  byte[] bytes = NOTHING;
  private final int maxHeaders;
  private int[] at = new int[16 * STEP];
  private byte[] ids = new byte[16];
  private final short[] first = new short[KnownHeader.COUNT];
  private int count;

  HeaderFields(int maxHeaders) {
    this.maxHeaders = maxHeaders;
    Arrays.fill(first, (short) -1);
  }

  /** Forgets the fields. */
  void clear() {
    bytes = NOTHING;
    Arrays.fill(first, (short) -1);
    count = 0;
  }

  /** Adds a field; those that must not be there twice are refused. */
  final void note(@Nullable KnownHeader known, int name, int nameEnd, int value, int valueEnd) {
    if (count == maxHeaders) {
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

  /** Whether the name of any field has this byte in it. */
  public final boolean nameHas(byte part) {
    for (int i = 0; i < count; i++) {
      if (nameHas(i, part)) {
        return true;
      }
    }
    return false;
  }

  final boolean nameHas(int index, byte part) {
    for (int i = at[index * STEP]; i < at[index * STEP + 1]; i++) {
      if (bytes[i] == part) {
        return true;
      }
    }
    return false;
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

  /** Whether some {@code Connection} field names this header, which is then meant for one hop. */
  final boolean nominated(int index) {
    int length = nameEnd(index) - nameStart(index);
    for (int i = first[KnownHeader.CONNECTION.ordinal()]; i >= 0 && i < count; i++) {
      if (is(i, KnownHeader.CONNECTION) && nominated(i, nameStart(index), length)) {
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

  final String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
