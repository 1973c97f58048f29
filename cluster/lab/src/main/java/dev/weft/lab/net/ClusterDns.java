package dev.weft.lab.net;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DNS server of a cluster, over UDP and TCP. It answers A queries for the names that a function
 * knows; other types of a known name get an empty answer, unknown names NXDOMAIN. It asks no other
 * server, as there is none behind a lab.
 */
public final class ClusterDns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterDns.class);
  private static final int LONGEST_DATAGRAM = 4096;
  private static final int IDLE_MILLIS = 10_000;

  private final DatagramChannel udp;
  private final ServerSocketChannel tcp;
  private final Function<String, Optional<List<String>>> lookup;

  private ClusterDns(
      DatagramChannel udp,
      ServerSocketChannel tcp,
      Function<String, Optional<List<String>>> lookup) {
    this.udp = udp;
    this.tcp = tcp;
    this.lookup = lookup;
  }

  /**
   * Begins to answer.
   *
   * @param udp bound and blocking; closed with the server, as is {@code tcp}
   * @param lookup IPv4 addresses for a name in lower case without a dot at its end, an empty list
   *     for a name without addresses, empty for no such name; called on several threads
   */
  public static ClusterDns start(
      DatagramChannel udp,
      ServerSocketChannel tcp,
      Function<String, Optional<List<String>>> lookup) {
    ClusterDns dns = new ClusterDns(udp, tcp, lookup);
    Thread.ofVirtual().name("dns udp").start(dns::answerDatagrams);
    Thread.ofVirtual().name("dns tcp").start(dns::acceptConnections);
    return dns;
  }

  @Override
  public void close() throws IOException {
    try (udp;
        tcp) {
      LOG.debug("the cluster's DNS server ends");
    }
  }

  private void answerDatagrams() {
    ByteBuffer query = ByteBuffer.allocate(LONGEST_DATAGRAM);
    while (udp.isOpen()) {
      try {
        query.clear();
        SocketAddress client = udp.receive(query);
        Optional<ByteBuffer> answer = DnsMessage.answer(query.flip(), lookup, true);
        if (answer.isPresent()) {
          udp.send(answer.get(), client);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.warn("a DNS query could not be answered", e);
      }
    }
  }

  private void acceptConnections() {
    while (tcp.isOpen()) {
      try {
        SocketChannel client = tcp.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("a DNS connection could not be accepted", e);
      }
    }
  }

  /** Each message has its length in front. Source: RFC 1035, section 4.2.2. */
  private void serve(SocketChannel client) {
    try (client) {
      var socket = client.socket();
      socket.setSoTimeout(IDLE_MILLIS);
      var in = socket.getInputStream();
      while (tcp.isOpen()) {
        byte[] length = in.readNBytes(2);
        if (length.length < 2) {
          return;
        }
        int size = (length[0] & 0xff) << 8 | length[1] & 0xff;
        byte[] query = in.readNBytes(size);
        if (query.length < size) {
          throw new EOFException("a query ended early");
        }
        Optional<ByteBuffer> answer = DnsMessage.answer(ByteBuffer.wrap(query), lookup, false);
        if (answer.isEmpty()) {
          return;
        }
        ByteBuffer framed = ByteBuffer.allocate(2 + answer.get().remaining());
        framed.putShort((short) answer.get().remaining()).put(answer.get()).flip();
        while (framed.hasRemaining()) {
          client.write(framed);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("a DNS connection ended", e);
    }
  }
}
