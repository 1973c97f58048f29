package dev.weft.runtime;

import java.io.ByteArrayOutputStream;

/** Writes elements of the distinguished encoding rules of ASN.1 (X.690). */
public final class Der {
  public static final int SEQUENCE = 0x30;
  public static final int OCTETS = 0x04;

  private static final int LONGEST_SHORT = 0x7f;

  private Der() {}

  /** An element: its tag, the length of its contents, and those one after the other. */
  public static byte[] element(int tag, byte[]... contents) {
    byte[] content = joined(contents);
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
    out.write(tag);
    if (content.length <= LONGEST_SHORT) {
      out.write(content.length);
    } else {
      int bytes = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(content.length >>> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  /** One after the other. */
  public static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
