package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.ObjectMeta;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import dev.weft.types.NetworkId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients that name endpoints of another network to its gateways. */
class NamedEndpointsTest {
  private static final Map<String, String> HOP = Map.of(HopLabel.POD_LABEL, "1");

  private static World world(int pods) {
    World world = new World();
    world.cluster("ack-1").pod("sleep", "sleep-1", "10.0.0.7");
    World.Member remote =
        world
            .cluster("ack-2")
            .service("httpbin", 8000, "http", "10.96.0.20")
            .proxyAt("47.1.1.1", "47.1.1.2");
    for (int i = 0; i < pods; i++) {
      remote.pod("httpbin", "httpbin-" + i, "10.0.1." + (i + 1));
    }
    return world.network("ack-1", "network1", false).network("ack-2", "network2", true);
  }

  private static List<ViaGateway> view(World world, EndpointClient client) {
    return World.view(world.snapshot(), "httpbin", "", client).stream()
        .map(ViaGateway.class::cast)
        .toList();
  }

  @Test
  void each_pod_is_named_to_each_gateway_with_equal_weight() {
    World world = world(3);
    world.cluster("ack-2").proxyPod("proxy-1", HOP).proxyPod("proxy-2", HOP);

    List<ViaGateway> view = view(world, World.naming("ack-1", "network1"));

    assertThat(view).hasSize(6).allSatisfy(v -> assertThat(v.weight()).isEqualTo(1));
    assertThat(view.stream().map(v -> v.gateway().address() + " " + v.label()))
        .doesNotHaveDuplicates()
        .contains(
            "47.1.1.1:15443 " + HopLabel.of(new HostPort("10.0.1.1", 80)),
            "47.1.1.2:15443 " + HopLabel.of(new HostPort("10.0.1.3", 80)));
    assertThat(view.getFirst().sentence())
        .contains("httpbin-0.default", "47.1.1.1:15443", "named by the client (e-0a0001010050)");
  }

  @Test
  void a_client_that_cannot_name_endpoints_sees_the_gateways() {
    World world = world(3);
    world.cluster("ack-2").proxyPod("proxy-1", HOP);

    assertThat(view(world, World.client("ack-1", "network1")))
        .hasSize(2)
        .allSatisfy(v -> assertThat(v.label()).isEmpty())
        .allSatisfy(v -> assertThat(v.weight()).isEqualTo(3));
  }

  @Test
  void one_gateway_pod_that_knows_no_labels_is_enough_to_use_none() {
    World world = world(3);
    world.cluster("ack-2").proxyPod("proxy-1", HOP).proxyPod("proxy-2", Map.of());

    assertThat(view(world, World.naming("ack-1", "network1")))
        .hasSize(2)
        .allSatisfy(v -> assertThat(v.label()).isEmpty());
  }

  @Test
  void a_gateway_without_known_pods_chooses_by_itself() {
    assertThat(view(world(3), World.naming("ack-1", "network1")))
        .hasSize(2)
        .allSatisfy(v -> assertThat(v.label()).isEmpty());
  }

  @Test
  void very_many_endpoints_are_left_to_the_gateways() {
    World world = world(EndpointView.MAX_NAMED);
    world.cluster("ack-2").proxyPod("proxy-1", HOP);
    EndpointClient client = World.naming("ack-1", "network1");
    assertThat(view(world, client)).hasSize(2 * EndpointView.MAX_NAMED);

    world.cluster("ack-2").pod("httpbin", "one-more", "10.0.2.1");
    assertThat(view(world, client))
        .hasSize(2)
        .allSatisfy(v -> assertThat(v.label()).isEmpty())
        .allSatisfy(v -> assertThat(v.weight()).isEqualTo(EndpointView.MAX_NAMED + 1));
  }

  /** With an address that somebody wrote in front of the cross-cluster proxy. */
  private static World behind(World world, String cluster, String network, String address) {
    return world.put(
        new MemberClusterSpec(
            ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", cluster),
            new NetworkId(network),
            true,
            HostPort.parse(address),
            false));
  }

  @Test
  void an_address_written_for_our_own_proxy_leads_to_its_pods_by_name() {
    World world = behind(world(3), "ack-2", "network2", "203.0.113.7:15443");
    world.cluster("ack-2").proxyPod("proxy-1", HOP);

    assertThat(view(world, World.naming("ack-1", "network1")))
        .hasSize(3)
        .allSatisfy(v -> assertThat(v.label()).isNotEmpty())
        .allSatisfy(v -> assertThat(v.gateway().address()).hasToString("203.0.113.7:15443"));
  }

  @Test
  void an_address_written_for_a_proxy_without_labels_is_left_to_choose() {
    World world = behind(world(3), "ack-2", "network2", "203.0.113.7:15443");
    world.cluster("ack-2").proxyPod("proxy-1", Map.of());

    assertThat(view(world, World.naming("ack-1", "network1")))
        .hasSize(1)
        .allSatisfy(v -> assertThat(v.label()).isEmpty());
  }

  @Test
  void an_address_that_two_clusters_share_is_left_to_choose() {
    World world = behind(world(3), "ack-2", "network2", "203.0.113.7:15443");
    world.cluster("ack-2").proxyPod("proxy-1", HOP);
    world.cluster("ack-3").proxyPod("proxy-1", HOP).proxyAt("47.1.1.3");
    behind(world, "ack-3", "network2", "203.0.113.7:15443");

    assertThat(view(world, World.naming("ack-1", "network1")))
        .hasSize(1)
        .allSatisfy(v -> assertThat(v.label()).isEmpty());
  }

  private static MeshSettings written(Map<String, Object> gateway) {
    return MeshSettingsParser.read(
            Map.of(),
            Map.of("networks", Map.of("network2", Map.of("gateways", List.of(gateway)))),
            MeshSettings.defaults())
        .settings();
  }

  @Test
  void a_gateway_of_mesh_networks_that_is_a_service_of_ours_leads_to_pods_by_name() {
    World world = world(3).network("ack-2", "network2", false);
    world.cluster("ack-2").proxyPod("proxy-1", HOP);
    String service = "istio-asm-cross-network-ack-2.istio-system.svc.cluster.local";
    world.settings(written(Map.of("registryServiceName", service, "port", 15443)));
    assertThat(view(world, World.naming("ack-1", "network1")))
        .hasSize(6)
        .allSatisfy(v -> assertThat(v.label()).isNotEmpty());

    world.settings(written(Map.of("address", "47.1.1.2", "port", 15443)));
    assertThat(view(world, World.naming("ack-1", "network1")))
        .hasSize(3)
        .allSatisfy(v -> assertThat(v.label()).isNotEmpty());
  }

  @Test
  void a_gateway_of_mesh_networks_that_nobody_knows_chooses_by_itself() {
    World world = world(3).network("ack-2", "network2", false);
    world.cluster("ack-2").proxyPod("proxy-1", HOP);
    for (String unknown : List.of("203.0.113.7:15443", "47.1.1.2:443")) {
      HostPort address = HostPort.parse(unknown);
      world.settings(written(Map.of("address", address.host(), "port", address.port())));
      assertThat(view(world, World.naming("ack-1", "network1")))
          .hasSize(1)
          .allSatisfy(v -> assertThat(v.label()).isEmpty());
    }
  }
}
