package dev.weft.apiserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** Reads what comes in pieces as one stream. Confined to one thread at a time. */
public final class ChunkInputStream extends InputStream {

  /** Waits for the next piece; an empty one is the end. */
  @FunctionalInterface
  public interface Chunks {
    byte[] next() throws IOException, InterruptedException;
  }

  private final Chunks chunks;
  private byte[] chunk = {};
  private int at;
  private boolean ended;

  public ChunkInputStream(Chunks chunks) {
    this.chunks = chunks;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!ended && at == chunk.length) {
      try {
        chunk = chunks.next();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
      at = 0;
      ended = chunk.length == 0;
    }
    if (ended) {
      return -1;
    }
    int count = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, bytes, offset, count);
    at += count;
    return count;
  }
}
