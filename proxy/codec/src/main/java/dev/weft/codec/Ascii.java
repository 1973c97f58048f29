package dev.weft.codec;

/** Character classes of RFC 9110 and comparisons over bytes. */
final class Ascii {
  static final byte TOKEN = 1;
  static final byte FIELD = 2;
  static final byte TARGET = 4;
  static final byte HOST = 8;
  private static final byte[] CLASS = classes();

  private Ascii() {}

  static boolean is(byte b, byte mask) {
    return (CLASS[b & 0xff] & mask) != 0;
  }

  static boolean equalsIgnoreCase(byte[] lower, byte[] bytes, int from, int to) {
    if (to - from != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      if (lower(bytes[from + i]) != lower[i]) {
        return false;
      }
    }
    return true;
  }

  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
  }

  static int hexDigit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int c = b | 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int c = 0; c < 256; c++) {
      boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (alphanumeric || c < 128 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
        classes[c] |= TOKEN;
      }
      if (c == '\t' || c >= 0x20 && c != 0x7f) {
        classes[c] |= FIELD;
      }
      // Bytes over 0x7f are not in the grammar, but clients send them raw and servers take them.
      if (c > 0x20 && c != 0x7f) {
        classes[c] |= TARGET;
      }
      if (alphanumeric || c < 128 && "-._~%!$&'()*+,;=:[]".indexOf(c) >= 0) {
        classes[c] |= HOST;
      }
    }
    return classes;
  }
}
