package dev.weft.apiserver;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Sends what is written at once: somebody is watching it grow. */
final class FlushedStream extends FilterOutputStream {
  FlushedStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    out.flush();
  }
}
