package dev.weft.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.routing.RetryPolicy;
import dev.weft.routing.Route;
import dev.weft.runtime.Cluster;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP/2 connections on HTTP chains go as a whole where their first request is routed. */
class Http2Test {
  @RegisterExtension final Front front = new Front();
  private final GrpcEcho server = new GrpcEcho();

  @AfterEach
  void close() {
    server.close();
  }

  private void serve(String prefix, int endpoint) {
    serve(prefix, Configs.speaking(Cluster.Protocol.HTTP2, Configs.cluster("app")), endpoint);
  }

  private void serve(String prefix, Cluster cluster, int endpoint) {
    serve(cluster, Configs.route(prefix, "app"), endpoint);
  }

  private void serve(Cluster cluster, Route route, int endpoint) {
    front.proxy.apply(
        new Configs()
            .cluster(cluster, endpoint)
            .routes("table", route)
            .listener(
                Configs.plain(
                    "front",
                    front.port,
                    Configs.http(
                        "table",
                        Configs.OUTBOUND_FILTERS,
                        Configs.logs("UPSTREAM_CLUSTER", "RESPONSE_FLAGS"))))
            .build());
  }

  @Test
  void grpc_calls_with_payloads_trailers_and_errors_pass() throws Exception {
    serve("/", server.port());
    ManagedChannel channel = GrpcEcho.connect(front.port);
    try {
      for (String text : List.of("hello", "x".repeat(300_000), "again")) {
        assertThat(GrpcEcho.say(channel, text)).isEqualTo(text);
      }
      StatusRuntimeException error =
          catchThrowableOfType(StatusRuntimeException.class, () -> GrpcEcho.say(channel, ""));
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(error.getStatus().getDescription()).isEqualTo("say something");
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
    assertThat(front.logs.next()).contains("\"UPSTREAM_CLUSTER\":\"app\"");
    Proxies.until("counted out", () -> front.proxy.statistics().connections() == 0);
  }

  @Test
  void request_without_a_route_is_sent_away() {
    serve("/other", server.port());
    isSentAway();
  }

  @Test
  void request_to_a_cluster_of_http1_is_sent_away() {
    serve("/", Configs.cluster("app"), server.port());
    isSentAway();
  }

  @Test
  void a_host_whose_rules_hold_by_request_sends_away_and_says_why() throws Exception {
    serve(
        Configs.speaking(Cluster.Protocol.HTTP2, Configs.cluster("app")),
        Configs.route("/", "app", Duration.ofSeconds(3), RetryPolicy.NONE),
        server.port());
    ManagedChannel channel = GrpcEcho.connect(front.port);
    try {
      StatusRuntimeException error =
          catchThrowableOfType(StatusRuntimeException.class, () -> GrpcEcho.say(channel, "hello"));
      assertThat(error.getStatus().getDescription())
          .contains("HTTP_1_1_REQUIRED", "the routes of all hold by request: timeout");
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
    assertThat(front.logs.next()).contains("\"RESPONSE_FLAGS\":\"DPE\"");
  }

  private void isSentAway() {
    try (Peer client = front.connect()) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      // SETTINGS, then HEADERS with :method GET, :scheme http, :path / from the static table.
      client.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      client.send(new byte[] {0, 0, 3, 1, 5, 0, 0, 0, 1, (byte) 0x82, (byte) 0x86, (byte) 0x84});
      String answer = client.rest();
      String goAway = answer.substring(9 + 3);
      assertThat(goAway).startsWith("\7\0\0\0\0\0\0\0\0\0\0\0\0\15");
    }
  }

  @Test
  void preface_after_a_request_is_refused() {
    try (Origin origin = Origin.answering("x")) {
      serve("/", Configs.cluster("app"), origin.port());
      try (Peer client = front.connect()) {
        assertThat(client.get("/").status()).isEqualTo(200);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assertThat(client.rest()).startsWith("HTTP/1.1 505 ");
      }
    }
  }

  @Test
  void preface_byte_by_byte_is_understood() {
    serve("/other", server.port());
    try (Peer client = front.connect()) {
      for (char c : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.bytes(9)).isEqualTo("\0\0\0\4\0\0\0\0\0");
    }
  }

  @Test
  void edge_takes_no_connection_as_a_whole_and_says_where_requests_come_from() {
    try (Origin origin = Origin.echoingHeads()) {
      front.proxy.apply(
          new Configs()
              .cluster(Configs.cluster("app"), origin.port())
              .routes("table", Configs.route("/", "app"))
              .listener(
                  Configs.plain(
                      "front",
                      front.port,
                      Configs.edge(Configs.http("table", Configs.OUTBOUND_FILTERS, List.of()))))
              .build());
      try (Peer client = front.connect()) {
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assertThat(client.rest()).startsWith("HTTP/1.1 505 ");
      }
      try (Peer client = front.connect()) {
        client.send(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\n"
                + "X-Forwarded-Proto: https\r\n\r\n");
        Peer.Response seen = new Peer.Response(client.response().body(), "");
        assertThat(seen.value("x-forwarded-for")).isEqualTo("1.2.3.4,127.0.0.1");
        assertThat(seen.value("x-forwarded-proto")).isEqualTo("http");
      }
    }
  }
}
