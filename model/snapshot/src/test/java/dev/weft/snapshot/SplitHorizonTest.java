package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.types.HostPort;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What clients of four networks are told of one service, number by number. Istio
 * (pilot/pkg/xds/endpoints/ep_filters.go): an endpoint weighs the least common multiple of the
 * numbers of gateways, 6 here; a gateway weighs its share of what is behind it.
 */
class SplitHorizonTest {

  /** n1 has one gateway, n2 has two, n3 has none, n4 has three. */
  private static World fourNetworks() {
    World world = new World();
    world.cluster("c1").service("cart", 80, "http", "10.1.0.1").proxyAt("192.0.2.1");
    pods(world, 1, 1);
    world.cluster("c2").service("cart", 80, "http", "10.2.0.1").proxyAt("192.0.2.21", "192.0.2.22");
    pods(world, 2, 3);
    world.cluster("c3").service("cart", 80, "http", "10.3.0.1");
    pods(world, 3, 2);
    world
        .cluster("c4")
        .service("cart", 80, "http", "10.4.0.1")
        .proxyAt("192.0.2.41", "192.0.2.42", "192.0.2.43");
    pods(world, 4, 2);
    return world
        .network("c1", "n1", true)
        .network("c2", "n2", true)
        .network("c3", "n3", false)
        .network("c4", "n4", true);
  }

  private static void pods(World world, int cluster, int count) {
    for (int i = 1; i <= count; i++) {
      world.cluster("c" + cluster).pod("cart", "cart-" + cluster + i, "10." + cluster + ".1." + i);
    }
  }

  private static String told(MeshSnapshot snapshot, String cluster, String network) {
    Map<String, Integer> weights = new TreeMap<>();
    EndpointView.weights(World.view(snapshot, "cart", "", World.client(cluster, network)))
        .forEach((address, weight) -> weights.put(address.host(), weight));
    return weights.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    // one of three gateways of n4 gets 2 pods * 6 / 3, one of two of n2 3 pods * 6 / 2
    "c1, n1, 10.1.1.1=6 192.0.2.21=9 192.0.2.22=9 192.0.2.41=4 192.0.2.42=4 192.0.2.43=4",
    "c2, n2, 10.2.1.1=6 10.2.1.2=6 10.2.1.3=6 192.0.2.1=6 192.0.2.41=4 192.0.2.42=4 192.0.2.43=4",
    "c3, n3, 10.3.1.1=6 10.3.1.2=6 192.0.2.1=6 192.0.2.21=9 192.0.2.22=9 192.0.2.41=4 192.0.2.42=4 192.0.2.43=4",
    "c4, n4, 10.4.1.1=6 10.4.1.2=6 192.0.2.1=6 192.0.2.21=9 192.0.2.22=9",
    // a client without a network dials only what has no gateway
    "c1, '', 10.3.1.1=6 10.3.1.2=6 192.0.2.1=6 192.0.2.21=9 192.0.2.22=9 192.0.2.41=4 192.0.2.42=4 192.0.2.43=4",
  })
  void a_client_is_told_pods_of_its_network_and_gateways_of_the_others(
      String cluster, String network, String told) {
    assertThat(told(fourNetworks().snapshot(), cluster, network)).isEqualTo(told);
  }

  @Test
  void the_gateways_of_a_cluster_serve_its_pods_where_clusters_share_a_network() {
    World world = fourNetworks().network("c4", "n2", true);
    // n2 has five gateways, two of c2 and three of c4: an endpoint weighs 30.
    assertThat(told(world.snapshot(), "c1", "n1"))
        .isEqualTo(
            "10.1.1.1=30 192.0.2.21=45 192.0.2.22=45 192.0.2.41=20 192.0.2.42=20 192.0.2.43=20");
  }

  @Test
  void a_cluster_without_a_gateway_of_its_own_uses_those_of_its_network() {
    World world = fourNetworks().network("c3", "n2", false);
    assertThat(told(world.snapshot(), "c1", "n1"))
        .isEqualTo("10.1.1.1=6 192.0.2.21=15 192.0.2.22=15 192.0.2.41=4 192.0.2.42=4 192.0.2.43=4");
  }

  @Test
  void without_any_gateway_an_endpoint_weighs_one_and_other_networks_are_left_out() {
    World world = fourNetworks();
    List.of("c1", "c2", "c4").forEach(c -> world.network(c, c.replace('c', 'n'), false));
    MeshSnapshot snapshot = world.snapshot();
    assertThat(told(snapshot, "c2", "n2")).isEqualTo("10.2.1.1=1 10.2.1.2=1 10.2.1.3=1");
    assertThat(World.view(snapshot, "cart", "", World.client("c2", "n2")))
        .filteredOn(EndpointDecision.Dropped.class::isInstance)
        .hasSize(5);
  }

  @Test
  void a_gateway_stands_once_in_each_locality_that_is_behind_it() {
    World world = fourNetworks();
    world.cluster("c2").node("n", "r2/z1").pod("cart", "cart-24", "10.2.1.4");
    assertThat(World.view(world.snapshot(), "cart", "", World.client("c1", "n1")))
        .filteredOn(EndpointDecision.ViaGateway.class::isInstance)
        .map(EndpointDecision.ViaGateway.class::cast)
        .filteredOn(v -> v.gateway().address().equals(new HostPort("192.0.2.21", 15443)))
        .extracting(v -> v.locality().region(), EndpointDecision.ViaGateway::weight)
        .containsExactlyInAnyOrder(tuple("", 9), tuple("r2", 3));
  }
}
