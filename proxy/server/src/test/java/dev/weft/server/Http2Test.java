package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.routing.GrpcTimeout;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.runtime.Cluster;
import dev.weft.testkit.Settle;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each stream of an HTTP/2 connection is a request of its own, in whatever version it goes on. */
class Http2Test {
  private static final int PROTOCOL_ERROR = 1;
  private static final int REFUSED_STREAM = 7;

  @RegisterExtension final Front front = new Front();
  private final GrpcEcho server = new GrpcEcho();

  @AfterEach
  void close() {
    server.close();
  }

  private void serve(Cluster cluster, int endpoint, Route... routes) {
    front.proxy.apply(configs(routes).cluster(cluster, endpoint).build());
  }

  private Configs configs(Route... routes) {
    return new Configs()
        .routes("table", routes)
        .listener(
            Configs.plain(
                "front",
                front.port,
                Configs.http(
                    "table",
                    Configs.OUTBOUND_FILTERS,
                    Configs.logs(
                        "PROTOCOL",
                        "RESPONSE_CODE",
                        "RESPONSE_FLAGS",
                        "BYTES_RECEIVED",
                        "BYTES_SENT"))));
  }

  private static Cluster app(Cluster.Protocol protocol) {
    return Configs.speaking(protocol, Configs.cluster("app"));
  }

  private FramePeer connect() {
    return FramePeer.client(front.connect());
  }

  @Test
  void grpc_calls_with_payloads_trailers_and_errors_pass() throws Exception {
    serve(app(Cluster.Protocol.HTTP2), server.port(), Configs.route("/", "app"));
    ManagedChannel channel = GrpcEcho.connect(front.port);
    try {
      for (String text : List.of("hello", "x".repeat(300_000), "again")) {
        assertThat(GrpcEcho.say(channel, text)).isEqualTo(text);
        assertThat(front.logs.next()).contains("HTTP/2", "\"RESPONSE_CODE\":\"200\"");
      }
      StatusRuntimeException error =
          catchThrowableOfType(StatusRuntimeException.class, () -> GrpcEcho.say(channel, ""));
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(error.getStatus().getDescription()).isEqualTo("say something");
    } finally {
      channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    }
    Settle.until("counted out", () -> front.proxy.statistics().connections() == 0);
  }

