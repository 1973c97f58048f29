package dev.weft.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.loop.ProxySettings;
import dev.weft.routing.RetryPolicy;
import dev.weft.runtime.HttpPipeline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused, and requests that take too long. */
class HttpLimitsTest {
  @RegisterExtension
  final Front front =
      new Front(
          ProxySettings.ofLoops(1).withHeaderTimeout(300, TimeUnit.MILLISECONDS), channel -> null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\n",
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
        Peer client = front.connectTo(front.plain(origin.port()))) {
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
    HttpPipeline.Timeouts timeouts =
        new HttpPipeline.Timeouts(
            Duration.ofMillis(80),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO);
    try (origin;
        Peer client =
            front.connectTo(front.plain(origin.port()).listener(front.listener(timeouts)))) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ");
      front.expectLog("408", "SI");
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
      Proxies.until("upstream closed", () -> origin.open() == 0);
    }
  }
}
