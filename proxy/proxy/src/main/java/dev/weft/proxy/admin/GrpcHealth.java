package dev.weft.proxy.admin;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One call of {@code grpc.health.v1.Health/Check} in plaintext, as the kubelet makes it: by hand,
 * because a probe wants no event loop. Frames are those of RFC 9113, header fields those of RFC
 * 7541 without compression; of the answer, only the message counts.
 */
final class GrpcHealth {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 0x1;
  private static final int ACK = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int LARGEST_FRAME = 16_384;

  /** Compressed or not, and the length. */
  private static final int MESSAGE_HEAD = 5;

  private static final int STATUS_FIELD = 0x08;
  private static final int SERVING = 1;

  private GrpcHealth() {}

  /**
   * Asks.
   *
   * @param service as in the probe; may be empty
   * @return whether the answer is SERVING
   * @throws IOException where there is no answer in time, or none that is gRPC
   */
  static boolean serving(InetSocketAddress server, InetAddress from, String service, Duration limit)
      throws IOException {
    try (Socket socket = new Socket()) {
      int millis = Math.toIntExact(limit.toMillis());
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(server, millis);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(call(server, service));
      return serving(new DataInputStream(socket.getInputStream()), socket.getOutputStream());
    }
  }

  private static byte[] call(InetSocketAddress server, String service) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii(PREFACE));
    frame(out, SETTINGS, 0, 0, new byte[0]);
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    // :method POST and :scheme http, as they stand in the static table.
    fields.write(0x83);
    fields.write(0x86);
    // The others are literals: of :path, :authority, content-type by index, then of te.
    fields.write(0x04);
    text(fields, "/grpc.health.v1.Health/Check");
    fields.write(0x01);
    text(fields, server.getHostString() + ":" + server.getPort());
    fields.write(0x0f);
    fields.write(0x10);
    text(fields, "application/grpc");
    fields.write(0x00);
    text(fields, "te");
    text(fields, "trailers");
    frame(out, HEADERS, END_HEADERS, 1, fields.toByteArray());
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    if (name.length > 127) {
      throw new IOException("the name of the service is longer than 127 bytes");
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int size = name.length == 0 ? 0 : 2 + name.length;
    message.writeBytes(new byte[] {0, 0, 0, 0, (byte) size});
    if (size > 0) {
      message.write(0x0a);
      message.write(name.length);
      message.writeBytes(name);
    }
    frame(out, DATA, END_STREAM, 1, message.toByteArray());
    return out.toByteArray();
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    out.writeBytes(
        new byte[] {
          0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags
        });
    out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
    out.writeBytes(payload);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = ascii(text);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean serving(DataInputStream in, OutputStream out) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt() & Integer.MAX_VALUE;
      if (length > LARGEST_FRAME) {
        throw new IOException("a frame of " + length + " bytes is no answer of a gRPC server");
      }
      byte[] payload = in.readNBytes(length);
      if (type == SETTINGS && (flags & ACK) == 0) {
        ByteArrayOutputStream ack = new ByteArrayOutputStream();
        frame(ack, SETTINGS, ACK, 0, new byte[0]);
        out.write(ack.toByteArray());
      } else if (type == GOAWAY || type == RST_STREAM) {
        throw new IOException("the gRPC server broke the call off");
      } else if (type == DATA && stream == 1) {
        int start = (flags & PADDED) == 0 ? 0 : 1;
        int end = start == 0 || length == 0 ? length : length - (payload[0] & 0xff);
        message.write(payload, start, Math.max(0, end - start));
        if (message.size() > MESSAGE_HEAD && complete(message.toByteArray())) {
          return status(message.toByteArray()) == SERVING;
        }
      }
      if ((type == DATA || type == HEADERS) && stream == 1 && (flags & END_STREAM) != 0) {
        throw new IOException("the gRPC server does not say how it is");
      }
    }
  }

  private static boolean complete(byte[] message) {
    return message.length >= MESSAGE_HEAD + (message[4] & 0xff);
  }

  /** The only field that a HealthCheckResponse has; 0 (unknown) is not written. */
  private static int status(byte[] message) {
    return message.length >= MESSAGE_HEAD + 2 && message[MESSAGE_HEAD] == STATUS_FIELD
        ? message[MESSAGE_HEAD + 1]
        : 0;
  }
}
