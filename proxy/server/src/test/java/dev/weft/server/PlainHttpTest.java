package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PlainHttpTest {
  @RegisterExtension final Front front = new Front();

  @Test
  void request_reaches_the_endpoint_and_the_answer_comes_back() {
    try (Origin origin = Origin.answering("hello");
        Peer client = front.connectTo(Configs.plainHttp(front.port, origin.port()))) {
      Peer.Response response = client.get("/");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("hello");
      assertThat(response.has("server: istio-envoy")).isTrue();
      assertThat(response.value("x-envoy-upstream-service-time")).isNotEmpty();
      assertThat(response.value("date")).isNotEmpty();
    }
  }

  @Test
  void connections_are_kept_on_both_sides() {
    try (Origin origin = Origin.answering("hello");
        Peer client = front.connectTo(Configs.plainHttp(front.port, origin.port()))) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.get("/" + i).status()).isEqualTo(200);
      }
      assertThat(origin.accepted.get()).isEqualTo(1);
      assertThat(front.proxy.idleConnections("app")).isEqualTo(1);
    }
  }

  @Test
  void pipelined_requests_are_answered_in_order() {
    try (Origin origin = Origin.echoingHeads();
        Peer client = front.connectTo(Configs.plainHttp(front.port, origin.port()))) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      client.send(requests.toString());
      for (int i = 0; i < 30; i++) {
        assertThat(client.response().body()).startsWith("GET /" + i + " ");
      }
    }
  }
}
