package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who added the filters of a chain. */
class FilterOriginTest {
  private static final MeshFile MESH =
      MeshFile.read(Path.of("src/test/golden/envoy-filter/order/input.yaml"));

  private static List<String> origins(String listener, int port) {
    return MESH.proxies().entrySet().stream()
        .filter(e -> e.getKey().equals("productpage"))
        .flatMap(e -> FilterOrigin.of(MESH.snapshot(), e.getValue(), listener, port).stream())
        .map(origin -> origin.object() + " " + origin.filter())
        .toList();
  }

  @Test
  void filters_are_told_with_their_objects_as_far_as_they_are_there() {
    assertThat(origins("0.0.0.0_9080", 9080))
        .containsExactly(
            "EnvoyFilter istio-system/early root-1",
            "EnvoyFilter istio-system/version of-1-29",
            "EnvoyFilter default/own own-1",
            "EnvoyFilter default/own own-2",
            "EnvoyFilter default/own own-4",
            "EnvoyFilter default/own own-5");
  }

  @Test
  void another_listener_has_none() {
    assertThat(origins("virtualOutbound", 15001)).isEmpty();
  }
}
