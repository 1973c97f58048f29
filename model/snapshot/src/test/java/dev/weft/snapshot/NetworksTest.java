package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.KubeNode;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The network of an endpoint and the gateways of a network, rule by rule. */
class NetworksTest {
  private static final ClusterId EAST = new ClusterId("east");

  private static MeshSettings meshNetworks(Map<String, ?> networks) {
    MeshSettingsParser.Read read =
        MeshSettingsParser.read(Map.of(), Map.of("networks", networks), MeshSettings.defaults());
    assertThat(read.diagnostics()).isEmpty();
    return read.settings();
  }

  private static World oneCluster() {
    World world = new World();
    world
        .cluster("east")
        .service("cart", 80, "http", "10.96.0.1")
        .pod("cart", "cart-1", "10.0.0.1");
    return world;
  }

  private static String networkOfPod(World world) {
    return world.snapshot().workloads().values().iterator().next().network().value();
  }

  @Test
  void the_label_of_a_pod_comes_first_then_the_registration_then_the_namespace() {
    World world = oneCluster();
    world.cluster("east").network("of-namespace");
    assertThat(networkOfPod(world)).isEqualTo("of-namespace");
    world.network("east", "of-registration", false);
    assertThat(networkOfPod(world)).isEqualTo("of-registration");
    world
        .cluster("east")
        .pod("cart", "cart-1", "10.0.0.1", Map.of("topology.istio.io/network", "of-pod"));
    assertThat(networkOfPod(world)).isEqualTo("of-pod");
    assertThat(world.snapshot().networkOf(EAST).value()).isEqualTo("of-registration");
  }

  @Test
  void the_namespace_comes_before_the_mesh_networks_and_a_registry_before_a_range() {
    Map<String, ?> ranges =
        Map.of("by-range", Map.of("endpoints", List.of(Map.of("fromCidr", "10.0.0.0/24"))));
    World world = oneCluster().settings(meshNetworks(ranges));
    assertThat(networkOfPod(world)).isEqualTo("by-range");
    assertThat(world.snapshot().networkOf(EAST).value()).isEmpty();
    world.settings(
        meshNetworks(
            Map.of(
                "by-range",
                Map.of("endpoints", List.of(Map.of("fromCidr", "10.0.0.0/24"))),
                "by-registry",
                Map.of("endpoints", List.of(Map.of("fromRegistry", "east"))))));
    assertThat(networkOfPod(world)).isEqualTo("by-registry");
    world.cluster("east").network("of-namespace");
    assertThat(networkOfPod(world)).isEqualTo("of-namespace");
  }

  @Test
  void what_nothing_says_has_no_network() {
    assertThat(networkOfPod(oneCluster())).isEmpty();
  }

  private static KubeService gateway(
      KubeService.Type type,
      Map<String, String> labels,
      Map<String, String> annotations,
      List<String> externalIps,
      List<String> loadBalancer) {
    return new KubeService(
        new ServiceId("istio-system", "istio-eastwestgateway"),
        labels,
        annotations,
        Instant.EPOCH,
        type,
        List.of("10.96.0.9"),
        false,
        "",
        externalIps,
        loadBalancer,
        Map.of("app", "istio-eastwestgateway"),
        List.of(
            new KubeService.Port("tls", 15443, "TCP", "", "15443", 31443),
            new KubeService.Port("other", 7443, "TCP", "", "7443", 31743)),
        false,
        false);
  }

  private static Map<String, String> network(String... more) {
    return more.length == 0
        ? Map.of("topology.istio.io/network", "n1")
        : Map.of("topology.istio.io/network", "n1", more[0], more[1]);
  }

  private static List<String> gateways(World world) {
    return world.snapshot().networkGateways().all().stream()
        .map(g -> g.network() + " " + g.cluster() + " " + g.address())
        .toList();
  }

  @Test
  void a_service_with_the_label_leads_into_its_network_by_load_balancer_and_external_address() {
    World world = oneCluster();
    world
        .cluster("east")
        .put(
            gateway(
                KubeService.Type.LOAD_BALANCER,
                network(),
                Map.of(),
                List.of("192.0.2.2"),
                List.of("192.0.2.1")));
    assertThat(gateways(world))
        .containsExactly("n1 east 192.0.2.1:15443", "n1 east 192.0.2.2:15443");
  }

