package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubePod;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Slices that somebody wrote, without a word about pods: they are known by their addresses. */
class WrittenSlicesTest {
  private static final Map<String, String> SIDECAR = Map.of("security.istio.io/tlsMode", "istio");

  private static World world() {
    World world = new World();
    world
        .cluster("east")
        .node("n1", "r1/z1")
        .service("primary", 80, "http", "10.96.0.5")
        .put(slice("primary", "10.0.0.2", "", ""));
    return world.network("east", "n1", false).network("west", "n2", true);
  }

  private static KubeEndpointSlice slice(String service, String address, String node, String zone) {
    return new KubeEndpointSlice(
        "default",
        service + "-written",
        service,
        List.of(new KubeEndpointSlice.Port("http", 8080, "TCP")),
        List.of(
            new KubeEndpointSlice.Endpoint(
                List.of(address), true, true, false, "", node, zone, "")));
  }

  private static KubePod pod(
      String name, String ip, Map<String, String> labels, boolean hostNetwork, boolean leaving) {
    return new KubePod(
        "store",
        name,
        labels,
        Map.of(),
        List.of(ip),
        "store",
        "n1",
        "StatefulSet",
        "db",
        "",
        "",
        List.of(),
        hostNetwork,
        true,
        leaving);
  }

  private static ServiceEndpoint endpoint(World world) {
    MeshService service =
        world.snapshot().service(new ServiceId("default", "primary")).orElseThrow();
    assertThat(service.endpoints()).hasSize(1);
    return service.endpoints().getFirst();
  }

  private static @Nullable String pod(World world) {
    Workload workload = endpoint(world).workload();
    return workload == null ? null : workload.key().pod();
  }

  @Test
  void the_pod_is_found_whenever_it_comes_and_whatever_its_namespace() {
    World world = world();
    assertThat(pod(world)).isNull();
    world.cluster("east").put(pod("db-0", "10.0.0.2", SIDECAR, false, false));
    ServiceEndpoint found = endpoint(world);
    assertThat(found.mtls()).isTrue();
    assertThat(found.node()).isEqualTo("n1");
    assertThat(found.locality()).hasToString("r1/z1");
    MeshService service = world.snapshot().services().values().iterator().next();
    assertThat(service.identities())
        .extracting(Object::toString)
        .containsExactly("spiffe://cluster.local/ns/store/sa/store");
    world.cluster("east").put(pod("db-0", "10.0.0.2", Map.of(), false, false));
    assertThat(endpoint(world).mtls()).isFalse();
    world.cluster("east").put(pod("db-0", "10.0.0.3", SIDECAR, false, false));
    assertThat(pod(world)).isNull();
    world.cluster("east").put(slice("primary", "10.0.0.3", "", ""));
    assertThat(pod(world)).isEqualTo("db-0");
  }

  @Test
  void the_pod_that_stays_has_the_address() {
    World world = world();
    world
        .cluster("east")
        .put(pod("db-0", "10.0.0.2", SIDECAR, false, true))
        .put(pod("db-1", "10.0.0.2", SIDECAR, false, false));
    assertThat(pod(world)).isEqualTo("db-1");
  }

  @Test
  void the_address_of_a_node_is_no_pods() {
    World world = world();
    world.cluster("east").put(pod("agent", "10.0.0.2", SIDECAR, true, false));
    assertThat(pod(world)).isNull();
  }

  @Test
  void an_address_of_another_cluster_is_somebody_elses() {
    World world = world();
    world.cluster("west").put(pod("db-0", "10.0.0.2", SIDECAR, false, false));
    assertThat(pod(world)).isNull();
  }

  @Test
  void who_is_no_pod_stands_in_the_zone_that_the_slice_says() {
    World world = world();
    world.cluster("east").put(slice("primary", "10.0.0.9", "elsewhere", "z2"));
    assertThat(endpoint(world).locality()).hasToString("");
    world.cluster("east").node("n2", "r1/z2");
    assertThat(endpoint(world).locality()).hasToString("r1/z2");
  }
}
