package dev.weft.snapshot;

import static dev.weft.snapshot.IstioObjects.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProviderFindingsTest {
  private static final Map<String, Object> EVERYTHING = Map.of();
  private static final Map<String, Object> A_PATH =
      Map.of("to", List.of(Map.of("operation", Map.of("paths", List.of("/private/*")))));

  private static final Map<String, Object> AUTHORIZER =
      Map.of(
          "name",
          "asked",
          "envoyExtAuthzHttp",
          Map.of("service", "cart.default.svc.cluster.local", "port", 80));

  private final World world = new World();

  ProviderFindingsTest() {
    world.settings(
        MeshSettingsParser.read(
                Map.of("extensionProviders", List.of(AUTHORIZER)),
                Map.of(),
                MeshSettings.defaults())
            .settings());
    world
        .cluster("one")
        .namespace("default", Map.of("istio-injection", "enabled"))
        .node("node", "east/a")
        .service("cart", 80, "http", "10.96.0.1")
        .service("ingress", 80, "http", "10.96.0.9")
        .pod("cart", "cart-1", "10.0.0.1")
        .pod("ingress", "ingress-1", "10.0.0.2");
  }

  private List<String> found(Map<String, String> selector, Map<String, Object> rule) {
    Map<String, Object> spec = new TreeMap<>();
    spec.put("action", "CUSTOM");
    spec.put("provider", Map.of("name", "asked"));
    spec.put("rules", List.of(rule));
    if (!selector.isEmpty()) {
      spec.put("selector", Map.of("matchLabels", selector));
    }
    world.put(object(ConfigKind.AUTHORIZATION_POLICY, "ask", spec));
    return world.findings().stream().map(finding -> finding.code()).toList();
  }

  @Test
  void an_authorizer_that_is_asked_about_itself_is_named() {
    assertThat(found(Map.of(), EVERYTHING)).containsExactly("authorizer-asked-about-itself");
    assertThat(found(Map.of("app", "cart"), EVERYTHING))
        .containsExactly("authorizer-asked-about-itself");
  }

  @Test
  void one_whose_own_requests_are_left_out_is_not() {
    assertThat(found(Map.of("app", "ingress"), EVERYTHING)).isEmpty();
    assertThat(found(Map.of(), A_PATH)).isEmpty();
  }
}
