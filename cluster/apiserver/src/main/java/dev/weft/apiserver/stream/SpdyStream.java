package dev.weft.apiserver.stream;

import dev.weft.apiserver.ChunkInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;

/** One stream of a {@link SpdyConnection}. Reading and writing are confined to a thread each. */
final class SpdyStream {
  /** A reader that is further behind stops the whole connection: there is no flow control. */
  private static final int WAITING_CHUNKS = 256;

  private static final byte[] END = new byte[0];

  private final int id;
  private final Map<String, String> headers;
  private final SpdyConnection connection;
  private final LinkedBlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>(WAITING_CHUNKS);
  private volatile boolean closed;

  SpdyStream(int id, Map<String, String> headers, SpdyConnection connection) {
    this.id = id;
    this.headers = headers;
    this.connection = connection;
  }

  /** A header that the client opened the stream with; "" where it did not send it. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  void received(byte[] chunk) throws IOException {
    try {
      if (!closed) {
        chunks.put(chunk);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** The client writes no more. */
  void receivedAll() {
    closed = true;
    if (!chunks.offer(END)) {
      chunks.clear();
      chunks.add(END);
    }
  }

  /** Ends this side. */
  void finish() throws IOException {
    connection.write(id, END, true);
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    connection.write(id, Arrays.copyOfRange(bytes, offset, offset + length), false);
  }

  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        SpdyStream.this.write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        SpdyStream.this.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        finish();
      }
    };
  }

  InputStream input() {
    return new ChunkInputStream(chunks::take);
  }
}
