package dev.weft.control.ads;

import static dev.weft.control.ads.XdsPeer.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;
import dev.weft.loop.Clock;
import dev.weft.testkit.Settle;
import dev.weft.translate.Translation;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients that are odd, or mean harm, can make the discovery server hold or do. */
class ForeignClientsTest {
  /** More than is free for each stream, less than two answers about the mesh of the test. */
  private static final int BUDGET = 200 << 10;

  private static final int SERVICES = 400;
  private static final Node NODE = node("app-1", "cluster1", "app");

  private final AdsMesh mesh = new AdsMesh();
  private final AdsServer server =
      new AdsServer(
          new AdsSettings(
              new InetSocketAddress("127.0.0.1", 0),
              null,
              Duration.ZERO,
              Duration.ZERO,
              Duration.ofSeconds(3),
              2),
          new AdsServer.Security(
              InsecureServerCredentials.create(), new Anybody(), Optional::empty, List.of()),
          new Translation(),
          AdsServer.Neighbours.NONE,
          new PrometheusRegistry(),
          Clock.system(),
          new SendBudget(BUDGET, Duration.ofMillis(100), Clock.system()),
          () -> false);
  private int port;

  private static final class Anybody implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(Context.current(), call, headers, next);
    }
  }

  @BeforeEach
  void start() throws Exception {
    for (int i = 0; i < SERVICES; i++) {
      mesh.service("s" + i, 8000);
    }
    mesh.publishTo(server);
    port = server.start().ports().getFirst();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void others_are_served() throws InterruptedException {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(NODE, XdsType.CLUSTER);
      assertThat(peer.take().getResourcesCount()).isGreaterThan(SERVICES);
    }
  }

  @Test
  void a_node_that_says_too_much_is_refused_with_the_bound() throws Exception {
    Node.Builder large = NODE.toBuilder();
    large
        .getMetadataBuilder()
        .putFields("X", Value.newBuilder().setStringValue("x".repeat(2 << 20)).build());
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(large.build(), XdsType.CLUSTER);
      Status end = peer.end();
      assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(end.getDescription()).contains("the limit is 1048576");
    }
    others_are_served();
  }

  @Test
  void more_names_than_any_mesh_has_end_the_stream() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(NODE, XdsType.ENDPOINT, names(0, 60_000));
      peer.take();
      peer.ask(XdsType.ENDPOINT, names(60_000, 120_000));
      assertThat(peer.end())
          .satisfies(
              end -> {
                assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(end.getDescription()).contains("120000 names; the limit is 100000");
              });
    }
    others_are_served();
  }

  private static String[] names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "n" + i).toArray(String[]::new);
  }

  @Test
  void names_that_are_too_long_end_the_stream() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(NODE, XdsType.ENDPOINT, "x".repeat(9 << 20));
      assertThat(peer.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
    others_are_served();
  }

  @Test
  void a_request_that_is_too_large_ends_the_stream() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(NODE, XdsType.ENDPOINT, "x".repeat(17 << 20));
      assertThat(peer.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
    others_are_served();
  }

  @Test
  void types_that_nobody_serves_are_passed_over() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(NODE, XdsType.CLUSTER);
      peer.take();
      for (int i = 0; i < 1_000; i++) {
        peer.send(
            DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl("type.googleapis.com/x.Y" + i)
                .addResourceNamesSubscribe("x"));
      }
      peer.ask(XdsType.ENDPOINT, "outbound|8000||s1.default.svc.cluster.local");
      DeltaDiscoveryResponse response = peer.take();
      assertThat(response.getTypeUrl()).isEqualTo(XdsType.ENDPOINT.url());
    }
  }

  @Test
  void who_does_not_say_who_it_is_is_sent_away() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      assertThat(peer.end().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void who_does_not_read_keeps_nobody_waiting() throws Exception {
    try (XdsPeer first = XdsPeer.unreading(port);
        XdsPeer second = XdsPeer.unreading(port)) {
      first.introduce(NODE, XdsType.CLUSTER);
      second.introduce(NODE, XdsType.CLUSTER);
      for (int i = 0; i < 3; i++) {
        others_are_served();
      }
    }
  }

  @Test
  void the_words_of_a_refusal_are_kept_as_far_as_people_read() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(NODE, XdsType.CLUSTER);
      DeltaDiscoveryResponse response = peer.takeWithoutConfirming();
      peer.send(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(response.getTypeUrl())
              .setResponseNonce(response.getNonce())
              .setErrorDetail(
                  com.google.rpc.Status.newBuilder().setMessage("no ".repeat(1 << 20))));
      peer.ask(XdsType.ENDPOINT, "outbound|8000||s1.default.svc.cluster.local");
      peer.take();
      // What is known of a proxy is published after it was sent something.
      Settle.until(
          "settled", () -> server.syncz().stream().anyMatch(proxy -> !proxy.refused().isEmpty()));
      assertThat(server.syncz().getFirst().refused())
          .isNotEmpty()
          .allSatisfy(part -> assertThat(part.reason()).startsWith("no no").hasSizeLessThan(5_000));
    }
  }
}
