package dev.weft.lab.image.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Each write becomes a chunk. Source: RFC 9112, section 7.1. */
final class ChunkedOutput extends OutputStream {
  private final OutputStream out;

  ChunkedOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (length > 0) {
      ascii(Integer.toHexString(length) + "\r\n");
      out.write(bytes, from, length);
      ascii("\r\n");
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  void end() throws IOException {
    ascii("0\r\n\r\n");
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
