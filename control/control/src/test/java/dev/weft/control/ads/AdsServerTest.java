package dev.weft.control.ads;

import static dev.weft.control.ads.XdsPeer.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import dev.weft.ca.Caller;
import dev.weft.loop.Clock;
import dev.weft.testkit.Settle;
import dev.weft.translate.Translation;
import dev.weft.types.ClusterId;
import dev.weft.types.SpiffeId;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdsServerTest {
  private static final Metadata.Key<String> WHO =
      Metadata.Key.of("who", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Caller> CALLER = Context.key("test-caller");

  private final AdsMesh mesh = new AdsMesh().service("httpbin", 8000).pod("httpbin", "10.0.0.1");
  private volatile boolean full;
  private AdsServer server = server(Duration.ZERO);
  private int port;
  private int authenticatedPort;

  /** Takes the word of the header {@code who}: a SPIFFE URI, known in cluster1. */
  private static final class TakesTheirWord implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String who = headers.get(WHO);
      Optional<SpiffeId> identity = who == null ? Optional.empty() : SpiffeId.parse(who);
      if (identity.isEmpty()) {
        call.close(io.grpc.Status.UNAUTHENTICATED.withDescription("who?"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      Context context =
          Context.current()
              .withValue(CALLER, new Caller(identity.get(), new ClusterId("cluster1")));
      return Contexts.interceptCall(context, call, headers, next);
    }
  }

  private AdsServer server(Duration podWait) {
    return new AdsServer(
        new AdsSettings(
            new InetSocketAddress("127.0.0.1", 0),
            new InetSocketAddress("127.0.0.1", 0),
            Duration.ZERO,
            podWait,
            Duration.ofSeconds(30),
            2),
        new AdsServer.Security(
            InsecureServerCredentials.create(),
            new TakesTheirWord(),
            () -> Optional.ofNullable(CALLER.get()),
            List.of()),
        new Translation(),
        AdsServer.Neighbours.NONE,
        new PrometheusRegistry(),
        Clock.system(),
        SendBudget.usual(Clock.system()),
        () -> full);
  }

  @BeforeEach
  void start() throws Exception {
    restart(Duration.ZERO);
  }

  private void restart(Duration podWait) throws Exception {
    server.close();
    server = server(podWait).start();
    port = server.ports().getFirst();
    authenticatedPort = server.ports().getLast();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private XdsPeer as(String identity) {
    Metadata headers = new Metadata();
    headers.put(WHO, identity);
    return new XdsPeer(
        authenticatedPort, io.grpc.InsecureChannelCredentials.create(), headers, null);
  }

  private static List<String> names(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream().map(Resource::getName).toList();
  }

  /** Who is listed now; a proxy is listed soon after it was first sent something. */
  private List<String> peers() {
    return server.syncz().stream().map(ProxyStatus::peer).toList();
  }

  @Test
  void proxy_is_told_clusters_then_what_it_asks_for_by_name() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(names(peer.take()))
          .contains(
              "outbound|8000||httpbin.default.svc.cluster.local",
              "inbound|80||",
              "PassthroughCluster");
      peer.ask(XdsType.ENDPOINT, "outbound|8000||httpbin.default.svc.cluster.local", "nobody");
      DeltaDiscoveryResponse endpoints = peer.take();
      assertThat(names(endpoints))
          .containsExactly("outbound|8000||httpbin.default.svc.cluster.local");
      assertThat(endpoints.getRemovedResourcesList()).containsExactly("nobody");
    }
  }

  @Test
  void others_than_our_own_pod_prove_who_they_are_on_the_plaintext_port_too() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = XdsPeer.elsewhere(port, new Metadata())) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(peer.end().getCode()).isEqualTo(io.grpc.Status.Code.UNAUTHENTICATED);
    }
    Metadata headers = new Metadata();
    headers.put(WHO, "spiffe://cluster.local/ns/default/sa/httpbin");
    try (XdsPeer peer = XdsPeer.elsewhere(port, headers)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(names(peer.take())).contains("inbound|80||");
    }
    try (XdsPeer peer = XdsPeer.elsewhere(port, headers)) {
      peer.introduce(node("cart-1", "cluster1", "cart"), XdsType.CLUSTER);
      assertThat(peer.end().getCode()).isEqualTo(io.grpc.Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void nobody_is_answered_before_the_first_snapshot() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      Settle.until("settled", () -> !server.syncz().isEmpty());
      assertThat(peer.heardNothing()).isTrue();
      mesh.publishTo(server);
      assertThat(names(peer.take())).contains("inbound|80||");
    }
  }

  @Test
  void new_service_arrives_as_a_delta() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      peer.take();
      mesh.service("cart", 80).publishTo(server);
      assertThat(names(peer.take())).containsExactly("outbound|80||cart.default.svc.cluster.local");
    }
  }

  @Test
  void proxy_that_resumes_is_sent_nothing_that_it_holds() throws Exception {
    mesh.publishTo(server);
    DeltaDiscoveryResponse first;
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      first = peer.take();
    }
    restart(Duration.ZERO);
    mesh.service("cart", 80).publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      DeltaDiscoveryRequest.Builder resumed =
          DeltaDiscoveryRequest.newBuilder()
              .setNode(node("httpbin-1", "cluster1", "httpbin"))
              .setTypeUrl(XdsType.CLUSTER.url())
              .putInitialResourceVersions("outbound|1||gone", "1");
      first
          .getResourcesList()
          .forEach(r -> resumed.putInitialResourceVersions(r.getName(), r.getVersion()));
      peer.send(resumed);
      DeltaDiscoveryResponse rest = peer.take();
      assertThat(names(rest)).containsExactly("outbound|80||cart.default.svc.cluster.local");
      assertThat(rest.getRemovedResourcesList()).containsExactly("outbound|1||gone");
    }
  }

  @Test
  void slow_proxy_gets_the_newest_state_and_nothing_in_between() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      DeltaDiscoveryResponse first = peer.takeWithoutConfirming();
      mesh.service("a", 80).publishTo(server);
      mesh.service("b", 80).publishTo(server);
      peer.send(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(first.getTypeUrl())
              .setResponseNonce(first.getNonce()));
      assertThat(names(peer.take()))
          .containsExactly(
              "outbound|80||a.default.svc.cluster.local",
              "outbound|80||b.default.svc.cluster.local");
      assertThat(peer.heardNothing()).isTrue();
    }
  }

  @Test
  void refusal_shows_in_the_status_with_the_reason() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.LISTENER);
      DeltaDiscoveryResponse response = peer.takeWithoutConfirming();
      peer.send(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(response.getTypeUrl())
              .setResponseNonce(response.getNonce())
              .setErrorDetail(Status.newBuilder().setCode(3).setMessage("no such filter")));
      Settle.until(
          "settled",
          () ->
              server.syncz().stream()
                  .flatMap(p -> p.types().values().stream())
                  .anyMatch(t -> t.state() == ProxyStatus.State.NACKED));
      assertThat(server.syncz())
          .singleElement()
          .satisfies(
              proxy -> {
                assertThat(proxy.id()).isEqualTo("httpbin-1.default");
                assertThat(proxy.types())
                    .hasEntrySatisfying(
                        XdsType.LISTENER,
                        t ->
                            assertThat(t.refused())
                                .isNotEmpty()
                                .allMatch(part -> part.reason().equals("no such filter")));
              });
      assertThat(server.configDump("httpbin-1.default"))
          .hasValueSatisfying(
              dump ->
                  assertThat(dump.held().of(XdsType.LISTENER))
                      .containsOnlyKeys(dump.resources().of(XdsType.LISTENER).keySet()));
    }
  }

  @Test
  void node_that_does_not_say_who_it_is_is_refused_with_the_field() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(
          node("httpbin-1", "cluster1", "httpbin").toBuilder().setId("me").build(),
          XdsType.CLUSTER);
      io.grpc.Status end = peer.end();
      assertThat(end.getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
      assertThat(end.getDescription()).contains("node.id 'me'");
    }
  }

  @Test
  void proven_identity_is_let_in() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = as("spiffe://cluster.local/ns/default/sa/httpbin")) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(names(peer.take())).contains("inbound|80||");
      Settle.until("settled", () -> !server.syncz().isEmpty());
      assertThat(server.syncz())
          .extracting(ProxyStatus::identity)
          .containsExactly("spiffe://cluster.local/ns/default/sa/httpbin");
    }
  }

  @Test
  void caller_without_proof_is_not_let_in() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = as("nonsense")) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(peer.end().getCode()).isEqualTo(io.grpc.Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void identity_of_another_pod_is_denied_though_the_node_claims_it() throws Exception {
    mesh.pod("cart", "10.0.0.2").publishTo(server);
    try (XdsPeer peer = as("spiffe://cluster.local/ns/default/sa/cart")) {
      // It leaves the service account out, but the pod that it claims to be is known.
      peer.introduce(node("httpbin-1", "cluster1", ""), XdsType.CLUSTER);
      io.grpc.Status end = peer.end();
      assertThat(end.getCode()).isEqualTo(io.grpc.Status.Code.PERMISSION_DENIED);
      assertThat(end.getDescription()).contains("runs as service account 'httpbin'");
    }
  }

  @Test
  void identity_of_another_namespace_is_denied() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = as("spiffe://cluster.local/ns/other/sa/httpbin")) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(peer.end().getCode()).isEqualTo(io.grpc.Status.Code.PERMISSION_DENIED);
    }
  }

  @Test
  void identity_of_another_cluster_is_denied() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = as("spiffe://cluster.local/ns/default/sa/httpbin")) {
      peer.introduce(node("httpbin-1", "cluster2", "httpbin"), XdsType.CLUSTER);
      assertThat(peer.end().getDescription()).contains("CLUSTER_ID is 'cluster2'");
    }
  }

  @Test
  void proxy_whose_pod_is_not_known_yet_is_answered_when_the_pod_arrives() throws Exception {
    restart(Duration.ofSeconds(60));
    mesh.publishTo(server);
    try (XdsPeer peer = as("spiffe://cluster.local/ns/default/sa/late")) {
      peer.introduce(node("late-1", "cluster1", "late"), XdsType.CLUSTER);
      Settle.until("settled", () -> !server.syncz().isEmpty());
      assertThat(peer.heardNothing()).isTrue();
      mesh.service("late", 9000).pod("late", "10.0.0.3").publishTo(server);
      assertThat(names(peer.take())).contains("inbound|80||");
    }
  }

  @Test
  void proxy_whose_pod_never_arrives_is_answered_all_the_same() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("unknown-1", "cluster1", "x"), XdsType.CLUSTER);
      assertThat(names(peer.take())).contains("PassthroughCluster").doesNotContain("inbound|80||");
    }
  }

  @Test
  void who_is_sent_away_connects_anew_and_not_on_the_same_connection() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(names(peer.take())).isNotEmpty();
      Settle.until("settled", () -> peers().size() == 1);
      String before = peers().getFirst();

      server.sendAway(1);

      assertThat(peer.end().getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
      peer.again();
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(names(peer.take())).isNotEmpty();
      Settle.until("settled", () -> peers().size() == 1 && !peers().contains(before));
    }
  }

  @Test
  void without_room_newcomers_are_refused_and_those_who_are_there_are_served() throws Exception {
    mesh.publishTo(server);
    try (XdsPeer peer = new XdsPeer(port);
        XdsPeer newcomer = new XdsPeer(port)) {
      peer.introduce(node("httpbin-1", "cluster1", "httpbin"), XdsType.CLUSTER);
      assertThat(names(peer.take())).isNotEmpty();
      full = true;
      newcomer.again();

      assertThat(newcomer.end().getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
      mesh.service("late", 80).publishTo(server);
      assertThat(names(peer.take())).contains("outbound|80||late.default.svc.cluster.local");
    }
  }
}
