package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.HttpPipeline;
import dev.weft.testkit.Settle;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages of every shape pass through as they were meant. */
class HttpMessagesTest {
  @RegisterExtension final Front front = new Front();

  @RepeatedTest(3)
  void bodies_pass_both_ways_however_they_are_framed() {
    Origin echo =
        new Origin(
            peer -> {
              String head = peer.head();
              while (!head.isEmpty()) {
                int length = Peer.contentLength(head);
                if (length >= 0) {
                  String body = peer.bytes(length);
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body);
                } else {
                  peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  String size = peer.line();
                  while (!size.equals("0")) {
                    String data = peer.bytes(Integer.parseInt(size, 16));
                    peer.line();
                    peer.send(size + ";x=y\r\n" + data + "\r\n");
                    size = peer.line();
                  }
                  String trailer = peer.line();
                  peer.line();
                  peer.send("0\r\n" + trailer + "\r\n\r\n");
                }
                head = peer.head();
              }
            });
    try (echo;
        Peer client = front.connectTo(front.plain(echo.port()))) {
      String big = "0123456789abcdef".repeat(40_000);
      for (int i = 0; i < 3; i++) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + big.length() + "\r\n\r\n");
        client.send(big);
        assertThat(client.response().body()).isEqualTo(big);
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send("5\r\nhello\r\n").send("1\r\n \r\n").send("5\r\nworld\r\n0\r\nX: y\r\n\r\n");
        assertThat(client.response().body()).isEqualTo("hello world");
      }
      assertThat(echo.accepted.get()).isEqualTo(1);
      assertThat(front.logs.next())
          .contains("\"BYTES_RECEIVED\":\"640000\",\"BYTES_SENT\":\"640000\"");
      assertThat(front.logs.next()).contains("\"BYTES_RECEIVED\":\"11\",\"BYTES_SENT\":\"11\"");
    }
  }

  @Test
  void everything_works_one_byte_at_a_time() {
    Origin slow =
        new Origin(
            peer -> {
              for (int n = 0; n < 2; n++) {
                String head = peer.head();
                String body = peer.bytes(Peer.contentLength(head));
                String answer =
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n"
                        + body
                        + "\r\n0\r\n\r\n";
                for (char c : answer.toCharArray()) {
                  peer.send(String.valueOf(c));
                }
              }
            });
    try (slow;
        Peer client = front.connectTo(front.plain(slow.port()))) {
      for (int n = 0; n < 2; n++) {
        String request = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
        for (char c : request.toCharArray()) {
          client.send(String.valueOf(c));
        }
        assertThat(client.response().body()).isEqualTo("abc");
      }
    }
  }

  @Test
  void responses_without_body_leave_the_connection_in_step() {
    Origin origin =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                if (head.startsWith("HEAD")) {
                  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                } else if (head.contains("/304")) {
                  peer.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n");
                } else {
                  peer.send("HTTP/1.1 204 No Content\r\n\r\n");
                }
              }
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\n");
      client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 200");
      assertThat(client.head()).startsWith("HTTP/1.1 304");
      assertThat(client.head()).startsWith("HTTP/1.1 204");
      assertThat(origin.accepted.get()).isEqualTo(1);
    }
  }

  @Test
  void continue_and_early_hints_are_forwarded() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
              peer.bytes(5);
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
              peer.head();
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 103").contains("Link: x");
      assertThat(client.head()).startsWith("HTTP/1.1 100");
      client.send("hello");
      assertThat(client.response().status()).isEqualTo(200);
    }
  }

  @Test
  void answer_before_the_end_of_the_request_is_delivered_and_closes() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
              peer.rest();
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
      Peer.Response response = client.response();
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.body()).isEqualTo("no");
      assertThat(response.has("connection: close")).isTrue();
      assertThat(client.ended()).isTrue();
      Settle.until("upstream closed", () -> origin.open() == 0);
    }
  }

  @Test
  void body_until_close_is_delivered_whole() {
    Origin origin =
        new Origin(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 200 OK\r\n\r\nall of it");
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.rest()).contains("connection: close").endsWith("\r\n\r\nall of it");
      front.expectLog("200", "-");
    }
  }

  @Test
  void http_1_0_client_is_answered_and_closed() {
    try (Origin origin = Origin.answering("old");
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("old");
    }
  }

  @Test
  void request_goes_on_in_our_own_version_and_for_a_host() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET /x HTTP/1.0\r\nX: y\r\n\r\n");
      assertThat(client.rest())
          .contains("GET /x HTTP/1.1\r\n", "host: 127.0.0.1:" + front.port + "\r\n");
      try (Peer absolute = front.connect()) {
        absolute.send("GET http://b/y HTTP/1.0\r\n\r\n");
        assertThat(absolute.rest()).contains("GET /y HTTP/1.1\r\n", "host: b\r\n");
      }
    }
  }

  @Test
  void http_1_0_client_gets_no_chunks() {
    Origin chunked =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello");
                peer.send("\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n");
              }
            });
    try (chunked;
        Peer client = front.connectTo(front.plain(chunked.port()))) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.rest())
          .endsWith("\r\n\r\nhello world")
          .contains("connection: close")
          .doesNotContainIgnoringCase("transfer-encoding");
      try (Peer newer = front.connect()) {
        assertThat(newer.get("/").body()).isEqualTo("hello world");
      }
      assertThat(chunked.accepted.get()).isEqualTo(1);
    }
  }

  @Test
  void client_that_ends_its_side_gets_its_answer() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Origin origin =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                await(ended);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
              }
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").endOutput();
      Settle.until("the request is there", () -> origin.accepted.get() == 1);
      Proxies.settle(front.proxy);
      ended.countDown();
      assertThat(client.rest())
          .startsWith("HTTP/1.1 200")
          .contains("connection: close")
          .endsWith("late");
      try (Peer pipelining = front.connect()) {
        String two = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
        pipelining.send(two).endOutput();
        assertThat(pipelining.rest().split("late", -1)).hasSize(3);
      }
      Settle.until("counted out", () -> front.proxy.statistics().connections() == 0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void client_that_ends_inside_its_request_is_gone() {
    try (Origin origin = Origin.answering("x");
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab").endOutput();
      assertThat(client.ended()).isTrue();
      try (Peer head = front.connect()) {
        head.send("GET / HT").endOutput();
        assertThat(head.ended()).isTrue();
      }
      try (Peer nothing = front.connect()) {
        nothing.endOutput();
        assertThat(nothing.ended()).isTrue();
      }
      Settle.until("counted out", () -> front.proxy.statistics().connections() == 0);
    }
  }

  @Test
  void protocol_is_not_switched_unless_the_client_asked() {
    Origin eager =
        new Origin(
            peer -> {
              peer.head();
              peer.send("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
              peer.rest();
            });
    try (eager;
        Peer client = front.connectTo(front.plain(eager.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(502);
      front.expectLog("502", "UPE");
    }
  }

  @Test
  void interim_answers_are_few() {
    Origin chatty =
        new Origin(
            peer -> {
              String head = peer.head();
              int hints = head.contains("/few") ? 10 : 100;
              for (int i = 0; i < hints; i++) {
                peer.send("HTTP/1.1 103 Early Hints\r\nLink: </" + i + ">\r\n\r\n");
              }
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            });
    try (chatty;
        Peer client = front.connectTo(front.plain(chatty.port()))) {
      client.send("GET /few HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(client.rest().split(" 103 ", -1)).hasSize(11);
      try (Peer other = front.connect()) {
        other.send("GET /many HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(other.rest().split(" 103 ", -1).length).isLessThan(20);
      }
      front.expectLog("200", "-");
      front.expectLog("502", "UPE");
    }
  }

  @Test
  void answer_without_a_body_says_nothing_of_its_framing() {
    Origin odd =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                String status = head.split(" ")[1].substring(1);
                peer.send("HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n");
                peer.send("HTTP/1.1 " + status + " X\r\nTransfer-Encoding: chunked\r\n\r\n");
              }
            });
    try (odd;
        Peer client = front.connectTo(front.plain(odd.port()))) {
      for (String status : new String[] {"204", "304"}) {
        client.send("GET /" + status + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.head()).contains(" 103 ").doesNotContainIgnoringCase("chunked");
        assertThat(client.head())
            .contains(" " + status + " ")
            .doesNotContainIgnoringCase("chunked");
      }
    }
  }

  private Peer with(HttpPipeline.HeadRules rules, int origin) {
    return front.connectTo(
        front
            .plain(origin)
            .listener(
                Configs.plain(
                    "front",
                    front.port,
                    Configs.heads(
                        rules, Configs.http("table", Configs.OUTBOUND_FILTERS, List.of())))));
  }

  @Test
  void underscores_in_names_are_kept_dropped_or_refused() {
    String request = "GET / HTTP/1.1\r\nHost: a\r\nX_A: 1\r\nX-B: x_y\r\n\r\n";
    try (Origin origin = Origin.echoingHeads()) {
      for (HttpPipeline.Underscores rule : HttpPipeline.Underscores.values()) {
        try (Peer client = with(new HttpPipeline.HeadRules(100, rule), origin.port())) {
          Peer.Response response = client.send(request).response();
          switch (rule) {
            case ALLOW -> assertThat(response.body()).contains("X_A: 1", "X-B: x_y");
            case DROP_HEADER ->
                assertThat(response.body()).contains("X-B: x_y").doesNotContain("X_A");
            case REJECT_REQUEST -> assertThat(response.status()).isEqualTo(400);
          }
        }
      }
    }
  }

  @Test
  void as_many_fields_are_taken_as_is_said() {
    try (Origin origin = Origin.answering("ok");
        Peer client =
            with(new HttpPipeline.HeadRules(5, HttpPipeline.Underscores.ALLOW), origin.port())) {
      String request = "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(4);
      assertThat(client.send(request + "\r\n").response().status()).isEqualTo(200);
      assertThat(client.send(request + "X: 1\r\n\r\n").response().status()).isEqualTo(431);
    }
  }

  @Test
  void what_proxies_tell_each_other_is_not_for_clients_to_say_at_the_edge() {
    String request =
        "GET / HTTP/1.1\r\nHost: a\r\nX-Envoy-Retry-On: 5xx\r\nx-envoy-max-retries: 9\r\n"
            + "x-envoy-original-path: /a\r\nx-envoy-decorator-operation: b\r\n"
            + "x-envoy-peer-metadata-id: peer\r\nX-Envoy-Upstream-Rq-Timeout-Ms: 1\r\nX-Kept: d\r\n\r\n";
    try (Origin origin = Origin.echoingHeads();
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send(request);
      assertThat(client.response().body()).containsIgnoringCase("x-envoy-retry-on: 5xx");
      front.proxy.apply(
          front
              .plain(origin.port())
              .listener(
                  Configs.plain(
                      "front",
                      front.port,
                      Configs.edge(Configs.http("table", Configs.OUTBOUND_FILTERS, List.of()))))
              .build());
      try (Peer outside = front.connect()) {
        outside.send(request);
        assertThat(outside.response().body())
            .contains("X-Kept: d")
            .doesNotContainIgnoringCase("x-envoy-retry-on")
            .doesNotContainIgnoringCase("x-envoy-max-retries")
            .doesNotContainIgnoringCase("x-envoy-upstream-rq")
            .doesNotContain("/a", "operation: b", "id: peer");
      }
    }
  }

  @Test
  void upgrade_becomes_a_tunnel_with_half_close() {
    Origin origin =
        new Origin(
            peer -> {
              String head = peer.head();
              assertThat(head.toLowerCase()).contains("upgrade: websocket", "connection: upgrade");
              peer.send(
                  "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nhi");
              assertThat(peer.rest()).isEqualTo("client bytes");
              peer.send("bye");
            });
    try (origin;
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 101").containsIgnoringCase("upgrade: websock");
      assertThat(client.bytes(2)).isEqualTo("hi");
      client.send("client bytes").endOutput();
      assertThat(client.rest()).isEqualTo("bye");
      assertThat(origin.problems).isEmpty();
      front.expectLog("101", "-");
    }
  }

  @Test
  void upgrade_that_is_not_allowed_is_not_forwarded() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = front.connectTo(front.plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
      assertThat(client.response().body().toLowerCase()).doesNotContain("upgrade");
    }
  }
}
