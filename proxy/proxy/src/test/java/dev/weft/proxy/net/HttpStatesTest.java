package dev.weft.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.loop.ProxySettings;
import dev.weft.routing.CircuitLimits;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.RetryPolicy.Condition;
import dev.weft.routing.RouteAction;
import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.UpstreamTransport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of requests when either side does something unusual. */
class HttpStatesTest {
  private static final RetryPolicy ISTIO =
      Configs.retries(
          2,
          Set.of(
              Condition.CONNECT_FAILURE,
              Condition.REFUSED_STREAM,
              Condition.GRPC_UNAVAILABLE,
              Condition.GRPC_CANCELLED,
              Condition.RETRIABLE_STATUS_CODES),
          List.of(503));

  private final Proxies.Lines logs = new Proxies.Lines();
  private final ProxyServer proxy =
      Proxies.start(
          ProxySettings.ofLoops(1).withHeaderTimeout(300, TimeUnit.MILLISECONDS),
          new Proxies.Nobody(),
          logs,
          c -> null);
  private final int port = Proxies.freePort();

  @AfterEach
  void close() {
    proxy.close();
  }

  private Peer connectTo(Configs configs) {
    proxy.apply(configs.build());
    assertThat(proxy.statistics().bindFailures()).isEmpty();
    return Peer.connect(port);
  }

  private Configs plain(int... endpoints) {
    return Configs.plainHttp(port, endpoints).listener(front(noTimeouts()));
  }

  private static HttpPipeline.Timeouts noTimeouts() {
    return Configs.http("table", List.of(), List.of()).timeouts();
  }

  private Listener front(HttpPipeline.Timeouts timeouts) {
    return Configs.bound(
        "front",
        port,
        Listener.Direction.OUTBOUND,
        ListenerFilters.NONE,
        Configs.chain(
            "http",
            ChainMatch.ANY,
            new DownstreamTls.Plain(),
            Configs.http(
                "table",
                Configs.OUTBOUND_FILTERS,
                MeshTest.logs(
                    "RESPONSE_CODE",
                    "RESPONSE_FLAGS",
                    "RESPONSE_CODE_DETAILS",
                    "BYTES_RECEIVED",
                    "BYTES_SENT"),
                HttpPipeline.ForwardClientCert.SANITIZE,
                timeouts)));
  }

  private void expectLog(String code, String flags) {
    assertThat(logs.next())
        .contains("\"RESPONSE_CODE\":\"" + code + "\",\"RESPONSE_FLAGS\":\"" + flags + "\"");
  }

  private static int deadPort() {
    return Proxies.freePort();
  }

