package dev.weft.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

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
      Proxies.until("upstream closed", () -> origin.open() == 0);
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
