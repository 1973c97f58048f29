package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.HttpPipeline.PathNormalization;
import dev.weft.runtime.HttpPipeline.PathNormalization.EscapedSlashes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a request whose path has slashes that are escaped. */
class EscapedSlashesTest {
  @RegisterExtension final Front front = new Front();

  private Peer with(EscapedSlashes rule, int origin) {
    HttpPipeline http =
        Configs.paths(
            new PathNormalization(true, false, rule),
            Configs.http("table", Configs.OUTBOUND_FILTERS, List.of()));
    return front.connectTo(front.plain(origin).listener(Configs.plain("front", front.port, http)));
  }

  private static Peer.Response get(Peer client, String path, String more) {
    return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n").response();
  }

  @Test
  void a_rule_decides_whether_it_goes_on_is_refused_or_has_to_be_asked_again() {
    try (Origin origin = Origin.echoingHeads()) {
      for (EscapedSlashes rule : EscapedSlashes.values()) {
        try (Peer client = with(rule, origin.port())) {
          Peer.Response response = get(client, "/a%2Fb?c", "");
          switch (rule) {
            case KEEP -> assertThat(response.body()).startsWith("GET /a%2Fb?c ");
            case UNESCAPE_AND_FORWARD -> assertThat(response.body()).startsWith("GET /a/b?c ");
            case REJECT -> assertThat(response.status()).isEqualTo(400);
            case UNESCAPE_AND_REDIRECT -> {
              assertThat(response.status()).isEqualTo(307);
              assertThat(response.value("location")).isEqualTo("/a/b?c");
            }
          }
        }
      }
    }
  }

  @Test
  void a_grpc_client_is_not_sent_elsewhere() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = with(EscapedSlashes.UNESCAPE_AND_REDIRECT, origin.port())) {
      Peer.Response response = get(client, "/a%2Fb", "Content-Type: application/grpc\r\n");
      assertThat(response.status()).isNotEqualTo(307);
      assertThat(response.value("location")).isEmpty();
    }
  }
}
