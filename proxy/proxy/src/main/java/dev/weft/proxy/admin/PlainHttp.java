package dev.weft.proxy.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request over a socket of its own, perhaps inside of TLS: for probes, scrapes and the
 * command line.
 */
public final class PlainHttp {
  private static final int MAX_RESPONSE = 64 << 20;

  private PlainHttp() {}

  /** A response: everything that probes and people need. */
  public record Response(int status, String contentType, String location, String body) {}

  /**
   * Asks in plaintext.
   *
   * @param from local address to connect from; null: any
   * @throws IOException where there is no (valid) answer in time
   */
  public static Response ask(
      InetSocketAddress server,
      @Nullable InetAddress from,
      String method,
      String path,
      Map<String, String> headers,
      Duration limit)
      throws IOException {
    return ask(server, from, null, method, path, headers, limit);
  }

  /**
   * Asks.
   *
   * @param from local address to connect from; null: any
   * @param tls makes the connection one of TLS; null: plaintext
   * @throws IOException where there is no (valid) answer in time
   */
  static Response ask(
      InetSocketAddress server,
      @Nullable InetAddress from,
      @Nullable SSLSocketFactory tls,
      String method,
      String path,
      Map<String, String> headers,
      Duration limit)
      throws IOException {
    try (Socket socket = new Socket()) {
      int millis = Math.toIntExact(limit.toMillis());
      if (from != null) {
        socket.bind(new InetSocketAddress(from, 0));
      }
      socket.connect(server, millis);
      socket.setSoTimeout(millis);
      StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      if (headers.keySet().stream().noneMatch(h -> h.equalsIgnoreCase("host"))) {
        head.append("Host: ").append(server.getHostString()).append("\r\n");
      }
      head.append("Connection: close\r\n\r\n");
      byte[] request = head.toString().getBytes(StandardCharsets.ISO_8859_1);
      if (tls == null) {
        return exchange(socket, request);
      }
      try (Socket secured =
          tls.createSocket(socket, server.getHostString(), server.getPort(), true)) {
        return exchange(secured, request);
      }
    }
  }

  private static Response exchange(Socket socket, byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    return read(socket.getInputStream());
  }

  private static Response read(InputStream in) throws IOException {
    String status = line(in);
    String[] words = status.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
      throw new IOException("not HTTP: " + status);
    }
    String type = "text/plain";
    String location = "";
    boolean chunked = false;
    int length = -1;
    String header = line(in);
    while (!header.isEmpty()) {
      int colon = header.indexOf(':');
      String name = colon < 0 ? header : header.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = colon < 0 ? "" : header.substring(colon + 1).strip();
      switch (name) {
        case "content-type" -> type = value;
        case "location" -> location = value;
        case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
        case "content-length" -> length = number(value, 10);
        default -> {}
      }
      header = line(in);
    }
    byte[] body =
        chunked ? chunks(in) : length >= 0 ? in.readNBytes(length) : in.readNBytes(MAX_RESPONSE);
    return new Response(
        number(words[1], 10), type, location, new String(body, StandardCharsets.UTF_8));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int size = number(line(in).split(";", 2)[0].strip(), 16);
    while (size > 0) {
      if (out.size() + size > MAX_RESPONSE) {
        throw new IOException("the response is too large");
      }
      out.writeBytes(in.readNBytes(size));
      line(in);
      size = number(line(in).split(";", 2)[0].strip(), 16);
    }
    return out.toByteArray();
  }

  private static int number(String text, int radix) throws IOException {
    try {
      int number = Integer.parseInt(text, radix);
      if (number >= 0 && number <= MAX_RESPONSE) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("'" + text + "' is not a number", e);
    }
    throw new IOException(text + " is out of range");
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder out = new StringBuilder();
    int c = in.read();
    while (c != '\n') {
      if (c < 0) {
        throw new IOException("the connection ended early");
      }
      if (out.length() > 64 << 10) {
        throw new IOException("a line is too long");
      }
      if (c != '\r') {
        out.append((char) c);
      }
      c = in.read();
    }
    return out.toString();
  }
}
