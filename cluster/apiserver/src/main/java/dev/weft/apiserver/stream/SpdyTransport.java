package dev.weft.apiserver.stream;

import dev.weft.apiserver.ChunkInputStream;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What SPDY frames travel in: a connection of their own, or the messages of a WebSocket. */
public interface SpdyTransport {
  /** At its end where the client closes. */
  InputStream in();

  void write(byte[] bytes) throws IOException;

  /** The rest of an upgraded connection. */
  record Raw(InputStream in, DataWriter writer) implements SpdyTransport {
    public static Raw of(DataReader reader, DataWriter writer) {
      return new Raw(new ReaderStream(reader), writer);
    }

    @Override
    public void write(byte[] bytes) {
      writer.writeNow(BufferData.create(bytes));
    }
  }

  /** Binary messages, whose borders mean nothing. */
  record Tunnel(InputStream in, WebSocket socket) implements SpdyTransport {
    public static Tunnel of(WebSocket socket) {
      return new Tunnel(new ChunkInputStream(() -> next(socket)), socket);
    }

    /** Empty messages are none. */
    private static byte[] next(WebSocket socket) throws IOException {
      Optional<byte[]> next = socket.receive();
      while (next.isPresent() && next.get().length == 0) {
        next = socket.receive();
      }
      return next.orElseGet(() -> new byte[0]);
    }

    @Override
    public void write(byte[] bytes) {
      socket.sendBinary(bytes);
    }
  }

  /** Reads what the server has received. */
  final class ReaderStream extends InputStream {
    private final DataReader reader;

    public ReaderStream(DataReader reader) {
      this.reader = reader;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      try {
        reader.ensureAvailable();
        BufferData buffer = reader.readBuffer(Math.min(reader.available(), length));
        return buffer.read(bytes, offset, length);
      } catch (DataReader.InsufficientDataAvailableException e) {
        return -1;
      }
    }
  }
}
