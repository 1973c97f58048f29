package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectMeta;
import dev.weft.config.SyncState;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointDecision.Dropped;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnapshotBuilderTest {
  private static final ServiceId CART = new ServiceId("default", "cart");

  private static World two() {
    World world = new World();
    world
        .cluster("east")
        .service("cart", 80, "http", "10.96.0.5")
        .pod("cart", "cart-e", "10.0.0.2");
    world
        .cluster("west")
        .service("cart", 80, "http", "10.96.0.6")
        .service("rates", 80, "http", "10.96.0.5")
        .pod("cart", "cart-w", "10.0.0.2")
        .pod("rates", "rates-w", "10.0.0.3")
        .proxyAt("172.18.0.9");
    return world.network("east", "n1", false).network("west", "n2", true);
  }

  @Test
  void pods_with_the_same_address_in_two_clusters_stay_two() {
    MeshSnapshot snapshot = two().snapshot();
    assertThat(snapshot.service(CART).orElseThrow().endpoints())
        .extracting(e -> e.cluster().value(), ServiceEndpoint::address, ServiceEndpoint::name)
        .containsExactly(
            tuple("east", "10.0.0.2", "cart-e.default"),
            tuple("west", "10.0.0.2", "cart-w.default"));
    assertThat(
            snapshot.workload(new ClusterId("west"), "default", "cart-w").orElseThrow().network())
        .isEqualTo(new NetworkId("n2"));
  }

  @Test
  void a_service_of_another_cluster_has_an_address_of_the_mesh_and_never_the_other_clusters() {
    MeshSnapshot snapshot = two().snapshot();
    MeshService rates = snapshot.service(new ServiceId("default", "rates")).orElseThrow();
    assertThat(rates.addressesFor(new ClusterId("west"))).containsExactly("10.96.0.5");
    assertThat(rates.addressesFor(new ClusterId("east")))
        .singleElement()
        .satisfies(a -> assertThat(a).startsWith("240.240."));
  }

  @Test
  void mesh_addresses_do_not_depend_on_the_order_of_arrival_and_survive_changes() {
    List<String> ids = IntStream.range(0, 3000).mapToObj(i -> "s" + i + ".ns" + i % 7).toList();
    MeshVips vips = MeshVips.in("240.240.0.0/16");
    var first = vips.assign(ids, Map.of());
    assertThat(first.values()).doesNotHaveDuplicates().hasSize(3000);
    var again = vips.assign(ids.subList(1, 3000), first);
    assertThat(first).containsAllEntriesOf(again);
    assertThat(vips.assign(ids, Map.of())).isEqualTo(first);
  }

  @Test
  void an_unchanged_world_shares_every_part_with_the_snapshot_before() {
    World world = two();
    MeshSnapshot first = world.snapshot();
    SnapshotBuilder.Built second = world.build();
    assertThat(second.delta().invisibleToProxies()).isTrue();
    assertThat(second.snapshot().services().get(CART)).isSameAs(first.service(CART).orElseThrow());
    assertThat(second.snapshot().workloads()).isEqualTo(first.workloads());
  }

  @Test
  void one_new_pod_changes_its_service_and_nothing_else() {
    World world = two();
    MeshSnapshot first = world.snapshot();
    world.cluster("west").pod("cart", "cart-w2", "10.0.0.9");
    SnapshotBuilder.Built next = world.build();
    assertThat(next.delta().services()).containsExactly(CART);
    assertThat(next.delta().servicesBeyondEndpoints()).isEmpty();
    ServiceId rates = new ServiceId("default", "rates");
    assertThat(next.snapshot().services().get(rates)).isSameAs(first.service(rates).orElseThrow());
  }

  @Test
  void a_cluster_that_leaves_takes_everything_of_its_own_and_nothing_else() {
    World world = two();
    MeshSnapshot before = world.snapshot();
    world.leave("west");
    MeshSnapshot after = world.snapshot();
    ClusterId west = new ClusterId("west");
    assertThat(after.clusters()).doesNotContainKey(west);
    assertThat(after.services()).containsOnlyKeys(CART);
    assertThat(after.networkGateways().all()).isEmpty();
    assertThat(after.service(CART).orElseThrow().vips()).doesNotContainKey(west);
    assertThat(after.service(CART).orElseThrow().endpoints())
        .isEqualTo(
            before.service(CART).orElseThrow().endpoints().stream()
                .filter(e -> !e.cluster().equals(west))
                .toList());
  }

  @Test
  void routes_that_lead_nowhere_and_gateways_by_name_are_reported() {
    World world = two();
    world.cluster("west").proxyAt("gateway.example.com");
    world.put(
        new VirtualService(
            ObjectMeta.of(ConfigKind.VIRTUAL_SERVICE, "default", "cart"),
            List.of("cart"),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                new VirtualService.TcpRoute(
                    List.of(),
                    List.of(to("cart", "v9", 0), to("nobody", "", 0), to("cart", "", 81)))),
            List.of()));
    MeshSnapshot snapshot = world.snapshot();
    assertThat(snapshot.networkGateways().all()).isEmpty();
    assertThat(world.findings()).extracting(d -> d.code()).contains("IST0101", "gateway-host-name");
  }

  private static VirtualService.WeightedDestination to(String host, String subset, int port) {
    return new VirtualService.WeightedDestination(
        new VirtualService.Destination(host, subset, port),
        1,
        VirtualService.HeaderOperations.NONE);
  }

  @Test
  void a_lost_cluster_keeps_its_endpoints_and_is_reported() {
    World world = two();
    world.cluster("west").state(SyncState.LOST);
    MeshSnapshot snapshot = world.snapshot();
    assertThat(snapshot.service(CART).orElseThrow().endpoints()).hasSize(2);
    assertThat(world.findings()).anyMatch(d -> d.code().equals("cluster-lost"));
  }

  @Test
  void in_random_worlds_nobody_is_told_of_a_pod_that_it_cannot_reach() {
    SplittableRandom random = new SplittableRandom(20260101);
    for (int round = 0; round < 150; round++) {
      World world = new World();
      int clusters = 1 + random.nextInt(4);
      for (int c = 0; c < clusters; c++) {
        String name = "c" + c;
        World.Member member = world.cluster(name).node("n", "r" + random.nextInt(2) + "/z");
        for (int p = 0; p < random.nextInt(4); p++) {
          member.pod(
              "cart",
              "cart-" + p,
              "10.0.0." + (2 + random.nextInt(3)),
              random.nextBoolean() ? Map.of("security.istio.io/tlsMode", "istio") : Map.of());
        }
        if (c == 0 || random.nextBoolean()) {
          member.service("cart", 80, "http", "10.96.0.5");
        }
        boolean proxy = random.nextBoolean();
        if (proxy) {
          member.proxyAt("172.18.0." + (10 + c));
        }
        world.network(name, random.nextInt(5) == 0 ? "" : "n" + random.nextInt(3), proxy);
      }
      MeshSnapshot snapshot = world.snapshot();
      MeshService cart = snapshot.service(CART).orElseThrow();
      for (MemberCluster from : snapshot.clusters().values()) {
        check(snapshot, cart, World.client(from.id().value(), from.network().value()), round);
      }
      // The same again from scratch gives the same.
      assertThat(world.snapshot().services()).isEqualTo(snapshot.services());
    }
  }

  private static void check(
      MeshSnapshot snapshot, MeshService cart, EndpointClient client, int round) {
    List<EndpointDecision> view =
        EndpointView.of(snapshot, cart, cart.ports().getFirst(), "", client);
    int mentioned = 0;
    for (EndpointDecision decision : view) {
      switch (decision) {
        case Direct d -> {
          mentioned++;
          NetworkId there = d.endpoint().network();
          assertThat(
                  there.equals(client.network())
                      || !there.isNamed()
                      || (!client.network().isNamed()
                          && snapshot
                              .networkGateways()
                              .into(there, d.endpoint().cluster())
                              .isEmpty()))
              .as("round %s: %s", round, d.sentence())
              .isTrue();
        }
        case ViaGateway v -> {
          assertThat(v.behind())
              .allMatch(e -> e.network().equals(v.gateway().network()) && e.mtls())
              .allMatch(e -> !e.network().equals(client.network()));
          int gateways =
              snapshot
                  .networkGateways()
                  .into(v.gateway().network(), v.behind().getFirst().cluster())
                  .size();
          assertThat(gateways).isPositive();
        }
        case Dropped d -> mentioned++;
      }
    }
    long behind =
        view.stream()
            .filter(ViaGateway.class::isInstance)
            .flatMap(v -> ((ViaGateway) v).behind().stream())
            .distinct()
            .count();
    assertThat(mentioned + behind)
        .as("every endpoint has a verdict")
        .isEqualTo(cart.endpoints().size());
  }
}
