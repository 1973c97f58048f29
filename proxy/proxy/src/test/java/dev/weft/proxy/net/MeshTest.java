package dev.weft.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.loop.ProxySettings;
import dev.weft.routing.CircuitLimits;
import dev.weft.routing.StringMatch;
import dev.weft.runtime.AccessLog;
import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.Cidr;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.FilterChainTable;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.LogFormat;
import dev.weft.runtime.LogFormat.Literal;
import dev.weft.runtime.LogFormat.Operator;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TlsParameters;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.types.HostPort;
import io.grpc.ManagedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sidecar, cross-cluster gateway, sidecar: the path of a request between two clusters. */
class MeshTest {
  private static final String SNI = "outbound_.8000_._.httpbin.default.svc.cluster.local";
  private static final String CLUSTER = "outbound|8000||httpbin.default.svc.cluster.local";
  private static final String SLEEP = "spiffe://cluster.local/ns/default/sa/sleep";
  private static final String HTTPBIN = "spiffe://cluster.local/ns/default/sa/httpbin";
  private static final List<String> ISTIO_ALPN =
      List.of("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2");

  private final Pki pki = new Pki();
  private final Pki.Identity sleep = pki.identity(SLEEP);
  private final Pki.Identity httpbin = pki.identity(HTTPBIN);
  private final Proxies.Lines clientLogs = new Proxies.Lines();
  private final Proxies.Lines gatewayLogs = new Proxies.Lines();
  private final Proxies.Lines serverLogs = new Proxies.Lines();
  private final int outboundPort = Proxies.freePort();
  private final int gatewayPort = Proxies.freePort();
  private final int inboundPort = Proxies.freePort();
  private final List<ProxyServer> started = new ArrayList<>();

  @AfterEach
  void close() {
    started.forEach(ProxyServer::close);
  }

  static List<AccessLog> logs(String... operators) {
    List<LogFormat.Segment> segments = new ArrayList<>();
    segments.add(new Literal("{"));
    for (String operator : operators) {
      segments.add(new Literal("\"" + operator + "\":\""));
      int paren = operator.indexOf('(');
      segments.add(
          paren < 0
              ? new Operator(operator, "", null, 0)
              : new Operator(
                  operator.substring(0, paren),
                  operator.substring(paren + 1, operator.length() - 1).toLowerCase(),
                  null,
                  0));
      segments.add(new Literal("\","));
    }
    segments.add(new Literal("\"end\":\"\"}\n"));
    return List.of(new AccessLog("/dev/stdout", new LogFormat.Text(segments, false), List.of()));
  }

  private static UpstreamTransport mutualTls(String... names) {
    List<StringMatch> expected = new ArrayList<>();
    for (String name : names) {
      expected.add(new StringMatch.Exact(name, false));
    }
    return new UpstreamTransport.Tls(
        SNI,
        false,
        List.of("istio-peer-exchange", "istio"),
        "default",
        new PeerTrust.Secret("ROOTCA", expected),
        false,
        TlsParameters.DEFAULT);
  }

  private ProxyServer sidecar(UpstreamTransport transport, int endpoint) {
    ProxyServer proxy =
        Proxies.start(
            ProxySettings.ofLoops(1).withPeerMetadata("sidecar~sleep", "c2xlZXA="),
            sleep,
            clientLogs,
            c -> null);
    started.add(proxy);
    proxy.apply(
        new Configs()
            .cluster(Configs.cluster(CLUSTER, transport, CircuitLimits.UNLIMITED), endpoint)
            .routes("8000", Configs.route("/", CLUSTER))
            .listener(
                Configs.bound(
                    "0.0.0.0_8000",
                    outboundPort,
                    Listener.Direction.OUTBOUND,
                    ListenerFilters.NONE,
                    Configs.chain(
                        "http",
                        ChainMatch.ANY,
                        new DownstreamTls.Plain(),
                        Configs.http(
                            "8000",
                            Configs.OUTBOUND_FILTERS,
                            logs(
                                "REQ(:AUTHORITY)",
                                "RESPONSE_CODE",
                                "RESPONSE_FLAGS",
                                "UPSTREAM_CLUSTER",
                                "UPSTREAM_HOST",
                                "UPSTREAM_TRANSPORT_FAILURE_REASON",
                                "RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)")))))
            .build());
    return proxy;
  }

