package dev.weft.lab.image.samples;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends every line back behind a greeting, on any number of ports. */
final class TcpEcho implements AutoCloseable {
  private final List<ServerSocket> listeners = new ArrayList<>();
  private final byte[] greeting;

  private TcpEcho(String greeting) {
    this.greeting = (greeting + " ").getBytes(StandardCharsets.UTF_8);
  }

  /** Arguments: ports with commas between them, and the greeting. Serves until the process ends. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("usage: tcp-echo PORT[,PORT...] GREETING");
      System.exit(2);
      return;
    }
    List<Integer> ports = new ArrayList<>();
    for (String each : arguments[0].split(",", -1)) {
      try {
        ports.add(Integer.valueOf(each.strip()));
      } catch (NumberFormatException e) {
        System.err.println("tcp-echo: the port \"" + each + "\" is no number");
        System.exit(2);
        return;
      }
    }
    TcpEcho server = start(ports, arguments[1]);
    System.out.println(
        "tcp-echo listens on ports " + server.ports() + ", greets with " + arguments[1]);
  }

  /**
   * Listens and serves.
   *
   * @param ports 0 for any free one
   */
  static TcpEcho start(List<Integer> ports, String greeting) throws IOException {
    TcpEcho echo = new TcpEcho(greeting);
    try {
      for (int port : ports) {
        ServerSocket listener = new ServerSocket(port);
        echo.listeners.add(listener);
        Thread.ofPlatform()
            .name("accept " + listener.getLocalPort())
            .start(() -> echo.accept(listener));
      }
    } catch (IOException e) {
      echo.close();
      throw e;
    }
    return echo;
  }

  List<Integer> ports() {
    return listeners.stream().map(ServerSocket::getLocalPort).toList();
  }

  private void accept(ServerSocket listener) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          System.err.println("accept: " + e.getMessage());
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        line.write(next);
        if (next == '\n') {
          answer(line, out);
        }
      }
    } catch (IOException e) {
      // The client went away, which is nothing to report.
      return;
    }
  }

  private void answer(ByteArrayOutputStream line, OutputStream out) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.write(greeting);
    line.writeTo(answer);
    line.reset();
    // One write, so that the greeting and its line leave together.
    answer.writeTo(out);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    for (ServerSocket each : listeners) {
      each.close();
    }
  }
}
