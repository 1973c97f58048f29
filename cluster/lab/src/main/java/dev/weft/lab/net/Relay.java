package dev.weft.lab.net;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the bytes of every connection that a listener accepts on to another one, in both
 * directions, and the end of each direction as an end: for sockets of the host's loopback that lead
 * into a namespace, and the other way round. Closing it ends all its connections.
 */
public final class Relay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final int BUFFER_BYTES = 16 << 10;

  private final ServerSocketChannel listener;
  private final Destination destination;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  /** Connects to where the bytes go. */
  @FunctionalInterface
  public interface Destination {
    /** A connected, blocking socket. */
    SocketChannel connect() throws IOException;
  }

  private Relay(ServerSocketChannel listener, Destination destination) {
    this.listener = listener;
    this.destination = destination;
  }

  /**
   * Begins to accept.
   *
   * @param listener bound and blocking; closed with the relay
   */
  public static Relay start(ServerSocketChannel listener, Destination destination) {
    Relay relay = new Relay(listener, destination);
    Thread.ofVirtual().name("relay").start(relay::accept);
    return relay;
  }

  /** The port it listens on. */
  public int port() {
    return listener.socket().getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> relay(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("a relay could not accept", e);
      }
    }
  }

  private void relay(SocketChannel client) {
    try (client;
        SocketChannel server = destination.connect()) {
      open.add(server);
      try {
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (!listener.isOpen()) {
          // Closed while this one was on its way: close() may have missed it.
          return;
        }
        Thread back = Thread.ofVirtual().start(() -> copy(server, client));
        copy(client, server);
        back.join();
      } finally {
        open.remove(server);
      }
    } catch (IOException e) {
      LOG.debug("a relay could not connect", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  /** A broken direction breaks both, an ended one only itself. */
  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      try (from;
          to) {
        LOG.debug("a relayed connection broke", e);
      } catch (IOException second) {
        LOG.debug("closing a broken connection failed", second);
      }
    }
  }
}
