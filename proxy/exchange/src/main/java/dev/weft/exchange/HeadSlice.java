package dev.weft.exchange;

import java.nio.charset.StandardCharsets;

/** A range of received bytes as text; set anew for each use. Confined to its connection. */
final class HeadSlice implements CharSequence {
  private byte[] bytes = new byte[0];
  private int from;
  private int to;

  HeadSlice set(byte[] source, int start, int end) {
    bytes = source;
    from = start;
    to = end;
    return this;
  }

  @Override
  public int length() {
    return to - from;
  }

  @Override
  public char charAt(int index) {
    return (char) (bytes[from + index] & 0xff);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new String(bytes, from + start, end - start, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
