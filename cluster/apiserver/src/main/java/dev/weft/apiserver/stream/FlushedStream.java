package dev.weft.apiserver.stream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Sends what is written at once: somebody is watching it grow. */
public final class FlushedStream extends FilterOutputStream {
  public FlushedStream(OutputStream out) {
    super(out);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    out.flush();
  }
}
