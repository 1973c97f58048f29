package dev.weft.apiserver.stream;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The server side of SPDY/3.1 as Kubernetes clients speak it: the client opens streams, both sides
 * write. There is no flow control, as in the library that those clients use (moby/spdystream).
 */
final class SpdyConnection implements AutoCloseable {
  private static final int SYN_STREAM = 1;
  private static final int SYN_REPLY = 2;
  private static final int RST_STREAM = 3;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int FIN = 1;
  private static final int LARGEST_FRAME = 1 << 20;
  private static final int MAX_STREAMS = 1000;

  /** Takes a stream that the client opened, on the reading thread. */
  interface Acceptor {
    void accept(SpdyStream stream) throws IOException;
  }

  private final SpdyTransport transport;
  private final Acceptor acceptor;
  private final SpdyHeaders headers = new SpdyHeaders();
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  private final Object writing = new Object();

  SpdyConnection(SpdyTransport transport, Acceptor acceptor) {
    this.transport = transport;
    this.acceptor = acceptor;
  }

  /**
   * Reads until the client goes.
   *
   * @throws IOException where it breaks the protocol or the connection
   */
  void run() throws IOException {
    DataInputStream in = new DataInputStream(transport.in());
    while (true) {
      int first;
      try {
        first = in.readInt();
      } catch (EOFException e) {
        return;
      }
      int second = in.readInt();
      int length = second & 0xffffff;
      int flags = second >>> 24;
      if (length > LARGEST_FRAME) {
        throw new IOException("a frame has " + length + " bytes");
      }
      byte[] payload = new byte[length];
      in.readFully(payload);
      if (first >= 0) {
        data(first, flags, payload);
      } else if (!control(first & 0xffff, flags, payload)) {
        return;
      }
    }
  }

  private void data(int id, int flags, byte[] payload) throws IOException {
    SpdyStream stream = streams.get(id);
    if (stream == null) {
      return;
    }
    if (payload.length > 0) {
      stream.received(payload);
    }
    if ((flags & FIN) != 0) {
      stream.receivedAll();
    }
  }

  /** False where the client says goodbye. */
  private boolean control(int type, int flags, byte[] payload) throws IOException {
    switch (type) {
      case SYN_STREAM -> open(flags, payload);
      case RST_STREAM -> {
        SpdyStream stream = streams.remove(number(payload, 0));
        if (stream != null) {
          stream.receivedAll();
        }
      }
      case PING -> frame(controlHead(PING), 0, payload);
      case GOAWAY -> {
        return false;
      }
      default -> {
        // Settings, windows and later headers change nothing here.
      }
    }
    return true;
  }

  private void open(int flags, byte[] payload) throws IOException {
    if (payload.length < 10 || streams.size() >= MAX_STREAMS) {
      throw new IOException("a stream cannot be opened");
    }
    int id = number(payload, 0) & 0x7fffffff;
    Map<String, String> fields = headers.decode(payload, 10, payload.length - 10);
    SpdyStream stream = new SpdyStream(id, fields, this);
    streams.put(id, stream);
    synchronized (writing) {
      byte[] block = headers.encode();
      byte[] reply = new byte[4 + block.length];
      put(reply, 0, id);
      System.arraycopy(block, 0, reply, 4, block.length);
      frame(controlHead(SYN_REPLY), 0, reply);
    }
    if ((flags & FIN) != 0) {
      stream.receivedAll();
    }
    acceptor.accept(stream);
  }

  private static int controlHead(int type) {
    return 0x80030000 | type;
  }

  private static int number(byte[] bytes, int at) throws IOException {
    if (bytes.length < at + 4) {
      throw new IOException("a frame is cut off");
    }
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  private static void put(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 24);
    bytes[at + 1] = (byte) (value >> 16);
    bytes[at + 2] = (byte) (value >> 8);
    bytes[at + 3] = (byte) value;
  }

  private void frame(int head, int flags, byte[] payload) throws IOException {
    byte[] frame = new byte[8 + payload.length];
    put(frame, 0, head);
    put(frame, 4, flags << 24 | payload.length);
    System.arraycopy(payload, 0, frame, 8, payload.length);
    synchronized (writing) {
      try {
        transport.write(frame);
      } catch (UncheckedIOException e) {
        throw new IOException(e);
      }
    }
  }

  void write(int id, byte[] bytes, boolean last) throws IOException {
    frame(id, last ? FIN : 0, bytes);
  }

  /** Ends all streams; the transport is the caller's. */
  @Override
  public void close() {
    streams.values().forEach(SpdyStream::receivedAll);
    synchronized (writing) {
      headers.close();
    }
  }
}
