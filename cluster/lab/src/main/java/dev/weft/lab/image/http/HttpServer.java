package dev.weft.lab.image.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Serves HTTP/1.1 with a virtual thread for each connection. */
public final class HttpServer implements AutoCloseable {
  private static final int LINGER_MILLIS = 2_000;

  private static final Set<String> NAMED_BY_SERVER = Set.of("server", "date");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

  private final ServerSocket listener;
  private final String name;
  private final HttpHandler handler;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private HttpServer(ServerSocket listener, String name, HttpHandler handler) {
    this.listener = listener;
    this.name = name;
    this.handler = handler;
  }

  /**
   * Listens and serves.
   *
   * @param address with port 0 for any free one
   * @param name for the header Server
   */
  public static HttpServer start(InetSocketAddress address, String name, HttpHandler handler)
      throws IOException {
    ServerSocket listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(address, 1024);
    } catch (IOException e) {
      listener.close();
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    HttpServer server = new HttpServer(listener, name, handler);
    Thread.ofPlatform().name("accept").start(server::accept);
    return server;
  }

  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (SocketException e) {
        if (!listener.isClosed()) {
          System.err.println("accept: " + e.getMessage());
        }
      } catch (IOException e) {
        System.err.println("accept: " + e.getMessage());
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 4 << 10);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 4 << 10);
      RequestReader reader = new RequestReader(in, out, socket.getInetAddress().getHostAddress());
      boolean open = true;
      while (open) {
        open = exchange(reader, in, out);
      }
      linger(socket, in);
    } catch (IOException e) {
      // The client went away, which is nothing to report.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }

  /**
   * A close with bytes unread is a reset, which would take the answer away from a client that sends
   * still. The client gets time to see that nobody listens.
   */
  private static void linger(Socket socket, InputStream in) throws IOException {
    socket.shutdownOutput();
    socket.setSoTimeout(LINGER_MILLIS);
    in.transferTo(OutputStream.nullOutputStream());
  }

  private boolean exchange(RequestReader reader, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    HttpRequest request;
    try {
      var next = reader.next();
      if (next.isEmpty()) {
        return false;
      }
      request = next.get();
    } catch (RequestReader.Malformed e) {
      String message = String.valueOf(e.getMessage()) + "\n";
      HttpResponse answer = HttpResponse.text(e.status(), "text/plain; charset=utf-8", message);
      write(out, answer.with("Connection", "close"), true, false);
      out.flush();
      return false;
    }
    HttpResponse response = handler.handle(request);
    if (response.content() instanceof HttpResponse.Content.Upgrade upgrade) {
      head(out, response);
      out.write('\r');
      out.write('\n');
      out.flush();
      upgrade.conversation().speak(in, out);
      return false;
    }
    boolean chunks = !request.version().equals("HTTP/1.0");
    boolean keep =
        request.keepAlive()
            && response.header("Connection").filter("close"::equalsIgnoreCase).isEmpty()
            && (chunks || !(response.content() instanceof HttpResponse.Content.Stream));
    if (response.header("Connection").isEmpty()) {
      response = response.with("Connection", keep ? "keep-alive" : "close");
    }
    write(out, response, chunks, request.method().equals("HEAD"));
    out.flush();
    return keep;
  }

  private void write(OutputStream out, HttpResponse response, boolean chunks, boolean headOnly)
      throws IOException, InterruptedException {
    head(out, response);
    switch (response.content()) {
      case HttpResponse.Content.Bytes body -> {
        boolean bodiless = response.status() == 204 || response.status() == 304;
        if (!bodiless) {
          line(out, "Content-Length: " + body.bytes().length);
        }
        line(out, "");
        if (!headOnly && !bodiless) {
          out.write(body.bytes());
        }
      }
      case HttpResponse.Content.Stream stream -> {
        boolean chunked = stream.length() < 0 && chunks;
        if (chunked) {
          line(out, "Transfer-Encoding: chunked");
        } else if (stream.length() >= 0) {
          line(out, "Content-Length: " + stream.length());
        }
        line(out, "");
        if (headOnly) {
          return;
        }
        if (chunked) {
          ChunkedOutput body = new ChunkedOutput(out);
          stream.writer().write(body);
          body.end();
        } else {
          stream.writer().write(out);
        }
      }
      case HttpResponse.Content.Upgrade upgrade ->
          throw new IllegalStateException("an upgrade has no body");
    }
  }

  private void head(OutputStream out, HttpResponse response) throws IOException {
    line(out, "HTTP/1.1 " + response.status() + " " + Reasons.of(response.status()));
    line(out, "Server: " + name);
    line(out, "Date: " + DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    for (HttpRequest.Header header : response.headers()) {
      if (!NAMED_BY_SERVER.contains(header.name().toLowerCase(Locale.ROOT))) {
        line(out, header.name() + ": " + header.value());
      }
    }
  }

  private static void line(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.write('\r');
    out.write('\n');
  }
}