  @Test
  void what_this_proxy_answers_itself_a_grpc_client_understands() throws Exception {
    serve(app(Cluster.Protocol.HTTP2), server.port(), Configs.route("/other", "app"));
    ManagedChannel channel = GrpcEcho.connect(front.port);
    try {
      StatusRuntimeException error =
          catchThrowableOfType(StatusRuntimeException.class, () -> GrpcEcho.say(channel, "x"));
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      front.expectLog("200", "NR");
    } finally {
      channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void streams_of_one_connection_take_routes_of_their_own() {
    try (Origin one = Origin.answering("one");
        Origin two = Origin.answering("two")) {
      front.proxy.apply(
          configs(Configs.route("/1", "one"), Configs.route("/2", "two"))
              .cluster(Configs.cluster("one"), one.port())
              .cluster(Configs.cluster("two"), two.port())
              .build());
      try (FramePeer client = connect()) {
        client.get(1, "/1").get(3, "/2").get(5, "/3").get(7, "/1");
        Map<Integer, FramePeer.Answer> answers = client.answers(1, 3, 5, 7);
        assertThat(answers.values())
            .extracting(FramePeer.Answer::status, FramePeer.Answer::body)
            .containsExactly(
                tuple(200, "one"), tuple(200, "two"), tuple(404, ""), tuple(200, "one"));
      }
    }
  }

  @Test
  void a_request_goes_on_in_http1_with_its_fields_and_nothing_else() {
    try (Origin origin = Origin.echoingHeads()) {
      serve(app(Cluster.Protocol.HTTP1), origin.port(), Configs.route("/", "app"));
      try (FramePeer client = connect()) {
        client.get(1, "/a?b", "x-one", "1", "cookie", "a=1", "te", "trailers", "cookie", "b=2");
        FramePeer.Answer answer = client.answer(1);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
            .startsWith("GET /a?b HTTP/1.1\r\nhost: app\r\n")
            .contains("x-one: 1\r\n", "cookie: a=1; b=2\r\n")
            .doesNotContain("te:", ":path", "transfer-encoding", "connection");
        assertThat(answer.head()).doesNotContainKeys("connection", "keep-alive");
      }
    }
  }

  @Test
  void content_of_unknown_length_is_chunked_for_http1_and_unchunked_on_its_way_back() {
    try (Origin origin =
        new Origin(
            peer -> {
              String head = peer.head();
              String body = peer.bytes("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n".length());
              String answer = head.contains("transfer-encoding: chunked") ? body : "not chunked";
              peer.send(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      + Integer.toHexString(answer.length())
                      + "\r\n"
                      + answer
                      + "\r\n0\r\nx-end: yes\r\n\r\n");
            })) {
      serve(app(Cluster.Protocol.HTTP1), origin.port(), Configs.route("/", "app"));
      try (FramePeer client = connect()) {
        client.request(1, "POST", "/", false).data(1, "hello", false).data(1, " world", true);
        FramePeer.Answer answer = client.answer(1);
        assertThat(answer.body()).isEqualTo("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
        assertThat(answer.trailers()).containsExactly(Map.entry("x-end", "yes"));
        assertThat(answer.head()).doesNotContainKeys("transfer-encoding");
      }
    }
  }

  /** Answers each request with what it was, in HTTP/2. */
  private static Origin http2() {
    return new Origin(
        peer -> {
          FramePeer server = FramePeer.server(peer);
          FramePeer.Frame frame = server.nextOfStreams();
          while (frame.type() == FramePeer.HEADERS) {
            StringBuilder text = new StringBuilder(server.decoded(frame).toString());
            while ((frame.flags() & FramePeer.END_STREAM) == 0) {
              frame = server.nextOfStreams();
              text.append('|')
                  .append(
                      frame.type() == FramePeer.HEADERS
                          ? server.decoded(frame).toString()
                          : new String(frame.payload(), StandardCharsets.ISO_8859_1));
            }
            server.headers(frame.stream(), false, ":status", "200", "x-version", "2");
            server.data(frame.stream(), text.toString(), false);
            server.headers(frame.stream(), true, "x-end", "yes");
            frame = server.nextOfStreams();
          }
        });
  }

  @Test
  void a_client_of_http1_reaches_a_server_of_http2() {
    try (Origin origin = http2()) {
      serve(app(Cluster.Protocol.HTTP2), origin.port(), Configs.route("/", "app"));
      try (Peer client = front.connect()) {
        Peer.Response got = client.get("/a");
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.value("transfer-encoding")).isEqualTo("chunked");
        assertThat(got.body())
            .contains(":method=GET", ":path=/a", ":scheme=http", ":authority=")
            .doesNotContain("connection", "host=");
        client.send(
            "POST /b HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n");
        assertThat(client.response().body()).contains(":method=POST", "|hello", "|{x-sum=7}");
        client.send("POST /c HTTP/1.1\r\nHost: app\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(client.response().body()).contains("content-length=2").endsWith("|hi");
        assertThat(origin.accepted.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void the_version_of_the_client_is_spoken_where_the_cluster_says_so() {
    try (Origin origin = http2()) {
      serve(app(Cluster.Protocol.DOWNSTREAM), origin.port(), Configs.route("/", "app"));
      try (FramePeer client = connect()) {
        client.request(1, "POST", "/", false, "te", "trailers").data(1, "x", false);
        client.headers(1, true, "x-sum", "1");
        FramePeer.Answer answer = client.answer(1);
        assertThat(answer.body()).contains("te=trailers").endsWith("|x|{x-sum=1}");
        assertThat(answer.trailers()).containsExactly(Map.entry("x-end", "yes"));
      }
    }
    try (Origin origin = Origin.answering("one")) {
      serve(app(Cluster.Protocol.DOWNSTREAM), origin.port(), Configs.route("/", "app"));
      try (Peer client = front.connect()) {
        assertThat(client.get("/").body()).isEqualTo("one");
      }
    }
  }

  @Test
  void a_stream_that_the_endpoint_refuses_or_did_not_see_is_sent_again() {
    try (Origin origin =
        new Origin(
            peer -> {
              FramePeer server = FramePeer.server(peer);
              FramePeer.Frame first = server.nextOfStreams();
              server.frame(
                  FramePeer.RST_STREAM, 0, first.stream(), new byte[] {0, 0, 0, REFUSED_STREAM});
              FramePeer.Frame second = server.nextOfStreams();
              server.frame(FramePeer.GOAWAY, 0, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
              assertThat(second.stream()).isEqualTo(3);
            })) {
      try (Origin last = http2()) {
        front.proxy.apply(
            configs(Configs.route("/", "app"))
                .cluster(app(Cluster.Protocol.HTTP2), origin.port())
                .build());
        try (FramePeer client = connect()) {
          client.request(1, "POST", "/", true);
          // Three times refused or unseen, with no other endpoint: that is said.
          FramePeer.Answer answer = client.answer(1);
          assertThat(answer.status()).isEqualTo(503);
          serve(app(Cluster.Protocol.HTTP2), last.port(), Configs.route("/", "app"));
          client.request(3, "POST", "/", true);
          assertThat(client.answer(3).status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void a_call_ends_at_the_deadline_that_its_client_set() {
    try (Origin silent = new Origin(peer -> assertThat(peer.rest()).isNotEmpty())) {
      serve(app(Cluster.Protocol.HTTP1), silent.port(), untilDeadline());
      try (FramePeer client = connect()) {
        client.get(1, "/", "content-type", "application/grpc", "grpc-timeout", "50m");
        assertThat(client.answer(1).head())
            .containsEntry("grpc-status", "4")
            .containsEntry("grpc-message", "deadline exceeded");
      }
    }
  }

  @Test
  void a_call_whose_answer_has_begun_has_a_status_at_its_deadline() {
    Origin begins =
        new Origin(
            peer -> {
              FramePeer server = FramePeer.server(peer);
              int stream = server.nextOfStreams().stream();
              server.headers(stream, false, ":status", "200", "content-type", "application/grpc");
              server.data(stream, "begun", false);
              String unused = peer.rest();
            });
    try (begins) {
      serve(app(Cluster.Protocol.HTTP2), begins.port(), untilDeadline());
      try (FramePeer client = connect()) {
        client.get(1, "/", "content-type", "application/grpc", "grpc-timeout", "4S");
        FramePeer.Answer answer = client.answer(1);
        assertThat(answer.body()).isEqualTo("begun");
        assertThat(answer.trailers()).containsEntry("grpc-status", "4");
      }
    }
  }

  private static Route untilDeadline() {
    RouteAction.Forward to = RouteAction.Forward.to("app");
    RouteAction.Forward honoured =
        new RouteAction.Forward(
            to.clusters(),
            to.path(),
            to.host(),
            to.timeout(),
            null,
            new GrpcTimeout(Duration.ZERO, Duration.ZERO),
            to.retry(),
            to.mirrors(),
            to.hash(),
            to.upgrades());
    return Configs.route("/", honoured, HeaderEdits.NONE, HeaderEdits.NONE);
  }

  @Test
  void a_malformed_request_ends_its_stream_and_no_other() {
    try (Origin origin = Origin.answering("fine")) {
      serve(app(Cluster.Protocol.HTTP1), origin.port(), Configs.route("/", "app"));
      try (FramePeer client = connect()) {
        client.get(1, "/", "x-one", "a\r\nx-two: b");
        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
        client.get(3, "/");
        assertThat(client.answer(3).body()).isEqualTo("fine");
      }
    }
  }

  @Test
  void a_request_line_that_hides_another_is_refused() {
    try (Origin origin = Origin.answering("fine")) {
      serve(app(Cluster.Protocol.HTTP1), origin.port(), Configs.route("/", "app"));
      try (FramePeer client = connect()) {
        int stream = 1;
        for (String path :
            List.of("/ HTTP/1.1\r\nhost: b\r\n\r\nGET /", "http://other/", "", "nothing")) {
          client.get(stream, path);
          assertThat(client.answer(stream).reset()).as(path).isEqualTo(PROTOCOL_ERROR);
          stream += 2;
        }
      }
    }
  }

  @Test
  void whoever_leaves_ends_the_request_behind() throws Exception {
    try (Origin origin = new Origin(peer -> assertThat(peer.head() + peer.rest()).isNotEmpty())) {
      serve(app(Cluster.Protocol.HTTP1), origin.port(), Configs.route("/", "app"));
      try (FramePeer client = connect()) {
        client.get(1, "/");
        Settle.until("the request is there", () -> origin.accepted.get() == 1);
        client.frame(FramePeer.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
        assertThat(front.logs.next()).contains("\"RESPONSE_FLAGS\":\"DC\"");
      }
    }
  }

  @Test
  void preface_after_a_request_is_refused() {
    try (Origin origin = Origin.answering("x")) {
      serve(Configs.cluster("app"), origin.port(), Configs.route("/", "app"));
      try (Peer client = front.connect()) {
        assertThat(client.get("/").status()).isEqualTo(200);
        client.send(FramePeer.PREFACE);
        assertThat(client.rest()).startsWith("HTTP/1.1 505 ");
      }
    }
  }

  @Test
  void preface_byte_by_byte_is_understood() {
    try (Origin origin = Origin.answering("x")) {
      serve(Configs.cluster("app"), origin.port(), Configs.route("/", "app"));
      try (Peer peer = front.connect()) {
        for (char c : FramePeer.PREFACE.toCharArray()) {
          peer.send(String.valueOf(c));
        }
        FramePeer client = FramePeer.raw(peer);
        client.frame(FramePeer.SETTINGS, 0, 0, new byte[0]);
        client.get(1, "/");
        assertThat(client.answer(1).body()).isEqualTo("x");
      }
    }
  }

  @Test
  void the_edge_takes_http2_and_keeps_what_proxies_say_from_clients() {
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
      try (FramePeer client = connect()) {
        client.get(1, "/", "x-envoy-peer-metadata", "forged", "x-envoy-attempt-count", "9");
        assertThat(client.answer(1).body())
            .contains("x-forwarded-for: 127.0.0.1\r\n")
            .doesNotContain("forged", "x-envoy-attempt-count");
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
