package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.DestinationRule;
import dev.weft.config.MeshSettings;
import dev.weft.config.MtlsMode;
import dev.weft.config.ObjectMeta;
import dev.weft.config.PeerAuthentication;
import dev.weft.config.TrafficPolicy;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointDecision.Dropped;
import dev.weft.snapshot.EndpointDecision.Reason;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointViewTest {

  private static World seed000() {
    World world = new World();
    world.cluster("ack-1").pod("sleep", "sleep-1", "10.0.0.7");
    world
        .cluster("ack-2")
        .node("n", "cn-hangzhou/cn-hangzhou-b")
        .service("httpbin", 8000, "http", "10.96.0.20")
        .pod("httpbin", "httpbin-1", "10.0.0.7")
        .proxyAt("47.1.1.1");
    return world.network("ack-1", "network1", false).network("ack-2", "network2", true);
  }

  @Test
  void a_client_of_another_network_dials_the_gateway_in_the_locality_of_the_pods() {
    List<EndpointDecision> view =
        World.view(seed000().snapshot(), "httpbin", "", World.client("ack-1", "network1"));
    assertThat(view).hasSize(1);
    ViaGateway via = (ViaGateway) view.getFirst();
    assertThat(via.gateway().address()).isEqualTo(new HostPort("47.1.1.1", 15443));
    assertThat(via.gateway().network()).isEqualTo(new NetworkId("network2"));
    assertThat(via.locality()).isEqualTo(new Locality("cn-hangzhou", "cn-hangzhou-b", ""));
    assertThat(via.weight()).isEqualTo(1);
    assertThat(via.sentence()).contains("httpbin-1.default", "47.1.1.1:15443", "network2");
  }

  @Test
  void a_client_of_the_same_network_dials_the_pod() {
    assertThat(World.view(seed000().snapshot(), "httpbin", "", World.client("ack-2", "network2")))
        .singleElement()
        .isInstanceOfSatisfying(
            Direct.class,
            d -> {
              assertThat(d.address()).isEqualTo(new HostPort("10.0.0.7", 80));
              assertThat(d.mtls()).isTrue();
            });
  }

  @Test
  void three_pods_behind_two_gateways_give_each_gateway_weight_three() {
    World world = seed000();
    world
        .cluster("ack-2")
        .pod("httpbin", "httpbin-2", "10.0.0.8")
        .pod("httpbin", "httpbin-3", "10.0.0.9")
        .proxyAt("47.1.1.1", "47.1.1.2");
    assertThat(
            EndpointView.weights(
                World.view(world.snapshot(), "httpbin", "", World.client("ack-1", "network1"))))
        .containsExactly(
            Map.entry(new HostPort("47.1.1.1", 15443), 3),
            Map.entry(new HostPort("47.1.1.2", 15443), 3));
  }

  @Test
  void without_a_gateway_nothing_is_advertised_and_the_reason_is_given() {
    World world = seed000().network("ack-2", "network2", false);
    MeshSnapshot snapshot = world.snapshot();
    assertThat(World.view(snapshot, "httpbin", "", World.client("ack-1", "network1")))
        .singleElement()
        .isInstanceOfSatisfying(
            Dropped.class,
            d -> assertThat(d.reason()).isEqualTo(new Reason.NoGateway(new NetworkId("network2"))));
    assertThat(world.findings())
        .anyMatch(d -> d.code().equals("network-without-gateway") && d.message().contains("ack-2"));
  }

  @Test
  void istio_compatibility_sends_raw_addresses_for_a_network_without_gateway() {
    World world = seed000().network("ack-2", "network2", false);
    MeshSettings s = MeshSettings.defaults();
    world.settings(
        new MeshSettings(
            s.trustDomain(),
            List.of(),
            s.domainSuffix(),
            s.rootNamespace(),
            true,
            true,
            s.accessLog(),
            s.logProviders(),
            s.outboundPolicy(),
            s.connectTimeout(),
            MeshSettings.UnknownNetworkPolicy.ISTIO,
            Map.of(),
            Map.of(),
            s.localityLoadBalancing(),
            s.meshVipRange(),
            s.certificateLifetime(),
            s.maxCertificateLifetime(),
            s.discoveryAddress(),
            Map.of(),
            Map.of(),
            "",
            s.debounceQuiet(),
            s.debounceMax(),
            s.exports(),
            s.injector()));
    assertThat(World.view(world.snapshot(), "httpbin", "", World.client("ack-1", "network1")))
        .singleElement()
        .isInstanceOfSatisfying(
            Direct.class, d -> assertThat(d.cause()).isEqualTo(Direct.Cause.ISTIO_COMPATIBILITY));
  }

  @Test
  void a_client_without_a_network_name_goes_through_a_known_gateway() {
    assertThat(World.view(seed000().snapshot(), "httpbin", "", World.client("ack-1", "")))
        .singleElement()
        .isInstanceOf(ViaGateway.class);
  }

  @Test
  void a_pod_without_sidecar_on_another_network_is_left_out() {
    World world = seed000();
    world.cluster("ack-2").pod("httpbin", "httpbin-1", "10.0.0.7", Map.of());
    assertThat(World.view(world.snapshot(), "httpbin", "", World.client("ack-1", "network1")))
        .singleElement()
        .satisfies(d -> assertThat(d.sentence()).contains("security.istio.io/tlsMode"));
  }

  @Test
  void a_peer_authentication_that_disables_mtls_removes_the_endpoint_for_other_networks_only() {
    World world = seed000();
    world.put(
        new PeerAuthentication(
            ObjectMeta.of(ConfigKind.PEER_AUTHENTICATION, "default", "off"),
            Map.of("app", "httpbin"),
            null,
            Map.of(80, MtlsMode.DISABLE)));
    MeshSnapshot snapshot = world.snapshot();
    assertThat(World.view(snapshot, "httpbin", "", World.client("ack-1", "network1")))
        .singleElement()
        .satisfies(d -> assertThat(d.sentence()).contains("PeerAuthentication"));
    assertThat(World.view(snapshot, "httpbin", "", World.client("ack-2", "network2")))
        .singleElement()
        .isInstanceOfSatisfying(Direct.class, d -> assertThat(d.mtls()).isFalse());
  }

  @Test
  void a_gateway_sees_only_its_own_network() {
    World world = seed000();
    world
        .cluster("ack-3")
        .service("httpbin", 8000, "http", "10.96.0.20")
        .pod("httpbin", "httpbin-x", "10.0.0.7")
        .proxyAt("47.3.3.3");
    world.network("ack-3", "network3", true);
    EndpointClient gateway =
        new EndpointClient(
            new ClusterId("ack-2"),
            new NetworkId("network2"),
            List.of(new NetworkId("network2")),
            "istio-system",
            Map.of(),
            "",
            true,
            false);
    List<EndpointDecision> view = World.view(world.snapshot(), "httpbin", "", gateway);
    assertThat(view)
        .hasSize(2)
        .noneMatch(ViaGateway.class::isInstance)
        .anyMatch(
            d ->
                d instanceof Dropped dropped
                    && dropped.reason() instanceof Reason.OutsideNetworkView);
  }

  @Test
  void other_port_names_are_reported_and_the_endpoint_is_explained() {
    World world = seed000();
    world
        .cluster("ack-1")
        .service("httpbin", 8000, "web", "10.96.0.31")
        .pod("httpbin", "local", "10.0.0.4");
    MeshSnapshot snapshot = world.snapshot();
    assertThat(world.findings())
        .anyMatch(
            d ->
                d.code().equals("IST0170")
                    && d.message().contains("ack-1")
                    && d.message().contains("ack-2"));
    assertThat(World.view(snapshot, "httpbin", "", World.client("ack-1", "network1")))
        .anyMatch(d -> d instanceof Dropped x && x.reason() instanceof Reason.PortNameDiffers)
        .anyMatch(d -> d instanceof Direct);
  }

  @Test
  void subsets_select_by_labels_and_cluster() {
    World world = seed000();
    world
        .cluster("ack-1")
        .service("httpbin", 8000, "http", "10.96.0.31")
        .pod("httpbin", "local", "10.0.0.4");
    world.put(
        new DestinationRule(
            ObjectMeta.of(ConfigKind.DESTINATION_RULE, "default", "httpbin"),
            "httpbin",
            TrafficPolicy.NONE,
            List.of(
                new DestinationRule.Subset(
                    "one", Map.of("topology.istio.io/cluster", "ack-1"), TrafficPolicy.NONE),
                new DestinationRule.Subset("none", Map.of("cluster", "ack"), TrafficPolicy.NONE)),
            List.of(),
            Map.of()));
    MeshSnapshot snapshot = world.snapshot();
    EndpointClient client = World.client("ack-1", "network1");
    assertThat(EndpointView.weights(World.view(snapshot, "httpbin", "one", client)))
        .containsOnlyKeys(new HostPort("10.0.0.4", 80));
    assertThat(EndpointView.weights(World.view(snapshot, "httpbin", "none", client))).isEmpty();
    assertThat(World.view(snapshot, "httpbin", "typo", client))
        .allMatch(d -> d instanceof Dropped x && x.reason() instanceof Reason.UnknownSubset);
    assertThat(world.findings())
        .anyMatch(d -> d.code().equals("IST0173") && d.message().contains("none"));
  }

  @Test
  void endpoints_that_are_not_ready_are_left_out() {
    World world = seed000();
    world.cluster("ack-2").unready("httpbin", "httpbin-1");
    assertThat(World.view(world.snapshot(), "httpbin", "", World.client("ack-2", "network2")))
        .singleElement()
        .isInstanceOfSatisfying(
            Dropped.class, d -> assertThat(d.reason()).isEqualTo(new Reason.NotReady()));
  }
}