  @org.junit.jupiter.api.RepeatedTest(3)
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
        Peer client = connectTo(plain(echo.port()))) {
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
      assertThat(logs.next()).contains("\"BYTES_RECEIVED\":\"640000\",\"BYTES_SENT\":\"640000\"");
      assertThat(logs.next()).contains("\"BYTES_RECEIVED\":\"11\",\"BYTES_SENT\":\"11\"");
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
        Peer client = connectTo(plain(slow.port()))) {
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
        Peer client = connectTo(plain(origin.port()))) {
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
        Peer client = connectTo(plain(origin.port()))) {
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
        Peer client = connectTo(plain(origin.port()))) {
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
        Peer client = connectTo(plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.rest()).contains("connection: close").endsWith("\r\n\r\nall of it");
      expectLog("200", "-");
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
        Peer client = connectTo(plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 101").containsIgnoringCase("upgrade: websock");
      assertThat(client.bytes(2)).isEqualTo("hi");
      client.send("client bytes").endOutput();
      assertThat(client.rest()).isEqualTo("bye");
      assertThat(origin.problems).isEmpty();
      expectLog("101", "-");
    }
  }

  @Test
  void upgrade_that_is_not_allowed_is_not_forwarded() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = connectTo(plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
      assertThat(client.response().body().toLowerCase()).doesNotContain("upgrade");
    }
  }

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
        Peer client = connectTo(plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
      client.reset();
      expectLog("0", "DC");
      Proxies.until("upstream closed", () -> origin.open() == 0);
      Proxies.until("counted out", () -> proxy.statistics().connections() == 0);
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
        Peer client = connectTo(plain(origin.port()))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).contains("reset reason: connection termination");
      expectLog("503", "UC");
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
        Peer client = connectTo(plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.rest()).endsWith("some");
      expectLog("200", "UC");
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
        Peer client = connectTo(plain(origin.port()))) {
      assertThat(client.get("/").status()).isEqualTo(502);
      expectLog("502", "UPE");
      Proxies.until("upstream closed", () -> origin.open() == 0);
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
        Peer client = connectTo(plain(origin.port()))) {
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
        Peer client = connectTo(plain(origin.port()))) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      for (int i = 0; i < 20; i++) {
        expectLog("200", "-");
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
        Peer client = connectTo(plain(origin.port()))) {
      assertThat(client.get("/").status()).isEqualTo(200);
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.response().status()).isEqualTo(503);
      assertThat(posts.get()).isEqualTo(1);
    }
  }

  @Test
  void dead_endpoint_is_tried_and_left_for_a_living_one() {
    try (Origin origin = Origin.answering("alive");
        Peer client =
            connectTo(
                plain(deadPort(), deadPort(), origin.port())
                    .routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("/").body()).isEqualTo("alive");
        expectLog("200", "-");
      }
    }
  }

  @Test
  void retries_that_fail_too_say_so() {
    try (Peer client =
        connectTo(
            plain(deadPort()).routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).contains("delayed_connect_error:_Connection_refused");
      expectLog("503", "UF,URX");
      assertThat(proxy.statistics().clusters())
          .hasEntrySatisfying(
              "app",
              total -> {
                assertThat(total.connectFailures()).isEqualTo(3);
                assertThat(total.requests()).isZero();
                assertThat(total.connections()).isZero();
                assertThat(total.pending()).isZero();
              });
    }
  }

  @Test
  void retriable_status_is_retried_with_the_body() {
    AtomicInteger calls = new AtomicInteger();
    Origin origin =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                String body = peer.bytes(Peer.contentLength(head));
                String status = calls.incrementAndGet() < 3 ? "503 Busy" : "200 OK";
                peer.send("HTTP/1.1 " + status + "\r\nContent-Length: 3\r\n\r\n" + body);
              }
            });
    try (origin;
        Peer client =
            connectTo(
                plain(origin.port())
                    .routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      Peer.Response response = client.response();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("abc");
      assertThat(calls.get()).isEqualTo(3);
      expectLog("200", "-");
    }
  }

  @Test
  void body_beyond_the_buffer_is_not_retried() {
    AtomicInteger calls = new AtomicInteger();
    Origin origin =
        new Origin(
            peer -> {
              String head = peer.head();
              peer.bytes(Peer.contentLength(head));
              calls.incrementAndGet();
              peer.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
              peer.rest();
            });
    try (origin;
        Peer client =
            connectTo(
                plain(origin.port())
                    .routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      String body = "x".repeat(200_000);
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n");
      client.send(body);
      assertThat(client.response().status()).isEqualTo(503);
      assertThat(calls.get()).isEqualTo(1);
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
            connectTo(
                plain(origin.port())
                    .routes(
                        "table",
                        Configs.route("/", "app", Duration.ofMillis(50), RetryPolicy.NONE)))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(504);
      assertThat(response.body()).isEqualTo("upstream request timeout");
      expectLog("504", "UT");
      Proxies.until("upstream closed", () -> origin.open() == 0);
    }
  }

  @Test
  void missing_things_have_their_flags() {
    try (Peer client =
        connectTo(
            plain()
                .routes(
                    "table", Configs.route("/none", "unknown"), Configs.route("/app", "app")))) {
      assertThat(client.get("/nowhere").status()).isEqualTo(404);
      expectLog("404", "NR");
      assertThat(client.get("/none").status()).isEqualTo(503);
      expectLog("503", "NC");
      Peer.Response unhealthy = client.get("/app");
      assertThat(unhealthy.status()).isEqualTo(503);
      assertThat(unhealthy.body()).isEqualTo("no healthy upstream");
      expectLog("503", "UH");
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
                assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });
    try (origin;
        Peer first =
            connectTo(
                plain()
                    .cluster(
                        Configs.cluster(
                            "app", new UpstreamTransport.Plain(), new CircuitLimits(1, 1, 1, 1)),
                        origin.port()));
        Peer second = Peer.connect(port)) {
      first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
      Peer.Response refused = second.get("/");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.has("x-envoy-overloaded: true")).isTrue();
      expectLog("503", "UO");
      go.countDown();
      assertThat(first.response().status()).isEqualTo(200);
    }
  }

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
        Peer client = connectTo(plain(origin.port()))) {
      client.send(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      String all = client.rest();
      assertThat(all).startsWith("HTTP/1.1 400 ").contains("connection: close");
      assertThat(all.split("HTTP/1.1 ", -1)).hasSize(2);
      expectLog("400", "DPE");
    }
  }

  @Test
  void oversize_head_gives_431() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = connectTo(plain(origin.port()))) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(70_000) + "\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void slow_client_gets_408() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = connectTo(plain(origin.port()))) {
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
        Peer client = connectTo(plain(origin.port()).listener(front(timeouts)))) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
      assertThat(client.rest()).startsWith("HTTP/1.1 408 ");
      expectLog("408", "SI");
    }
  }

  @Test
  void headers_and_path_are_changed_as_the_route_says() {
    HeaderEdits request =
        new HeaderEdits(
            List.of("x-secret"),
            List.of(
                new HeaderEdits.Edit(
                    "x-from",
                    "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
                    HeaderEdits.Action.OVERWRITE_IF_EXISTS_OR_ADD,
                    false)));
    HeaderEdits response =
        new HeaderEdits(
            List.of("server"),
            List.of(
                new HeaderEdits.Edit(
                    "x-version", "v2", HeaderEdits.Action.APPEND_IF_EXISTS_OR_ADD, false)));
    RouteAction.Forward forward = RouteAction.Forward.to("app");
    RouteAction rewritten =
        new RouteAction.Forward(
            forward.clusters(),
            new PathRewrite.ReplacePrefix(4, "/new"),
            new dev.weft.routing.HostRewrite.Literal("other:80"),
            Duration.ZERO,
            null,
            RetryPolicy.NONE,
            List.of(),
            List.of(),
            List.of());
    try (Origin origin = Origin.echoingHeads();
        Peer client =
            connectTo(
                plain(origin.port())
                    .routes("table", Configs.route("/old", rewritten, request, response)))) {
      client.send("GET /old/x?q HTTP/1.1\r\nHost: a\r\nX-Secret: 1\r\nX-From: forged\r\n\r\n");
      Peer.Response answer = client.response();
      assertThat(answer.has("x-version: v2")).isTrue();
      Peer.Response seen = new Peer.Response(answer.body(), "");
      assertThat(seen.head()).startsWith("GET /new/x?q HTTP/1.1\r\n").doesNotContain("ecret");
      assertThat(seen.value("x-from")).isEqualTo("127.0.0.1");
      assertThat(seen.value("host")).isEqualTo("other:80");
      assertThat(seen.value("x-envoy-original-path")).isEqualTo("/old/x?q");
    }
  }

  @Test
  void http_1_0_client_is_answered_and_closed() {
    try (Origin origin = Origin.answering("old");
        Peer client = connectTo(plain(origin.port()))) {
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("old");
    }
  }

  @Test
  void mirror_gets_a_copy_and_its_answer_is_dropped() throws Exception {
    LinkedBlockingQueue<String> copies = new LinkedBlockingQueue<>();
    Origin shadow =
        new Origin(
            peer -> {
              String head = peer.head();
              copies.add(head + peer.bytes(Math.max(0, Peer.contentLength(head))));
              peer.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
            });
    RouteAction.Forward forward = RouteAction.Forward.to("app");
    RouteAction mirrored =
        new RouteAction.Forward(
            forward.clusters(),
            forward.path(),
            forward.host(),
            Duration.ZERO,
            null,
            RetryPolicy.NONE,
            List.of(new RouteAction.Mirror("shadow", dev.weft.routing.Fraction.ALL)),
            List.of(),
            List.of());
    try (shadow;
        Origin origin = Origin.answering("real");
        Peer client =
            connectTo(
                plain(origin.port())
                    .cluster(Configs.cluster("shadow"), shadow.port())
                    .routes(
                        "table",
                        Configs.route("/", mirrored, HeaderEdits.NONE, HeaderEdits.NONE)))) {
      client.send("POST /x HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\n\r\nhel").send("lo");
      assertThat(client.response().body()).isEqualTo("real");
      assertThat(copies.poll(10, TimeUnit.SECONDS))
          .startsWith("POST /x HTTP/1.1\r\nhost: a-shadow:80\r\n")
          .endsWith("\r\n\r\nhello");
      assertThat(client.get("/y").body()).isEqualTo("real");
      assertThat(copies.poll(10, TimeUnit.SECONDS)).startsWith("GET /y ");
    }
  }
}
