package dev.weft.apiserver.stream;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/**
 * The server side of one WebSocket (RFC 6455). Reading is confined to one thread; writing is
 * thread-safe.
 */
public final class WebSocket {
  private static final int LARGEST_MESSAGE = 1 << 20;
  private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final DataReader reader;
  private final DataWriter writer;
  private final Object writing = new Object();
  private boolean closeSent;

  public WebSocket(DataReader reader, DataWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** Answers the upgrade; {@code protocol} is the chosen sub-protocol, "" for none. */
  public void accept(String key, String protocol) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_SALT).getBytes(StandardCharsets.US_ASCII));
      String head =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(digest)
              + (protocol.isEmpty() ? "" : "\r\nSec-WebSocket-Protocol: " + protocol)
              + "\r\n\r\n";
      writer.writeNow(BufferData.create(head.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The next message; empty when the client closes.
   *
   * @throws IOException where the client breaks the protocol or the connection
   */
  public Optional<byte[]> receive() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try {
      while (true) {
        int first = reader.read() & 0xff;
        int second = reader.read() & 0xff;
        int opcode = first & 0x0f;
        if ((second & 0x80) == 0 || (first & 0x70) != 0) {
          throw new IOException("a frame is not masked or uses an extension");
        }
        byte[] payload = payload(second & 0x7f);
        switch (opcode) {
          case CONTINUATION, TEXT, BINARY -> {
            message.write(payload);
            if (message.size() > LARGEST_MESSAGE) {
              throw new IOException("a message is larger than " + LARGEST_MESSAGE + " bytes");
            }
            if ((first & 0x80) != 0) {
              return Optional.of(message.toByteArray());
            }
          }
          case CLOSE -> {
            close(1000);
            return Optional.empty();
          }
          case PING -> frame(PONG, payload, 0, payload.length);
          case PONG -> {}
          default -> throw new IOException("a frame has opcode " + opcode);
        }
      }
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new IOException("the client left", e);
    }
  }

  private byte[] payload(int code) throws IOException {
    long length = code;
    int more = code == 126 ? 2 : code == 127 ? 8 : 0;
    if (more > 0) {
      length = 0;
      for (int i = 0; i < more; i++) {
        length = length << 8 | (reader.read() & 0xff);
      }
    }
    if (length < 0 || length > LARGEST_MESSAGE) {
      throw new IOException("a frame is larger than " + LARGEST_MESSAGE + " bytes");
    }
    byte[] mask = new byte[4];
    for (int i = 0; i < 4; i++) {
      mask[i] = reader.read();
    }
    byte[] payload = new byte[(int) length];
    int at = 0;
    while (at < payload.length) {
      reader.ensureAvailable();
      BufferData buffer = reader.readBuffer(Math.min(reader.available(), payload.length - at));
      at += buffer.read(payload, at, payload.length - at);
    }
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return payload;
  }

  /** Sends one binary message; {@code prefix} is its first byte. */
  public void send(int prefix, byte[] bytes, int offset, int length) {
    byte[] message = new byte[length + 1];
    message[0] = (byte) prefix;
    System.arraycopy(bytes, offset, message, 1, length);
    frame(BINARY, message, 0, message.length);
  }

  void sendBinary(byte[] bytes) {
    frame(BINARY, bytes, 0, bytes.length);
  }

  public void sendText(byte[] text) {
    frame(TEXT, text, 0, text.length);
  }

  private void frame(int opcode, byte[] bytes, int offset, int length) {
    byte[] frame = new byte[length + 10];
    frame[0] = (byte) (0x80 | opcode);
    int head;
    if (length < 126) {
      frame[1] = (byte) length;
      head = 2;
    } else if (length < 65536) {
      frame[1] = 126;
      frame[2] = (byte) (length >> 8);
      frame[3] = (byte) length;
      head = 4;
    } else {
      frame[1] = 127;
      for (int i = 0; i < 8; i++) {
        frame[2 + i] = (byte) ((long) length >> (56 - 8 * i));
      }
      head = 10;
    }
    System.arraycopy(bytes, offset, frame, head, length);
    synchronized (writing) {
      if (!closeSent) {
        writer.writeNow(BufferData.create(frame, 0, head + length));
      }
    }
  }

  /** Says goodbye, once. */
  public void close(int code) {
    synchronized (writing) {
      frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, 0, 2);
      closeSent = true;
    }
  }
}
