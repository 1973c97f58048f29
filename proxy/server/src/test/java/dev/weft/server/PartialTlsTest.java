package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.TlsParameters;
import dev.weft.server.tls.AnyPeer;
import dev.weft.server.worker.PeerLimits;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.testkit.Settle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TLS of which only a part has come: what it holds, and for how long. */
class PartialTlsTest {
  private static final String SHOP = "kubernetes://shop";
  private static final int RECORD = 16 * 1024;

  /** Bytes that wait for one of the proxy's two directions. */
  private static final int BOUND = 128 * 1024;

  private final Pki pki = new Pki();
  private final Origin app = Origin.answering("hello");
  private final int port = Ports.free();
  private final List<Client> clients = new ArrayList<>();
  private final ProxyServer proxy =
      Proxies.start(
          ProxySettings.ofLoops(1).withPeers(new PeerLimits(BOUND, BOUND, 1000, 1)),
          new Proxies.Nobody(),
          new Proxies.Lines(),
          channel -> null);

  @AfterEach
  void close() {
    clients.forEach(Client::close);
    proxy.close();
    app.close();
  }

  /** A client of which the wire can be cut short, or chopped into single bytes. */
  private final class Client implements AutoCloseable {
    private final Wire wire;
    private final SSLSocket tls;
    private final Peer peer;

    Client(boolean chopped) {
      try {
        wire = new Wire(chopped);
        wire.setTcpNoDelay(true);
        wire.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyPeer()}, null);
        tls = (SSLSocket) context.getSocketFactory().createSocket(wire, "shop.example", port, true);
        peer = new Peer(tls);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      clients.add(this);
    }

    Client handshake() {
      try {
        tls.startHandshake();
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Sends a request whose only record lacks its last bytes. */
    Client begin(int lacking) {
      wire.left = RECORD - lacking;
      peer.send("POST / HTTP/1.1\r\nHost: shop\r\nX: " + "x".repeat(RECORD));
      return this;
    }

    @Override
    public void close() {
      try {
        wire.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Wire extends Socket {
    private final boolean chopped;
    volatile int left = Integer.MAX_VALUE;

    /** How many bytes still go out after what is written first. */
    volatile int afterFirst = Integer.MAX_VALUE;

    Wire(boolean chopped) {
      this.chopped = chopped;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      OutputStream out = super.getOutputStream();
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          int size = Math.min(left, length);
          left = Math.min(left - size, afterFirst);
          int step = chopped ? 1 : Math.max(1, size);
          for (int at = 0; at < size; at += step) {
            out.write(bytes, offset + at, step);
            out.flush();
          }
        }
      };
    }
  }

  private void serve() {
    proxy.apply(
        new Configs()
            .secret(SHOP, pki.host("shop.example"))
            .cluster(Configs.cluster("app"), app.port())
            .routes("routes", Configs.route("/", "app"))
            .listener(
                Configs.bound(
                    "gateway",
                    port,
                    Listener.Direction.OUTBOUND,
                    new ListenerFilters(
                        false, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.OFF),
                    Configs.chain(
                        "shop",
                        new ChainMatch(0, List.of(), List.of(), "tls", List.of(), List.of()),
                        new DownstreamTls.Terminate(
                            SHOP,
                            new PeerTrust.None(),
                            false,
                            List.of("http/1.1"),
                            TlsParameters.DEFAULT),
                        Configs.http("routes", Configs.OUTBOUND_FILTERS, List.of()))))
            .build());
  }

  private long held() {
    return proxy.statistics().heldForPeers();
  }

  @Test
  void records_may_come_in_any_parts() {
    serve();
    Client client = new Client(true).handshake();
    for (int i = 0; i < 3; i++) {
      assertThat(client.peer.get("/").body()).isEqualTo("hello");
    }
    String body = "x".repeat(3 * RECORD);
    client.peer.send(
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    assertThat(client.peer.response().body()).isEqualTo("hello");
    Settle.until("all has been passed on", () -> held() == 0);
  }

  @Test
  void half_a_record_counts_as_held_until_its_peer_leaves() {
    serve();
    Client client = new Client(false).handshake().begin(100);
    Settle.until("it counts", () -> held() >= RECORD - 100);
    assertThat(held()).isLessThanOrEqualTo(2 * RECORD);
    client.close();
    Settle.until("it counts no more", () -> held() == 0);
  }

  @Test
  void a_record_that_is_completed_counts_no_more() {
    serve();
    Client client = new Client(true).handshake();
    assertThat(client.peer.get("/").status()).isEqualTo(200);
    Settle.until("it counts no more", () -> held() == 0);
  }

  @Test
  void past_the_bound_who_has_sent_no_whole_record_for_longest_goes() {
    serve();
    Client busy = new Client(false).handshake();
    List<Client> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      slow.add(new Client(false).handshake().begin(1));
      assertThat(busy.peer.get("/").status()).isEqualTo(200);
      assertThat(held()).isLessThanOrEqualTo(BOUND);
    }
    assertThat(slow.getFirst().peer.ended()).isTrue();
    assertThat(busy.peer.get("/").status()).isEqualTo(200);
  }

  @Test
  void an_unfinished_handshake_counts_with_all_that_was_sent() throws Exception {
    serve();
    Client client = new Client(false);
    client.wire.afterFirst = 3;
    Thread.startVirtualThread(
        () -> {
          try {
            client.handshake();
          } catch (UncheckedIOException e) {
            // It is never finished.
          }
        });
    Settle.until("it counts", () -> held() >= 100);
    client.close();
    Settle.until("it counts no more", () -> held() == 0);
  }

  @Test
  void a_record_that_is_too_long_is_not_waited_for() {
    serve();
    Client client = new Client(false).handshake();
    byte[] head = {23, 3, 3, (byte) 0xff, (byte) 0xff};
    try {
      OutputStream out = client.wire.getOutputStream();
      out.write(head, 0, head.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(client.peer.ended()).isTrue();
  }
}
