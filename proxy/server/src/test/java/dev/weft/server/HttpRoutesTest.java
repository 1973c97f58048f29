package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HostRewrite;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.RouteAction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a route changes of a request, and who gets a copy. */
class HttpRoutesTest {
  @RegisterExtension final Front front = new Front();

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
            new HostRewrite.Literal("other:80"),
            Duration.ZERO,
            null,
            null,
            RetryPolicy.NONE,
            List.of(),
            List.of(),
            List.of());
    try (Origin origin = Origin.echoingHeads();
        Peer client =
            front.connectTo(
                front
                    .plain(origin.port())
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
            null,
            RetryPolicy.NONE,
            List.of(new RouteAction.Mirror("shadow", Fraction.ALL)),
            List.of(),
            List.of());
    try (shadow;
        Origin origin = Origin.answering("real");
        Peer client =
            front.connectTo(
                front
                    .plain(origin.port())
                    .cluster(Configs.cluster("shadow"), shadow.port())
                    .routes(
                        "table",
                        Configs.route("/", mirrored, HeaderEdits.NONE, HeaderEdits.NONE)))) {
      client.send("POST /x HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\n\r\nhel").send("lo");
      assertThat(client.response().body()).isEqualTo("real");
      assertThat(copies.poll(60, TimeUnit.SECONDS))
          .startsWith("POST /x HTTP/1.1\r\nhost: a-shadow:80\r\n")
          .endsWith("\r\n\r\nhello");
      assertThat(client.get("/y").body()).isEqualTo("real");
      assertThat(copies.poll(60, TimeUnit.SECONDS)).startsWith("GET /y ");
    }
  }
}
