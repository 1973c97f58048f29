package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.StringMatch;
import dev.weft.runtime.Authorizer;
import dev.weft.server.worker.Worker;
import dev.weft.testkit.Settle;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A request waits while an authorizer is shown its body, and loses nothing of it. */
class HeldBodiesTest {
  private static final String BIG = "0123456789abcdef".repeat(16_000);

  @RegisterExtension final Front front = new Front();
  private final BlockingQueue<Peer.Response> shown = new LinkedBlockingQueue<>();

  /** Refuses a body with "bad" in it. */
  private final Origin authorizer =
      new Origin(
          peer -> {
            for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
              String body = peer.bytes(Peer.contentLength(head));
              shown.add(new Peer.Response(head, body));
              String status = body.contains("bad") ? "403 Forbidden" : "200 OK";
              peer.send("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
            }
          });

  private final Origin app = echoing();

  /** Gives back what it gets. */
  static Origin echoing() {
    return new Origin(
        peer -> {
          for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
            int length = Peer.contentLength(head);
            String body = head.contains("chunked") ? chunks(peer) : peer.bytes(Math.max(0, length));
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
          }
        });
  }

  private static String chunks(Peer peer) {
    StringBuilder body = new StringBuilder();
    for (String size = peer.line(); !size.equals("0"); size = peer.line()) {
      body.append(peer.bytes(Integer.parseInt(size, 16)));
      peer.line();
    }
    peer.line();
    return body.toString();
  }

  @AfterEach
  void close() {
    authorizer.close();
    app.close();
  }

  /** The authorizer is told all headers with such names. */
  private static final StringMatch ALL = new StringMatch.Prefix("x-", true);

  private void serve(int most, boolean partial) {
    Authorizer asked =
        new Authorizer(
            "authorizer",
            new Authorizer.Http("", Map.of(), List.of(), List.of(), List.of(), List.of()),
            Duration.ofSeconds(60),
            false,
            false,
            403,
            null,
            List.of(ALL),
            new Authorizer.Body(most, partial, false),
            false);
    front.checking(asked, Configs.cluster("authorizer"), authorizer.port(), app.port());
  }

  private static String post(String body) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void content_of_any_framing_and_size_is_shown_and_goes_on() throws Exception {
    serve(BIG.length(), false);
    try (Peer client = front.connect()) {
      for (String body : List.of("fine", BIG, "")) {
        assertThat(client.send(post(body)).response().body()).isEqualTo(body);
        Peer.Response check = shown.take();
        assertThat(check.body()).isEqualTo(body);
        assertThat(check.has("x-envoy-auth-partial-body: false")).isTrue();
      }
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      client.send("6\r\n world\r\n0\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("hello world");
      assertThat(shown.take().body()).isEqualTo("hello world");
      assertThat(client.send(post("so bad")).response().status()).isEqualTo(403);
      assertThat(app.accepted.get()).isEqualTo(1);
    }
  }

  @Test
  void content_of_a_stream_is_shown_and_goes_on() throws Exception {
    serve(BIG.length(), false);
    try (FramePeer client = FramePeer.client(front.connect())) {
      client.request(1, "POST", "/", false).data(1, "he", false).data(1, "llo", true);
      assertThat(client.answer(1).body()).isEqualTo("hello");
      assertThat(shown.take().body()).isEqualTo("hello");
      client.request(3, "POST", "/", false).data(3, "bad", false);
      client.headers(3, true, "x-after", "all");
      assertThat(client.answer(3).status()).isEqualTo(403);
      client.get(5, "/");
      assertThat(client.answer(5).status()).isEqualTo(200);
    }
  }

  @Test
  void more_than_is_shown_is_refused_or_goes_on_by_its_beginning() throws Exception {
    serve(4, false);
    try (Peer client = front.connect()) {
      client.send(post("hello"));
      assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
      assertThat(front.logs.next()).contains("\"413\"", "\"request_payload_too_large\"");
    }
    try (Peer client = front.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
      assertThat(shown).isEmpty();
    }
    serve(4, true);
    try (Peer client = front.connect()) {
      assertThat(client.send(post(BIG)).response().body()).isEqualTo(BIG);
      Peer.Response check = shown.take();
      assertThat(check.body()).isEqualTo("0123");
      assertThat(check.has("x-envoy-auth-partial-body: true")).isTrue();
    }
  }

  /** Whoever only says that another protocol is welcome has content all the same. */
  @Test
  void no_header_hides_content() {
    serve(BIG.length(), false);
    for (String lines :
        List.of(
            "Upgrade: other\r\n",
            "Connection: upgrade\r\nUpgrade: websocket\r\n",
            "Connection: upgrade\r\nUpgrade: h2c\r\n")) {
      try (Peer client = front.connect()) {
        client.send(post("so bad").replace("Host: a\r\n", "Host: a\r\n" + lines));
        assertThat(client.response().status()).as(lines).isEqualTo(403);
      }
    }
    assertThat(app.accepted.get()).isZero();
  }

  @Test
  void a_client_does_not_say_how_much_is_shown() throws Exception {
    serve(4, true);
    try (Peer client = front.connect()) {
      String told = "Host: a\r\nX-Envoy-Auth-Partial-Body: false\r\n";
      assertThat(client.send(post("hello").replace("Host: a\r\n", told)).response().status())
          .isEqualTo(200);
      assertThat(shown.take().head().toLowerCase(Locale.ROOT))
          .contains("x-envoy-auth-partial-body: true")
          .doesNotContain("x-envoy-auth-partial-body: false");
    }
  }

  @Test
  void a_client_that_waits_to_be_told_is_told_to_send() {
    serve(100, false);
    try (Peer client = front.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.head()).startsWith("HTTP/1.1 100 ");
      assertThat(client.send("hello").response().body()).isEqualTo("hello");
    }
  }

  @Test
  void whoever_leaves_in_the_middle_leaves_nothing_behind() {
    serve(BIG.length(), false);
    Worker worker = Objects.requireNonNull(front.proxy.worker(0));
    try (Peer client = front.connect()) {
      client.send(post(BIG).substring(0, BIG.length()));
      Settle.until("the body is held", () -> worker.held() > 100_000);
    }
    Settle.until("nothing is held", () -> worker.held() == 0);
    assertThat(shown).isEmpty();
  }
}