  @Test
  void another_label_names_another_port_which_the_service_must_have() {
    World world = oneCluster();
    world
        .cluster("east")
        .put(
            gateway(
                KubeService.Type.LOAD_BALANCER,
                network("networking.istio.io/gatewayPort", "7443"),
                Map.of(),
                List.of(),
                List.of("192.0.2.1")));
    assertThat(gateways(world)).containsExactly("n1 east 192.0.2.1:7443");
    world
        .cluster("east")
        .put(
            gateway(
                KubeService.Type.LOAD_BALANCER,
                network("networking.istio.io/gatewayPort", "9"),
                Map.of(),
                List.of(),
                List.of("192.0.2.1")));
    assertThat(gateways(world)).isEmpty();
    assertThat(world.findings()).anyMatch(d -> d.code().equals("gateway-port-missing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"edge\": \"true\"}|n1 east 198.51.100.1:31443",
        "{}|n1 east 198.51.100.1:31443,n1 east 198.51.100.2:31443",
        "{\"edge\":\"no\"}|",
        "edge=true|",
      })
  void a_node_port_is_reached_at_the_first_address_of_the_nodes_that_are_selected(
      String selector, String expected) {
    World world = oneCluster();
    world
        .cluster("east")
        .put(node("one", "true", "198.51.100.1", "10.9.0.1"))
        .put(node("two", "false", "198.51.100.2", "10.9.0.2"))
        .put(
            gateway(
                KubeService.Type.NODE_PORT,
                network(),
                Map.of("traffic.istio.io/nodeSelector", selector),
                List.of(),
                List.of()));
    assertThat(String.join(",", gateways(world))).isEqualTo(expected == null ? "" : expected);
    assertThat(world.findings().stream().anyMatch(d -> d.path().equals("metadata.annotations")))
        .isEqualTo(expected == null);
  }

  private static KubeNode node(String name, String edge, String... addresses) {
    return new KubeNode(name, Map.of("edge", edge), List.of(addresses), new Locality("", "", ""));
  }

  @Test
  void gateways_written_into_the_settings_are_addresses_or_services_of_the_networks_clusters() {
    World world =
        oneCluster()
            .settings(
                meshNetworks(
                    Map.of(
                        "n1",
                        Map.of(
                            "endpoints",
                            List.of(Map.of("fromRegistry", "east")),
                            "gateways",
                            List.of(
                                Map.of(
                                    "registryServiceName",
                                    "istio-eastwestgateway.istio-system.svc.cluster.local",
                                    "port",
                                    15443))),
                        "n2",
                        Map.of("gateways", List.of(Map.of("address", "192.0.2.7", "port", 443))))));
    world
        .cluster("east")
        .put(
            gateway(
                KubeService.Type.LOAD_BALANCER,
                Map.of(),
                Map.of(),
                List.of(),
                List.of("192.0.2.1")));
    assertThat(gateways(world))
        .containsExactlyInAnyOrder("n1 east 192.0.2.1:15443", "n2 null 192.0.2.7:443");
  }

  @Test
  void a_gateway_known_by_a_host_name_is_one_gateway_for_each_of_its_addresses() {
    World world = oneCluster();
    world
        .cluster("east")
        .put(
            gateway(
                KubeService.Type.LOAD_BALANCER,
                network(),
                Map.of(),
                List.of(),
                List.of("lb.example.com")));
    assertThat(gateways(world)).isEmpty();
    assertThat(world.findings()).anyMatch(d -> d.code().equals("gateway-host-name"));
    world.resolved("lb.example.com", "192.0.2.1", "192.0.2.2");
    assertThat(gateways(world))
        .containsExactly("n1 east 192.0.2.1:15443", "n1 east 192.0.2.2:15443");
    assertThat(world.findings()).noneMatch(d -> d.code().equals("gateway-host-name"));
  }

  @Test
  void a_gateway_installed_by_hand_is_shown_as_the_clusters_proxy() {
    World world = oneCluster();
    world
        .cluster("east")
        .network("n1")
        .put(
            gateway(
                KubeService.Type.LOAD_BALANCER,
                network(),
                Map.of(),
                List.of(),
                List.of("192.0.2.1")));
    CrossClusterProxy proxy =
        world.snapshot().clusters().values().iterator().next().crossClusterProxy();
    assertThat(proxy.enabled()).isTrue();
    assertThat(proxy.gateway()).isEqualTo("istio-eastwestgateway");
    assertThat(proxy.addresses()).hasToString("[192.0.2.1:15443]");
    world.cluster("east").network("elsewhere");
    assertThat(world.snapshot().clusters().values().iterator().next().crossClusterProxy().enabled())
        .isFalse();
  }
}