  private ProxyServer gateway(int... endpoints) {
    ProxyServer proxy =
        Proxies.start(
            ProxySettings.ofLoops(1), pki.identity("spiffe://c/ns/g/sa/g"), gatewayLogs, c -> null);
    started.add(proxy);
    FilterChain passthrough =
        Configs.chain(
            SNI,
            new ChainMatch(0, List.<Cidr>of(), List.of(SNI), "", ISTIO_ALPN, List.<Cidr>of()),
            new DownstreamTls.Plain(),
            Configs.tcp(
                SNI,
                logs(
                    "REQUESTED_SERVER_NAME",
                    "UPSTREAM_CLUSTER",
                    "UPSTREAM_HOST",
                    "RESPONSE_CODE",
                    "PROTOCOL",
                    "RESPONSE_FLAGS")));
    proxy.apply(
        new Configs()
            .cluster(Configs.cluster(SNI), endpoints)
            .listener(
                new Listener(
                    "0.0.0.0_15443",
                    List.of(new HostPort("127.0.0.1", gatewayPort)),
                    true,
                    false,
                    Listener.Direction.UNSPECIFIED,
                    new ListenerFilters(
                        false, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.OFF, false),
                    FilterChainTable.of(List.of(passthrough)),
                    null,
                    logs("RESPONSE_FLAGS", "RESPONSE_CODE_DETAILS", "REQUESTED_SERVER_NAME"),
                    Duration.ofMillis(300),
                    false))
            .build());
    return proxy;
  }

  /** The server's sidecar: PERMISSIVE HTTP, as istiod writes it. */
  private ProxyServer inbound(int appPort) {
    InetSocketAddress original = new InetSocketAddress(InetAddress.getLoopbackAddress(), appPort);
    ProxyServer proxy =
        Proxies.start(
            ProxySettings.ofLoops(1).withPeerMetadata("sidecar~httpbin", "aHR0cGJpbg=="),
            httpbin,
            serverLogs,
            c -> original);
    started.add(proxy);
    HttpPipeline http =
        Configs.http(
            "inbound",
            Configs.INBOUND_FILTERS,
            logs("DOWNSTREAM_LOCAL_ADDRESS", "UPSTREAM_HOST", "DOWNSTREAM_PEER_URI_SAN"),
            new HttpPipeline.ForwardClientCert(
                HttpPipeline.ForwardClientCert.Mode.APPEND_FORWARD, true, false, false, true, true),
            Configs.http("x", List.of(), List.of()).timeouts());
    DownstreamTls terminate =
        new DownstreamTls.Terminate(
            "default",
            new PeerTrust.Secret("ROOTCA", List.of()),
            true,
            List.of("istio-peer-exchange", "h2", "http/1.1", "istio-http/1.1"),
            TlsParameters.DEFAULT);
    String name = "inbound|" + appPort + "||";
    proxy.apply(
        new Configs()
            .cluster(
                Configs.cluster(
                    name,
                    new UpstreamTransport.Plain(),
                    CircuitLimits.UNLIMITED,
                    new Cluster.Discovery.OriginalDst(),
                    "127.0.0.6"))
            .routes("inbound", Configs.route("/", name))
            .listener(
                Configs.bound(
                    "virtualInbound",
                    inboundPort,
                    Listener.Direction.INBOUND,
                    new ListenerFilters(
                        true, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.ON, false),
                    Configs.chain(
                        "mtls",
                        new ChainMatch(appPort, List.of(), List.of(), "tls", ISTIO_ALPN, List.of()),
                        terminate,
                        http),
                    Configs.chain(
                        "plain",
                        new ChainMatch(
                            appPort, List.of(), List.of(), "raw_buffer", List.of(), List.of()),
                        new DownstreamTls.Plain(),
                        http)))
            .build());
    return proxy;
  }

