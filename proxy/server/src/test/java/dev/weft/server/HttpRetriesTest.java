package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.RetryPolicy;
import dev.weft.routing.RetryPolicy.Condition;
import dev.weft.routing.Route;
import dev.weft.routing.VirtualHost;
import dev.weft.testkit.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a request is tried again, and when it is not. */
class HttpRetriesTest {
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

  @RegisterExtension final Front front = new Front();

  @Test
  void dead_endpoint_is_tried_and_left_for_a_living_one() {
    try (Origin origin = Origin.answering("alive");
        Peer client =
            front.connectTo(
                front
                    .plain(Ports.free(), Ports.free(), origin.port())
                    .routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.get("/").body()).isEqualTo("alive");
        front.expectLog("200", "-");
      }
    }
  }

  @Test
  void clients_learn_how_many_attempts_there_were_where_that_is_wanted() {
    Route route = Configs.route("/", "app", Duration.ZERO, ISTIO);
    VirtualHost host = new VirtualHost("all", List.of("*"), List.of(route), false, false, true);
    try (Origin origin = Origin.answering("alive");
        Peer client = front.connectTo(front.plain(origin.port()).routes("table", host))) {
      assertThat(client.get("/").value("x-envoy-attempt-count")).isEqualTo("1");
    }
    try (Peer client = front.connectTo(front.plain(Ports.free()).routes("table", host))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.value("x-envoy-attempt-count")).isEqualTo("3");
    }
  }

  @Test
  void retries_that_fail_too_say_so() {
    try (Peer client =
        front.connectTo(
            front
                .plain(Ports.free())
                .routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.body()).contains("delayed_connect_error:_Connection_refused");
      front.expectLog("503", "UF,URX");
      assertThat(front.proxy.statistics().clusters())
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
            front.connectTo(
                front
                    .plain(origin.port())
                    .routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      Peer.Response response = client.response();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("abc");
      assertThat(calls.get()).isEqualTo(3);
      front.expectLog("200", "-");
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
            front.connectTo(
                front
                    .plain(origin.port())
                    .routes("table", Configs.route("/", "app", Duration.ZERO, ISTIO)))) {
      String body = "x".repeat(200_000);
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n");
      client.send(body);
      assertThat(client.response().status()).isEqualTo(503);
      assertThat(calls.get()).isEqualTo(1);
    }
  }
}
