package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;
import dev.weft.loop.Clock;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.testkit.Settle;
import dev.weft.translate.Translation;
import dev.weft.types.ClusterId;
import dev.weft.xds.OnDemand;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
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

/** What a proxy is answered that asks for one thing at a time. */
class OnDemandProxyTest {
  private final AdsMesh mesh =
      new AdsMesh().service("httpbin", 8000).pod("httpbin", "10.0.0.1").service("cart", 8000);
  private final AdsServer server =
      new AdsServer(
          new AdsSettings(
              new InetSocketAddress("127.0.0.1", 0),
              new InetSocketAddress("127.0.0.1", 0),
              Duration.ZERO,
              Duration.ZERO,
              Duration.ofSeconds(30),
              2),
          new AdsServer.Security(
              InsecureServerCredentials.create(),
              new ServerInterceptor() {
                @Override
                public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                  return next.startCall(call, headers);
                }
              },
              Optional::empty,
              List.of()),
          new Translation(),
          new PrometheusRegistry(),
          Clock.system());
  private int port;

  @BeforeEach
  void start() throws Exception {
    server.start();
    port = server.ports().getFirst();
    mesh.publishTo(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Node asking() {
    return XdsPeer.node("httpbin-1", "cluster1", "httpbin").toBuilder()
        .addClientFeatures(OnDemand.FEATURE)
        .build();
  }

  private static WorkloadKey pod(String cluster, String name) {
    return new WorkloadKey(new ClusterId(cluster), "default", name);
  }

  private static List<String> names(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream().map(Resource::getName).toList();
  }

  /** It is published after the answer that it is about. */
  private ProxyStatus status() {
    Settle.until("settled", () -> !server.syncz().isEmpty());
    return server.syncz().getFirst();
  }

  @Test
  void a_host_is_found_by_any_of_its_domains_and_says_them_all() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(
          asking(),
          XdsType.VIRTUAL_HOST,
          "8000/httpbin",
          "8000/httpbin.default.svc",
          "8000/nobody",
          "9999/httpbin");
      DeltaDiscoveryResponse hosts = peer.take();

      assertThat(names(hosts)).containsExactly("8000/httpbin", "8000/httpbin.default.svc");
      assertThat(hosts.getRemovedResourcesList()).containsExactly("8000/nobody", "9999/httpbin");
      VirtualHost host = hosts.getResources(0).getResource().unpack(VirtualHost.class);
      assertThat(hosts.getResources(1).getResource().unpack(VirtualHost.class)).isEqualTo(host);
      assertThat(host.getDomainsList())
          .contains("httpbin", "httpbin.default", "httpbin.default.svc.cluster.local");
    }
  }

  @Test
  void a_host_that_appears_is_told_to_who_asked_for_it_and_its_table_has_none() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(asking(), XdsType.ROUTE, "8000");
      RouteConfiguration table =
          peer.take().getResources(0).getResource().unpack(RouteConfiguration.class);
      assertThat(table.hasVhds()).isTrue();
      assertThat(table.getVirtualHostsList()).extracting("name").containsExactly("allow_any");
      peer.ask(XdsType.VIRTUAL_HOST, "8000/late.default");
      assertThat(peer.take().getRemovedResourcesList()).containsExactly("8000/late.default");

      mesh.service("late", 8000).publishTo(server);
      DeltaDiscoveryResponse late = peer.take();
      assertThat(late.getTypeUrl()).isEqualTo(XdsType.VIRTUAL_HOST.url());
      assertThat(names(late)).containsExactly("8000/late.default");
    }
  }

  @Test
  void listeners_and_clusters_are_answered_by_name() throws Exception {
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(asking(), XdsType.LISTENER, "virtualOutbound", "virtualInbound", "1.2.3.4_80");
      DeltaDiscoveryResponse listeners = peer.take();
      assertThat(names(listeners)).containsExactly("virtualInbound", "virtualOutbound");
      assertThat(listeners.getRemovedResourcesList()).containsExactly("1.2.3.4_80");
      peer.ask(XdsType.CLUSTER, "outbound|8000||cart.default.svc.cluster.local");
      assertThat(names(peer.take()))
          .containsExactly("outbound|8000||cart.default.svc.cluster.local");

      ResourceSet dump = server.configDump("httpbin-1.default").orElseThrow().resources();
      assertThat(dump.of(XdsType.CLUSTER))
          .containsOnlyKeys("outbound|8000||cart.default.svc.cluster.local");
      assertThat(status().onDemand()).isTrue();
      assertThat(status().isOf(pod("cluster1", "httpbin-1"))).isTrue();
      assertThat(status().isOf(pod("cluster2", "httpbin-1"))).isFalse();
      assertThat(status().isOf(pod("cluster1", "httpbin-2"))).isFalse();
    }
  }

  @Test
  void who_does_not_know_how_to_ask_is_told_everything_whatever_its_pod_says() throws Exception {
    Node.Builder node = XdsPeer.node("httpbin-1", "cluster1", "httpbin").toBuilder();
    node.getMetadataBuilder()
        .putFields(OnDemand.METADATA, Value.newBuilder().setStringValue("true").build());
    try (XdsPeer peer = new XdsPeer(port)) {
      peer.introduce(node.build(), XdsType.ROUTE, "8000");
      RouteConfiguration table =
          peer.take().getResources(0).getResource().unpack(RouteConfiguration.class);
      assertThat(table.hasVhds()).isFalse();
      assertThat(table.getVirtualHostsCount()).isEqualTo(3);
      assertThat(status().onDemand()).isFalse();
    }
  }
}
