package dev.weft.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/** One side of a connection, blocking, byte by byte where a test wants that. */
public final class Peer implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  public Peer(Socket socket) {
    this.socket = socket;
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Peer connect(int port) {
    return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  public static Peer connect(InetSocketAddress address) {
    try {
      return new Peer(new Socket(address.getAddress(), address.getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A response: status line and fields, body. */
  public record Response(String head, String body) {
    public int status() {
      return Integer.parseInt(head.substring(9, 12));
    }

    boolean has(String line) {
      return head.toLowerCase(Locale.ROOT)
          .contains("\r\n" + line.toLowerCase(Locale.ROOT) + "\r\n");
    }

    public String value(String name) {
      for (String line : head.split("\r\n")) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
          return line.substring(name.length() + 1).strip();
        }
      }
      return "";
    }
  }

  Socket socket() {
    return socket;
  }

  public Peer send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  public Peer send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next head with its empty line; empty at the end of input. */
  public String head() {
    StringBuilder head = new StringBuilder();
    int b = read();
    while (b >= 0) {
      head.append((char) b);
      if (b == '\n' && head.length() >= 4 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
        return head.toString();
      }
      b = read();
    }
    return head.toString();
  }

  public String bytes(int count) {
    try {
      return new String(in.readNBytes(count), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next byte; -1 at the end of input. */
  public int read() {
    try {
      return in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything up to the end of input; a reset counts as the end. */
  public String rest() {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection stays open after " + rest.toString(ISO_8859_1), e);
    } catch (IOException e) {
      // A reset.
    }
    return rest.toString(ISO_8859_1);
  }

  boolean ended() {
    return rest().isEmpty();
  }

  public static int contentLength(String head) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).strip());
      }
    }
    return -1;
  }

  public Response response() {
    String head = head();
    int length = contentLength(head);
    String body = "";
    if (length > 0) {
      body = bytes(length);
    } else if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
      body = chunks();
    }
    return new Response(head, body);
  }

  private String chunks() {
    StringBuilder body = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(line().split(";")[0], 16);
      if (size == 0) {
        while (!line().isEmpty()) {
          // Trailers.
        }
        return body.toString();
      }
      body.append(bytes(size));
      line();
    }
  }

  String line() {
    StringBuilder line = new StringBuilder();
    int b = read();
    while (b >= 0 && b != '\n') {
      if (b != '\r') {
        line.append((char) b);
      }
      b = read();
    }
    return line.toString();
  }

  Response get(String path) {
    send("GET " + path + " HTTP/1.1\r\nHost: app\r\n\r\n");
    return response();
  }

  /** Sends it, ends the output at once, and reads to the end. */
  public String answerOf(String text) {
    send(text);
    endOutput();
    return rest();
  }

  /** Sends back what comes, and one byte more at its end. */
  public void echo() throws IOException {
    byte[] chunk = new byte[64 << 10];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      out.write(chunk, 0, n);
    }
    out.write('.');
  }

  void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
