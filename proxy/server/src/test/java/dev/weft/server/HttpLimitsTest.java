package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.RetryPolicy;
import dev.weft.runtime.HttpPipeline;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Settle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused, and requests that take too long. */
class HttpLimitsTest {
  private static final int ANSWERS = 1024;
  private static final String LONG = "x".repeat(1 << 14);

  @RegisterExtension final Front front = new Front();

  @RegisterExtension
  final Front hasty =
      new Front(
          ProxySettings.ofLoops(1).withHeaderTimeout(300, TimeUnit.MILLISECONDS), channel -> null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\n"
            + "Host: a\r\n"
            + "Content-Length: 6\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "0\r\n\r\n"
            + "GET /evil HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n",
        "\u0016\u0003\u0001\u0000garbage\r\n\r\n",
      })
  void broken_request_is_refused_and_nothing_behind_it_is_served(String text) {
    try (Origin origin = Origin.echoingHeads();
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      String all = client.rest();
      assertThat(all).startsWith("HTTP/1.1 400 ").contains("connection: close");
      assertThat(all.split("HTTP/1.1 ", -1)).hasSize(2);
      front.expectLog("400", "DPE");
    }
  }

  @Test
  void oversize_head_gives_431() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(70_000) + "\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void slow_client_gets_408() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = hasty.connectTo(hasty.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost:");
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ").contains("connection: close");
    }
  }

  @Test
  void stalled_body_ends_after_the_stream_idle_time() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.rest();
            });
    try (origin;
        Peer client =
            front.connectTo(
                front
                    .plain(origin.port())
                    .listener(front.listener(streamIdle(Duration.ofMillis(80)))))) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ");
      front.expectLog("408", "SI");
    }
  }

  private static HttpPipeline.Timeouts streamIdle(Duration time) {
    return new HttpPipeline.Timeouts(
        time, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  /** Requests whose answers are more than the kernel takes for a client that does not read. */
  private Peer asksAndReadsNothing(Origin origin, Duration idle) throws IOException {
    front.proxy.apply(
        front.plain(origin.port()).listener(front.listener(streamIdle(idle))).build());
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1 << 12);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port));
    return new Peer(socket).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(ANSWERS));
  }

  @Test
  void client_that_does_not_read_its_answers_is_cut_after_the_stream_idle_time()
      throws IOException {
    try (Origin origin = Origin.answering(LONG);
        Peer client = asksAndReadsNothing(origin, Duration.ofMillis(200))) {
      front.expectLog("200", "-");
      Settle.until("cut", () -> front.proxy.statistics().connections() == 0);
      assertThat(client.rest().length()).isLessThan(ANSWERS * LONG.length());
    }
  }

  /** In all it takes longer than the stream may be idle, but no pause does. */
  @Test
  void client_that_reads_little_by_little_gets_all_its_answers() throws IOException {
    try (Origin origin = Origin.answering(LONG);
        Peer client = asksAndReadsNothing(origin, Duration.ofSeconds(4))) {
      for (int i = 0; i < ANSWERS; i++) {
        assertThat(client.response().body()).hasSameSizeAs(LONG);
        if (i % (ANSWERS / 16) == 0) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        }
      }
    }
  }

  @Test
  void route_timeout_gives_504() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.rest();
            });
    try (origin;
        Peer client =
            front.connectTo(
                front
                    .plain(origin.port())
                    .routes(
                        "table",
                        Configs.route("/", "app", Duration.ofMillis(50), RetryPolicy.NONE)))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(504);
      assertThat(response.body()).isEqualTo("upstream request timeout");
      front.expectLog("504", "UT");
      Settle.until("upstream closed", () -> origin.open() == 0);
    }
  }
}
