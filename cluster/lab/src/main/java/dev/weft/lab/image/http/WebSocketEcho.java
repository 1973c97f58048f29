package dev.weft.lab.image.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A WebSocket that sends back every message. Source: RFC 6455. */
public final class WebSocketEcho {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int LONGEST_FRAME = 1 << 20;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private WebSocketEcho() {}

  /** 101, or 400 or 426 where the request is no handshake of version 13. */
  public static HttpResponse answer(HttpRequest request) {
    var key = request.header("Sec-WebSocket-Key");
    boolean upgrade = request.header("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
    if (!upgrade || key.isEmpty()) {
      return HttpResponse.text(400, "text/plain; charset=utf-8", "Not a WebSocket handshake.\n");
    }
    if (request.header("Sec-WebSocket-Version").filter("13"::equals).isEmpty()) {
      return HttpResponse.text(426, "text/plain; charset=utf-8", "Only version 13.\n")
          .with("Sec-WebSocket-Version", "13");
    }
    return HttpResponse.upgrade("websocket", WebSocketEcho::echo)
        .with("Sec-WebSocket-Accept", accept(key.get()));
  }

  static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static void echo(InputStream in, OutputStream out) throws IOException {
    boolean open = true;
    while (open) {
      int head = in.read();
      if (head < 0) {
        return;
      }
      int opcode = head & 0x0f;
      byte[] payload = payload(in);
      switch (opcode) {
        case CLOSE -> {
          frame(out, 0x80 | CLOSE, payload);
          open = false;
        }
        case PING -> frame(out, 0x80 | PONG, payload);
        case PONG -> open = true;
        default -> frame(out, head, payload);
      }
      out.flush();
    }
  }

  private static byte[] payload(InputStream in) throws IOException {
    int second = number(in, 1);
    long length = second & 0x7f;
    if (length == 126) {
      length = number(in, 2);
    } else if (length == 127) {
      length = (long) number(in, 4) << 32 | number(in, 4) & 0xffffffffL;
    }
    if ((second & 0x80) == 0 || length < 0 || length > LONGEST_FRAME) {
      throw new IOException("a frame that is not masked or too long");
    }
    byte[] mask = exactly(in, 4);
    byte[] bytes = exactly(in, (int) length);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= mask[i & 3];
    }
    return bytes;
  }

  private static void frame(OutputStream out, int head, byte[] payload) throws IOException {
    out.write(head);
    if (payload.length < 126) {
      out.write(payload.length);
    } else if (payload.length < 1 << 16) {
      out.write(126);
      out.write(payload.length >>> 8);
      out.write(payload.length);
    } else {
      out.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) payload.length >>> shift));
      }
    }
    out.write(payload);
  }

  private static int number(InputStream in, int bytes) throws IOException {
    int value = 0;
    for (byte b : exactly(in, bytes)) {
      value = value << 8 | b & 0xff;
    }
    return value;
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection ended in a frame");
    }
    return bytes;
  }
}
