package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.Endpoint;
import dev.weft.routing.RetryPolicy;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.testkit.Ports;
import dev.weft.testkit.Settle;
import dev.weft.types.HostPort;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sidecar, cross-cluster gateway, sidecar: the path of a request between two clusters. */
class MeshTest {
  @RegisterExtension final MeshPath path = new MeshPath();

  @Test
  void request_goes_through_sidecar_gateway_and_sidecar_over_mutual_tls() {
    try (Origin app = Origin.echoingHeads()) {
      path.inbound(app.port());
      path.gateway(path.inboundPort);
      path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), path.gatewayPort);
      try (Peer client = Peer.connect(path.outboundPort)) {
        for (int i = 0; i < 3; i++) {
          Peer.Response response = client.get("/status/418");
          assertThat(response.status()).isEqualTo(200);
          assertThat(response.head().toLowerCase()).doesNotContain("peer-metadata");
          Peer.Response seen = new Peer.Response(response.body(), "");
          assertThat(seen.value("x-forwarded-client-cert"))
              .startsWith("By=" + MeshPath.HTTPBIN + ";Hash=")
              .contains(";Cert=\"-----BEGIN%20CERTIFICATE-----%0A")
              .endsWith(";Subject=\"O=weft\";URI=" + MeshPath.SLEEP);
          assertThat(seen.head().toLowerCase()).doesNotContain("peer-metadata");
          assertThat(seen.value("x-request-id")).hasSize(36);
          assertThat(seen.value("x-forwarded-proto")).isEqualTo("http");
        }
      }
      assertThat(path.clientLogs.next())
          .contains("\"REQ(:AUTHORITY)\":\"app\"")
          .contains("\"RESPONSE_CODE\":\"200\",\"RESPONSE_FLAGS\":\"-\"")
          .contains("\"UPSTREAM_CLUSTER\":\"" + MeshPath.CLUSTER + "\"")
          .contains("\"UPSTREAM_HOST\":\"127.0.0.1:" + path.gatewayPort + "\"")
          .doesNotContain("SERVICE-TIME)\":\"-\"");
      assertThat(path.serverLogs.next())
          .contains("\"DOWNSTREAM_LOCAL_ADDRESS\":\"127.0.0.1:" + app.port() + "\"")
          .contains("\"DOWNSTREAM_PEER_URI_SAN\":\"" + MeshPath.SLEEP + "\"")
          .contains("\"DOWNSTREAM_LOCAL_URI_SAN\":\"" + MeshPath.HTTPBIN + "\"");
      path.started.removeLast().close();
      assertThat(path.gatewayLogs.next())
          .contains("\"REQUESTED_SERVER_NAME\":\"" + MeshPath.SNI + "\"")
          .contains("\"UPSTREAM_CLUSTER\":\"" + MeshPath.SNI + "\"")
          .contains("\"UPSTREAM_HOST\":\"127.0.0.1:" + path.inboundPort + "\"")
          .contains("\"RESPONSE_CODE\":\"0\",\"PROTOCOL\":\"-\",\"RESPONSE_FLAGS\":\"-\"");
    }
  }

  @Test
  void request_that_never_got_to_a_dead_application_is_tried_elsewhere() {
    try (Origin app = Origin.answering("alive")) {
      int deadPort = Ports.free();
      int livingPort = Ports.free();
      path.inbound(deadPort);
      path.inbound(app.port(), livingPort);
      path.sidecar(
          Configs.cluster(
              MeshPath.CLUSTER, MeshPath.mutualTls(MeshPath.HTTPBIN), CircuitLimits.UNLIMITED),
          List.of(
              Endpoint.of(new HostPort("127.0.0.1", path.inboundPort)),
              Endpoint.of(new HostPort("127.0.0.1", livingPort))),
          Configs.retries(2, Set.of(RetryPolicy.Condition.CONNECT_FAILURE), List.of()));
      try (Peer client = Peer.connect(path.outboundPort)) {
        for (int i = 0; i < 10; i++) {
          client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
          assertThat(client.response().body()).isEqualTo("alive");
        }
      }
    }
  }

  @Test
  void only_a_proxy_is_told_that_a_request_was_not_delivered() {
    path.inbound(Ports.free());
    path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), path.inboundPort);
    for (int port : List.of(path.inboundPort, path.outboundPort)) {
      try (Peer client = Peer.connect(port)) {
        Peer.Response response = client.get("/");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.head().toLowerCase()).doesNotContain("x-weft");
      }
    }
  }

  @Test
  void large_bodies_pass_the_whole_path_unharmed() {
    Origin echo =
        new Origin(
            peer -> {
              for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                int length = Peer.contentLength(head);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                peer.send(peer.bytes(length));
              }
            });
    try (echo) {
      path.inbound(echo.port());
      path.gateway(path.inboundPort);
      path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), path.gatewayPort);
      StringBuilder body = new StringBuilder();
      for (int i = 0; body.length() < 3_000_000; i++) {
        body.append(i).append(',');
      }
      try (Peer client = Peer.connect(path.outboundPort)) {
        for (int i = 0; i < 3; i++) {
          client.send(
              "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n");
          Thread writer = Thread.startVirtualThread(() -> client.send(body.toString()));
          assertThat(client.response().body().contentEquals(body)).isTrue();
          join(writer);
        }
      }
      assertThat(echo.accepted.get()).isEqualTo(1);
    }
  }

  @Test
  void grpc_passes_the_whole_path() throws Exception {
    try (GrpcEcho echo = new GrpcEcho()) {
      path.inbound(echo.port());
      path.gateway(path.inboundPort);
      path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), path.gatewayPort);
      ManagedChannel channel = GrpcEcho.connect(path.outboundPort);
      for (int i = 0; i < 20; i++) {
        assertThat(GrpcEcho.say(channel, "call " + i)).isEqualTo("call " + i);
      }
      assertThat(channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void plaintext_client_reaches_a_permissive_sidecar() {
    try (Origin app = Origin.echoingHeads()) {
      path.inbound(app.port());
      try (Peer client = Peer.connect(path.inboundPort)) {
        client.send(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: URI=spiffe://forged\r\n\r\n");
        Peer.Response response = client.response();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).doesNotContain("forged");
      }
    }
  }

  @Test
  void server_with_another_identity_is_refused_and_the_log_says_why() {
    try (Origin app = Origin.echoingHeads()) {
      path.inbound(app.port());
      ProxyServer sidecar =
          path.sidecar(
              MeshPath.mutualTls("spiffe://cluster.local/ns/default/sa/other"), path.inboundPort);
      try (Peer client = Peer.connect(path.outboundPort)) {
        Peer.Response response = client.get("/");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).contains("CERTIFICATE_VERIFY_FAILED");
      }
      assertThat(app.accepted.get()).isZero();
      assertThat(path.clientLogs.next())
          .contains("\"RESPONSE_FLAGS\":\"UF\"")
          .contains("TLS_error:|268435581:SSL_routines")
          .contains("CERTIFICATE_VERIFY_FAILED");
      Settle.until(
          "nothing is open",
          () -> {
            var total = sidecar.statistics().clusters().get(MeshPath.CLUSTER);
            return total != null && total.connections() == 0 && total.pending() == 0;
          });
    }
  }

  @Test
  void peers_of_another_root_are_refused_on_both_sides() {
    try (Origin app = Origin.echoingHeads()) {
      path.inbound(app.port());
      path.sleep.identity = new Pki().workload(MeshPath.SLEEP);
      path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), path.inboundPort);
      try (Peer client = Peer.connect(path.outboundPort)) {
        assertThat(client.get("/").status()).isEqualTo(503);
      }
      assertThat(path.clientLogs.next()).contains("CERTIFICATE_VERIFY_FAILED");
      assertThat(app.accepted.get()).isZero();
    }
  }

  @Test
  void rotated_identity_is_used_by_new_connections_and_leaves_running_ones() {
    try (Origin app = Origin.echoingHeads()) {
      path.inbound(app.port());
      ProxyServer client = path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), path.inboundPort);
      try (Peer peer = Peer.connect(path.outboundPort)) {
        assertThat(peer.get("/").body()).contains("URI=" + MeshPath.SLEEP);
        path.sleep.identity = path.pki.workload("spiffe://cluster.local/ns/default/sa/renamed");
        assertThat(peer.get("/").body()).contains("URI=" + MeshPath.SLEEP);
        RuntimeConfig now = client.config();
        client.apply(
            new RuntimeConfig(
                now.listeners(),
                now.routeTables(),
                now.virtualHosts(),
                Map.of(
                    MeshPath.CLUSTER,
                    Configs.cluster(
                        MeshPath.CLUSTER,
                        MeshPath.mutualTls(MeshPath.HTTPBIN),
                        CircuitLimits.DEFAULT)),
                now.assignments(),
                now.secrets(),
                now.nameTables(),
                now.nameTable(),
                now.captured(),
                2));
        assertThat(peer.get("/").body()).contains("sa/renamed");
      }
      assertThat(app.problems).isEmpty();
    }
  }

  @Test
  void gateway_closes_what_no_chain_takes_and_says_so() {
    path.gateway(1);
    try (Peer plain = Peer.connect(path.gatewayPort)) {
      assertThat(plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ended()).isTrue();
    }
    assertThat(path.gatewayLogs.next())
        .contains("\"RESPONSE_FLAGS\":\"NR\"")
        .contains("filter_chain_not_found");
  }

  @Test
  void gateway_closes_what_does_not_say_hello_in_time_and_says_so() {
    path.helloTime = Duration.ofMillis(300);
    path.gateway(1);
    try (Peer silent = Peer.connect(path.gatewayPort)) {
      assertThat(silent.ended()).isTrue();
    }
    assertThat(path.gatewayLogs.next()).contains("listener_filter_timeout");
  }

  @Test
  void endpoint_that_comes_up_later_is_reached_then() {
    try (Origin app = Origin.echoingHeads()) {
      path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), path.inboundPort);
      try (Peer client = Peer.connect(path.outboundPort)) {
        assertThat(client.get("/").status()).isEqualTo(503);
      }
      assertThat(path.clientLogs.next()).contains("UF").contains("Connection_refused");
      path.inbound(app.port());
      try (Peer client = Peer.connect(path.outboundPort)) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
    }
  }
}
