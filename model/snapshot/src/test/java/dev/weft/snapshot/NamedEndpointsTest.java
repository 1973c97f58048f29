package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
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
    World world = world(EndpointView.MOST_NAMED);
    world.cluster("ack-2").proxyPod("proxy-1", HOP);
    EndpointClient client = World.naming("ack-1", "network1");
    assertThat(view(world, client)).hasSize(2 * EndpointView.MOST_NAMED);

    world.cluster("ack-2").pod("httpbin", "one-more", "10.0.2.1");
    assertThat(view(world, client))
        .hasSize(2)
        .allSatisfy(v -> assertThat(v.label()).isEmpty())
        .allSatisfy(v -> assertThat(v.weight()).isEqualTo(EndpointView.MOST_NAMED + 1));
  }
}
