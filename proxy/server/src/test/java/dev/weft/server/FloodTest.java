package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What many peers can make a proxy hold, against a process with the heap and the direct memory that
 * are shipped. {@code -Dweft.flood=10} for ten times the load. Meanwhile a client that behaves must
 * not notice, and afterwards the proxy is itself again.
 */
class FloodTest {
  private static final int LOAD = Integer.getInteger("weft.flood", 1);
  private static final byte[] PART = new byte[64 * 1024];
  private static final int PARTS = 32;

  private final List<SocketChannel> clients = new ArrayList<>();
  private final Origin origin = Origin.answering("ok");
  private final Origin big = new Origin(FloodTest::serve);

  static {
    Arrays.fill(PART, (byte) 'x');
  }

  /** Two megabytes for each request. */
  private static void serve(Peer peer) {
    String head = peer.head();
    while (!head.isEmpty()) {
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + PART.length * PARTS + "\r\n\r\n");
      for (int i = 0; i < PARTS; i++) {
        peer.send(PART);
      }
      head = peer.head();
    }
  }

  @AfterEach
  void leave() throws IOException {
    for (SocketChannel client : clients) {
      client.close();
    }
    origin.close();
    big.close();
  }

  /** One that sends as much of this as is taken at once, then nothing more, and reads nothing. */
  private void visit(int port, byte[] bytes) {
    try {
      SocketChannel client = SocketChannel.open();
      clients.add(client);
      client.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      client.configureBlocking(false);
      int unused = client.write(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      // The proxy had enough of it.
    }
  }

  private void flood(int port, int count, String text) {
    byte[] bytes = Origin.latin(text);
    for (int i = 0; i < count * LOAD; i++) {
      visit(port, bytes);
    }
  }

  /** Makes one request after the other, each over a connection of its own, and counts. */
  private static final class GoodClient implements AutoCloseable {
    private final AtomicInteger served = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread;

    GoodClient(int port) {
      thread =
          Thread.startVirtualThread(
              () -> {
                while (!over.get()) {
                  ask(port);
                }
              });
    }

    private void ask(int port) {
      try (Peer peer = Peer.connect(port)) {
        Peer.Response response = peer.get("/");
        if (response.status() == 200) {
          served.incrementAndGet();
        } else {
          failures.add(response.toString());
        }
      } catch (RuntimeException | AssertionError e) {
        failures.add(e.toString());
      }
    }

    @Override
    public void close() throws InterruptedException {
      over.set(true);
      thread.join();
    }
  }

  /** Twenty times more, one after the other: a slow machine may take its time for all of them. */
  private static void served(GoodClient good, String what) {
    for (int i = 0; i < 20; i++) {
      int before = good.served.get();
      Settle.until(what, () -> good.served.get() > before);
    }
  }

  private interface Attack {
    void on(int port);
  }

  /** Both while they are there and after they left. */
  private int survives(Attack attack) throws Exception {
    try (FloodedProxy proxy = new FloodedProxy(origin.port(), big.port())) {
      GoodClient good = new GoodClient(proxy.port);
      try (good) {
        Settle.until("a request was served", () -> good.served.get() > 0);
        attack.on(proxy.port);
        served(good, "others are served, too");
        for (SocketChannel client : clients) {
          client.close();
        }
        served(good, "they are served on");
      }
      assertThat(good.failures).isEmpty();
      return proxy.overloaded();
    }
  }

  @Test
  void unfinished_heads_stop_nobody_else() throws Exception {
    String head = "GET / HTTP/1.1\r\nHost: app\r\nX-Long: " + "x".repeat(50_000);
    assertThat(survives(port -> flood(port, 800, head))).isPositive();
  }

  @Test
  void slow_readers_stop_nobody_else() throws Exception {
    String request = "GET /big HTTP/1.1\r\nHost: app\r\n\r\n";
    assertThat(survives(port -> flood(port, 1000, request))).isPositive();
  }

  @Test
  void answers_that_nobody_takes_are_not_asked_for_one_after_the_other() throws Exception {
    String requests = "GET /big HTTP/1.1\r\nHost: app\r\n\r\n".repeat(200);
    int cut = survives(port -> flood(port, 100, requests));
    // So many can have all that they asked for first; ten times as many cannot.
    assertThat(cut == 0).isEqualTo(LOAD == 1);
  }

  private static final String NO_SETTINGS = frame(FramePeer.SETTINGS, 0, 0, "");

  /** The preface, and settings of which one is the window of each stream. */
  private static String http2(int window) {
    return FramePeer.PREFACE + frame(FramePeer.SETTINGS, 0, 0, "\0\4" + number(window));
  }

  private static String frame(int type, int flags, int stream, String payload) {
    return number(payload.length()).substring(1)
        + (char) type
        + (char) flags
        + number(stream)
        + payload;
  }

  private static String number(int value) {
    return ""
        + (char) (value >>> 24 & 0xff)
        + (char) (value >>> 16 & 0xff)
        + (char) (value >>> 8 & 0xff)
        + (char) (value & 0xff);
  }

  /** GET, http, a path and a host: RFC 7541, appendix A. */
  private static String get(int stream, String path) {
    String block = "\u0082\u0086\4" + (char) path.length() + path + "\u0041\3app";
    return frame(FramePeer.HEADERS, 5, stream, block);
  }

  private static String gets(int count, String path, String after) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(get(1 + 2 * i, path)).append(after.replace("STREAM", number(1 + 2 * i)));
    }
    return text.toString();
  }

  @Test
  void streams_that_nobody_reads_stop_nobody_else() throws Exception {
    // Windows that are wide open, and a socket that is not.
    String open = frame(FramePeer.WINDOW_UPDATE, 0, 0, number(1 << 30));
    String all = http2(1 << 30) + open + gets(20, "/big", "");
    assertThat(survives(port -> flood(port, 200, all))).isPositive();
  }

  @Test
  void streams_whose_windows_stay_closed_stop_nobody_else() throws Exception {
    String all = http2(0) + gets(50, "/big", "");
    int cut = survives(port -> flood(port, 100, all));
    assertThat(cut).isPositive();
  }

  @Test
  void streams_that_are_reset_at_once_stop_nobody_else() throws Exception {
    String all = http2(0) + gets(2_000, "/", "\0\0\4\3\0STREAM\0\0\0\10");
    int unused = survives(port -> flood(port, 100, all));
  }

  @Test
  void header_blocks_without_an_end_stop_nobody_else() throws Exception {
    String part = "\0\6x-long\u007f\u0081\u007c" + "x".repeat(16_000);
    StringBuilder all = new StringBuilder(http2(0));
    all.append(frame(FramePeer.HEADERS, 0, 1, "\u0082\u0086\u0084"));
    for (int i = 0; i < 3; i++) {
      all.append(frame(FramePeer.CONTINUATION, 0, 1, part));
    }
    int unused = survives(port -> flood(port, 500, all.toString()));
  }

  @Test
  void settings_and_pings_without_end_stop_nobody_else() throws Exception {
    String ping = frame(FramePeer.PING, 0, 0, "12345678");
    String all = http2(0) + (NO_SETTINGS + ping).repeat(5_000);
    int unused = survives(port -> flood(port, 100, all));
  }
}
