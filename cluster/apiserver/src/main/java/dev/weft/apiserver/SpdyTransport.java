package dev.weft.apiserver;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** What SPDY frames travel in: a connection of their own, or the messages of a WebSocket. */
interface SpdyTransport {
  /** At its end where the client closes. */
  InputStream in();

  void write(byte[] bytes) throws IOException;

  /** The rest of an upgraded connection. */
  record Raw(InputStream in, DataWriter writer) implements SpdyTransport {
    static Raw of(DataReader reader, DataWriter writer) {
      return new Raw(new ReaderStream(reader), writer);
    }

    @Override
    public void write(byte[] bytes) {
      writer.writeNow(BufferData.create(bytes));
    }
  }

  /** Binary messages, whose borders mean nothing. */
  record Tunnel(InputStream in, WebSocket socket) implements SpdyTransport {
    static Tunnel of(WebSocket socket) {
      return new Tunnel(new MessageStream(socket), socket);
    }

    @Override
    public void write(byte[] bytes) {
      socket.sendBinary(bytes);
    }
  }

  /** Reads what the server has received. */
  final class ReaderStream extends InputStream {
    private final DataReader reader;

    ReaderStream(DataReader reader) {
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

  /** Reads the messages of a WebSocket as one stream. */
  final class MessageStream extends InputStream {
    private final WebSocket socket;
    private byte[] message = new byte[0];
    private int at;

    MessageStream(WebSocket socket) {
      this.socket = socket;
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
      while (at == message.length) {
        Optional<byte[]> next = socket.receive();
        if (next.isEmpty()) {
          return -1;
        }
        message = next.get();
        at = 0;
      }
      int count = Math.min(length, message.length - at);
      System.arraycopy(message, at, bytes, offset, count);
      at += count;
      return count;
    }
  }
}
