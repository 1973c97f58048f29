package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.KubeEndpointSlice;
import dev.weft.types.HopLabel;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pods of a headless service, from where they can be dialled and from where they cannot. */
class HeadlessViewTest {
  private static final Map<String, String> SIDECAR = Map.of("security.istio.io/tlsMode", "istio");

  private static World world() {
    World world = new World();
    world.cluster("east");
    world
        .cluster("west")
        .service("db", 80, "http", "")
        .pod("other", "db-0", "10.0.0.2", SIDECAR)
        .pod("other", "db-1", "10.0.0.3", SIDECAR)
        .put(slice("db-0", "db-1"))
        .proxyAt("172.18.0.9")
        .proxyPod("proxy-0", Map.of(HopLabel.POD_LABEL, HopLabel.POD_VALUE));
    return world.network("east", "n1", false).network("west", "n2", true);
  }

  private static KubeEndpointSlice slice(String... pods) {
    return new KubeEndpointSlice(
        "default",
        "db-written",
        "db",
        List.of(new KubeEndpointSlice.Port("http", 80, "TCP")),
        Stream.of(pods)
            .map(
                pod ->
                    new KubeEndpointSlice.Endpoint(
                        List.of(pod.equals("db-0") ? "10.0.0.2" : "10.0.0.3"),
                        true,
                        true,
                        false,
                        pod,
                        "",
                        "",
                        pod))
            .toList());
  }

  private static MeshService db(MeshSnapshot snapshot) {
    return Optional.ofNullable(snapshot.services().get(new ServiceId("default", "db")))
        .orElseThrow();
  }

  private static HeadlessView view(World world, EndpointClient client) {
    MeshSnapshot snapshot = world.snapshot();
    return HeadlessView.of(snapshot, db(snapshot), client);
  }

  @Test
  void who_can_dial_pods_is_given_pods_and_nothing_else() {
    HeadlessView near = view(world(), World.naming("west", "n2"));
    assertThat(near.dialled()).isTrue();
    assertThat(near.behind()).isEmpty();
    assertThat(near.pods())
        .extracting(ServiceEndpoint::address)
        .containsExactly("10.0.0.2", "10.0.0.3");
  }

  @Test
  void who_cannot_is_given_addresses_of_the_mesh() {
    World world = world();
    HeadlessView far = view(world, World.naming("east", "n1"));
    MeshService db = db(world.snapshot());
    assertThat(far.dialled()).isFalse();
    assertThat(far.pods()).isEmpty();
    assertThat(far.addresses(db)).containsExactly(db.meshVip());
    assertThat(far.behind()).containsOnlyKeys("db-0", "db-1");
    assertThat(db.podVips().values())
        .hasSize(2)
        .doesNotContain(db.meshVip())
        .allMatch(address -> address.startsWith("240.240."));
  }

  @Test
  void who_cannot_name_pods_has_the_name_of_the_service_alone() {
    HeadlessView far = view(world(), World.client("east", "n1"));
    assertThat(far.dialled()).isFalse();
    assertThat(far.behind()).isEmpty();
  }

  @Test
  void a_pod_that_comes_back_has_the_address_that_it_had() {
    World world = world();
    Map<String, String> before = db(world.snapshot()).podVips();
    world.cluster("west").put(slice("db-1"));
    assertThat(db(world.snapshot()).podVips()).containsOnlyKeys("db-1");
    world.cluster("west").put(slice("db-0", "db-1"));
    assertThat(db(world.snapshot()).podVips()).isEqualTo(before);
  }
}
