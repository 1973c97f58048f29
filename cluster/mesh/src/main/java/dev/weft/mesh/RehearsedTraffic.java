package dev.weft.mesh;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An application on loopback and its callers, as small as can be, so that the processor is the
 * proxy's: each connection has one request after the other, and a thread.
 */
final class RehearsedTraffic implements AutoCloseable {
  private static final int CONNECTIONS = 6;

  /** A head ends with an empty line. */
  private static final int END_OF_HEAD = 0x0d0a0d0a;

  private static final String LENGTH = "content-length: ";

  private static final byte[] ANSWER =
      ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 128\r\n\r\n"
              + "x".repeat(128))
          .getBytes(StandardCharsets.US_ASCII);

  /**
   * Where the proxy is called.
   *
   * @param host by which it knows where the call goes
   */
  record Target(String host, int port) {
    private byte[] request() {
      return """
      GET /orders/17?full=true HTTP/1.1\r
      Host: %s\r
      User-Agent: rehearsal\r
      Accept: */*\r
      Accept-Encoding: gzip\r
      \r
      """
          .formatted(host)
          .getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final ServerSocket server;

  private RehearsedTraffic(ServerSocket server) {
    this.server = server;
  }

  /** Answers on a port of loopback until it is closed. */
  static RehearsedTraffic serve(int port) throws IOException {
    ServerSocket socket = new ServerSocket(port, 128, InetAddress.ofLiteral("127.0.0.1"));
    RehearsedTraffic traffic = new RehearsedTraffic(socket);
    Thread.ofVirtual().start(traffic::accept);
    return traffic;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        // It is closed, or a caller has gone before it was heard.
      }
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!head(in).isEmpty()) {
        socket.getOutputStream().write(ANSWER);
      }
    } catch (IOException e) {
      // The caller has gone.
    }
  }

  /**
   * Calls each target over several connections at once.
   *
   * @param patience how long the first answer may take
   * @throws IOException where one did not answer
   */
  void call(List<Target> targets, Duration patience, Duration length)
      throws IOException, InterruptedException {
    long latest = System.nanoTime() + patience.toNanos();
    for (Target target : targets) {
      while (!answers(target)) {
        if (System.nanoTime() > latest) {
          throw new IOException(target + " does not answer with 200");
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    List<Thread> callers = new ArrayList<>();
    for (Target target : targets) {
      for (int i = 0; i < CONNECTIONS; i++) {
        callers.add(Thread.ofVirtual().start(() -> keepCalling(target, length)));
      }
    }
    for (Thread caller : callers) {
      caller.join();
    }
  }

  private static boolean answers(Target target) {
    try (Socket socket = connect(target.port)) {
      return ask(
          target.request(),
          socket.getOutputStream(),
          new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      return false;
    }
  }

  private static void keepCalling(Target target, Duration length) {
    byte[] request = target.request();
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      // New connections now and then, as an application makes them.
      try (Socket socket = connect(target.port)) {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        for (int i = 0; i < 500 && System.nanoTime() < end; i++) {
          if (!ask(request, socket.getOutputStream(), in)) {
            break;
          }
        }
      } catch (IOException e) {
        // The next connection is as good.
      }
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
    socket.setSoTimeout(5000);
    return socket;
  }

  /** Whether a request was answered with 200. */
  private static boolean ask(byte[] request, OutputStream out, InputStream in) throws IOException {
    out.write(request);
    String head = head(in);
    int length = head.indexOf(LENGTH);
    if (length < 0) {
      return false;
    }
    int from = length + LENGTH.length();
    in.skipNBytes(Long.parseLong(head, from, head.indexOf('\r', from), 10));
    return head.startsWith("http/1.1 200");
  }

  /** In small letters; empty at the end of the stream. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    int last = 0;
    while (last != END_OF_HEAD) {
      int octet = in.read();
      if (octet < 0) {
        return "";
      }
      last = last << 8 | octet;
      head.append((char) (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet));
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
