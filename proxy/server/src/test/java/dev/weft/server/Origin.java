package dev.weft.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that follows a script, one virtual thread per connection. */
public final class Origin implements AutoCloseable {
  /** What is done with one connection. */
  public interface Script {
    void run(Peer peer) throws IOException;
  }

  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  final AtomicInteger accepted = new AtomicInteger();
  final LinkedBlockingQueue<Throwable> problems = new LinkedBlockingQueue<>();

  Origin(Script script) {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
  }

  public Origin(InetSocketAddress address, Script script) {
    try {
      server = new ServerSocket(address.getPort(), 512, address.getAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(() -> accept(script));
  }

  /** Answers every request with 200 and this body, as long as the connection lives. */
  static Origin answering(String body) {
    return new Origin(
        peer -> {
          String head = peer.head();
          while (!head.isEmpty()) {
            int length = Peer.contentLength(head);
            if (length > 0) {
              peer.bytes(length);
            }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            head = peer.head();
          }
        });
  }

  /** Answers every request with its own head as the body. */
  static Origin echoingHeads() {
    return new Origin(
        peer -> {
          String head = peer.head();
          while (!head.isEmpty()) {
            peer.send(
                "HTTP/1.1 200 OK\r\nServer: app\r\nContent-Length: "
                    + head.length()
                    + "\r\n\r\n"
                    + head);
            head = peer.head();
          }
        });
  }

  private void accept(Script script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        accepted.incrementAndGet();
        sockets.add(socket);
        Thread.startVirtualThread(() -> serve(script, socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          problems.add(e);
        }
      }
    }
  }

  private void serve(Script script, Socket socket) {
    try (socket) {
      script.run(new Peer(socket));
    } catch (SocketException e) {
      // The proxy reset the connection; tests look at what the client saw.
    } catch (IOException | RuntimeException | AssertionError e) {
      problems.add(e);
    } finally {
      sockets.remove(socket);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  int open() {
    return sockets.size();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
