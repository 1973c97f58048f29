package dev.weft.exchange.trace;

/** Identifiers of 64 bits in hexadecimal digits. */
final class HexIds {
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  /** Digits of one identifier. */
  static final int LENGTH = 16;

  private HexIds() {}

  /** Appends all sixteen digits. */
  static StringBuilder append(StringBuilder out, long id) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out.append(DIGITS[(int) (id >>> shift & 15)]);
    }
    return out;
  }

  /** Whether a range of a text is one to sixteen hexadecimal digits. */
  static boolean are(CharSequence text, int from, int to) {
    if (from < 0 || to > text.length() || to <= from || to - from > LENGTH) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (digit(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The number that hexadecimal digits are. */
  static long parse(CharSequence text, int from, int to) {
    long id = 0;
    for (int i = from; i < to; i++) {
      id = id << 4 | digit(text.charAt(i));
    }
    return id;
  }

  private static int digit(char c) {
    // Other scripts have digits, too.
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
