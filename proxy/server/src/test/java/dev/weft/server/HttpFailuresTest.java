package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.CircuitLimits;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.testkit.Settle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a request when one of the two sides breaks off or is not there. */
class HttpFailuresTest {
  @RegisterExtension final Front front = new Front();

  @Test
  void client_that_leaves_ends_the_upstream_request() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              seen.countDown();
              peer.rest();
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(seen.await(60, TimeUnit.SECONDS)).isTrue();
      client.reset();
      front.expectLog("0", "DC");
      Settle.until("upstream closed", () -> origin.open() == 0);
      Settle.until("counted out", () -> front.proxy.statistics().connections() == 0);
    }
  }

  @Test
  void upstream_that_resets_before_answering_gives_503() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.reset();
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).contains("reset reason: connection termination");
      front.expectLog("503", "UC");
      assertThat(client.get("/").status()).isEqualTo(503);
    }
  }

  @Test
  void upstream_that_breaks_off_its_body_breaks_off_ours() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.rest()).endsWith("some");
      front.expectLog("200", "UC");
    }
  }

  @Test
  void upstream_that_does_not_speak_http_gives_502() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send("SSH-2.0-OpenSSH\r\n");
              peer.rest();
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      assertThat(client.get("/").status()).isEqualTo(502);
      front.expectLog("502", "UPE");
      Settle.until("upstream closed", () -> origin.open() == 0);
    }
  }

  @Test
  void bytes_after_a_response_do_not_answer_the_next_request() {
    AtomicInteger connection = new AtomicInteger();
    Origin origin =
        new Origin(
            peer -> {
              int mine = connection.incrementAndGet();
              peer.head();
              peer.send(
                  "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
                      + mine
                      + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL");
              peer.rest();
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      assertThat(client.get("/").body()).isEqualTo("1");
      assertThat(client.get("/").body()).isEqualTo("2");
    }
  }

  @Test
  void stale_pooled_connection_is_not_noticed_by_the_client() {
    Origin origin =
        new Origin(
            peer -> {
              // One answer a connection; the close crosses the next request.
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              peer.read();
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      for (int i = 0; i < 20; i++) {
        front.expectLog("200", "-");
      }
    }
  }

  @Test
  void post_on_a_stale_connection_is_not_sent_twice() {
    AtomicInteger posts = new AtomicInteger();
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              if (peer.head().startsWith("POST")) {
                posts.incrementAndGet();
              }
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      assertThat(client.get("/").status()).isEqualTo(200);
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.response().status()).isEqualTo(503);
      assertThat(posts.get()).isEqualTo(1);
    }
  }

  @Test
  void missing_things_have_their_flags() {
    try (Peer client =
        front.connectTo(
            front
                .plain()
                .routes(
                    "table", Configs.route("/none", "unknown"), Configs.route("/app", "app")))) {
      assertThat(client.get("/nowhere").status()).isEqualTo(404);
      front.expectLog("404", "NR");
      assertThat(client.get("/none").status()).isEqualTo(503);
      front.expectLog("503", "NC");
      Peer.Response unhealthy = client.get("/app");
      assertThat(unhealthy.status()).isEqualTo(503);
      assertThat(unhealthy.body()).isEqualTo("no healthy upstream");
      front.expectLog("503", "UH");
    }
  }

  @Test
  void full_cluster_overflows() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              seen.countDown();
              try {
                assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });
    try (origin;
        Peer first =
            front.connectTo(
                front
                    .plain()
                    .cluster(
                        Configs.cluster(
                            "app", new UpstreamTransport.Plain(), new CircuitLimits(1, 1, 1, 1)),
                        origin.port()));
        Peer second = front.connect()) {
      first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(seen.await(60, TimeUnit.SECONDS)).isTrue();
      Peer.Response refused = second.get("/");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.has("x-envoy-overloaded: true")).isTrue();
      front.expectLog("503", "UO");
      go.countDown();
      assertThat(first.response().status()).isEqualTo(200);
    }
  }
}
