package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a running supervisor is asked: one JSON object on a line, answered by one on a line. An
 * answer with a field {@code error} is a refusal.
 */
final class ControlSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);

  /** What a request is answered with. */
  @FunctionalInterface
  interface Handler {
    ObjectNode answer(JsonNode request);
  }

  private final ServerSocketChannel server;
  private final Path path;
  private final Handler handler;

  private ControlSocket(ServerSocketChannel server, Path path, Handler handler) {
    this.server = server;
    this.path = path;
    this.handler = handler;
  }

  static ControlSocket open(Path path, Handler handler) throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw new IOException(
          "control socket %s: %s (a shorter WEFT_HOME helps where the path is too long)"
              .formatted(path, e.getMessage()),
          e);
    }
    ControlSocket socket = new ControlSocket(server, path, handler);
    Thread.ofVirtual().name("control socket").start(socket::accept);
    return socket;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.warn("control socket: {}", e.toString());
        }
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
        OutputStream out = Channels.newOutputStream(client)) {
      String line = in.readLine();
      if (line == null) {
        return;
      }
      ObjectNode answer;
      try {
        answer = handler.answer(Trees.JSON.readTree(line));
      } catch (IOException | RuntimeException e) {
        answer = Trees.object().put("error", String.valueOf(e.getMessage()));
      }
      out.write((Trees.JSON.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      LOG.debug("control client: {}", e.toString());
    }
  }

  /**
   * Asks a supervisor.
   *
   * @throws IOException where none answers
   */
  static JsonNode ask(Path path, ObjectNode request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        OutputStream out = Channels.newOutputStream(channel);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
      out.write((Trees.JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the supervisor hung up");
      }
      return Trees.JSON.readTree(line);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