  @Test
  void request_goes_through_sidecar_gateway_and_sidecar_over_mutual_tls() {
    try (Origin app = Origin.echoingHeads()) {
      inbound(app.port());
      gateway(inboundPort);
      sidecar(mutualTls(HTTPBIN), gatewayPort);
      try (Peer client = Peer.connect(outboundPort)) {
        for (int i = 0; i < 3; i++) {
          Peer.Response response = client.get("/status/418");
          assertThat(response.status()).isEqualTo(200);
          assertThat(response.head().toLowerCase()).doesNotContain("peer-metadata");
          Peer.Response seen = new Peer.Response(response.body(), "");
          assertThat(seen.value("x-forwarded-client-cert"))
              .startsWith("By=" + HTTPBIN + ";Hash=")
              .endsWith(";Subject=\"O=weft\";URI=" + SLEEP);
          assertThat(seen.head().toLowerCase()).doesNotContain("peer-metadata");
          assertThat(seen.value("x-request-id")).hasSize(36);
          assertThat(seen.value("x-forwarded-proto")).isEqualTo("http");
        }
      }
      assertThat(clientLogs.next())
          .contains("\"REQ(:AUTHORITY)\":\"app\"")
          .contains("\"RESPONSE_CODE\":\"200\",\"RESPONSE_FLAGS\":\"-\"")
          .contains("\"UPSTREAM_CLUSTER\":\"" + CLUSTER + "\"")
          .contains("\"UPSTREAM_HOST\":\"127.0.0.1:" + gatewayPort + "\"")
          .doesNotContain("SERVICE-TIME)\":\"-\"");
      assertThat(serverLogs.next())
          .contains("\"DOWNSTREAM_LOCAL_ADDRESS\":\"127.0.0.1:" + app.port() + "\"")
          .contains("\"DOWNSTREAM_PEER_URI_SAN\":\"" + SLEEP + "\"");
      started.removeLast().close();
      assertThat(gatewayLogs.next())
          .contains("\"REQUESTED_SERVER_NAME\":\"" + SNI + "\"")
          .contains("\"UPSTREAM_CLUSTER\":\"" + SNI + "\"")
          .contains("\"UPSTREAM_HOST\":\"127.0.0.1:" + inboundPort + "\"")
          .contains("\"RESPONSE_CODE\":\"0\",\"PROTOCOL\":\"-\",\"RESPONSE_FLAGS\":\"-\"");
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
      inbound(echo.port());
      gateway(inboundPort);
      sidecar(mutualTls(HTTPBIN), gatewayPort);
      StringBuilder body = new StringBuilder();
      for (int i = 0; body.length() < 3_000_000; i++) {
        body.append(i).append(',');
      }
      try (Peer client = Peer.connect(outboundPort)) {
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
      inbound(echo.port());
      gateway(inboundPort);
      sidecar(mutualTls(HTTPBIN), gatewayPort);
      ManagedChannel channel = GrpcEcho.connect(outboundPort);
      for (int i = 0; i < 20; i++) {
        assertThat(GrpcEcho.say(channel, "call " + i)).isEqualTo("call " + i);
      }
      assertThat(channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS)).isTrue();
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
      inbound(app.port());
      try (Peer client = Peer.connect(inboundPort)) {
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
      inbound(app.port());
      ProxyServer sidecar =
          sidecar(mutualTls("spiffe://cluster.local/ns/default/sa/other"), inboundPort);
      try (Peer client = Peer.connect(outboundPort)) {
        Peer.Response response = client.get("/");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).contains("CERTIFICATE_VERIFY_FAILED");
      }
      assertThat(app.accepted.get()).isZero();
      assertThat(clientLogs.next())
          .contains("\"RESPONSE_FLAGS\":\"UF\"")
          .contains("TLS_error:|268435581:SSL_routines")
          .contains("CERTIFICATE_VERIFY_FAILED");
      Proxies.until(
          "nothing is open",
          () -> {
            var total = sidecar.statistics().clusters().get(CLUSTER);
            return total != null && total.connections() == 0 && total.pending() == 0;
          });
    }
  }

  @Test
  void peers_of_another_root_are_refused_on_both_sides() {
    try (Origin app = Origin.echoingHeads()) {
      inbound(app.port());
      sleep.identity = new Pki().workload(SLEEP);
      sidecar(mutualTls(HTTPBIN), inboundPort);
      try (Peer client = Peer.connect(outboundPort)) {
        assertThat(client.get("/").status()).isEqualTo(503);
      }
      assertThat(clientLogs.next()).contains("CERTIFICATE_VERIFY_FAILED");
      assertThat(app.accepted.get()).isZero();
    }
  }

  @Test
  void rotated_identity_is_used_by_new_connections_and_leaves_running_ones() {
    try (Origin app = Origin.echoingHeads()) {
      inbound(app.port());
      ProxyServer client = sidecar(mutualTls(HTTPBIN), inboundPort);
      try (Peer peer = Peer.connect(outboundPort)) {
        assertThat(peer.get("/").body()).contains("URI=" + SLEEP);
        sleep.identity = pki.workload("spiffe://cluster.local/ns/default/sa/renamed");
        assertThat(peer.get("/").body()).contains("URI=" + SLEEP);
        RuntimeConfig now = client.config();
        client.apply(
            new RuntimeConfig(
                now.listeners(),
                now.routeTables(),
                Map.of(
                    CLUSTER, Configs.cluster(CLUSTER, mutualTls(HTTPBIN), CircuitLimits.DEFAULT)),
                now.assignments(),
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
    gateway(1);
    try (Peer plain = Peer.connect(gatewayPort)) {
      assertThat(plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").ended()).isTrue();
    }
    assertThat(gatewayLogs.next())
        .contains("\"RESPONSE_FLAGS\":\"NR\"")
        .contains("filter_chain_not_found");
    try (Peer silent = Peer.connect(gatewayPort)) {
      assertThat(silent.ended()).isTrue();
    }
    assertThat(gatewayLogs.next()).contains("listener_filter_timeout");
  }

  @Test
  void endpoint_that_comes_up_later_is_reached_then() {
    try (Origin app = Origin.echoingHeads()) {
      sidecar(mutualTls(HTTPBIN), inboundPort);
      try (Peer client = Peer.connect(outboundPort)) {
        assertThat(client.get("/").status()).isEqualTo(503);
      }
      assertThat(clientLogs.next()).contains("UF").contains("Connection_refused");
      inbound(app.port());
      try (Peer client = Peer.connect(outboundPort)) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
    }
  }
}
