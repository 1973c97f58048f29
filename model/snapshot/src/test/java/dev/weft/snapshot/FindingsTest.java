package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.snapshot.Mistakes.Case;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake alone in a mesh that has none otherwise. */
class FindingsTest {
  static Stream<Case> mistakes() {
    return Stream.of(
            Mistakes.cases(),
            TelemetryMistakes.cases(),
            EnvoyFilterMistakes.cases(),
            SidecarMistakes.cases())
        .flatMap(cases -> cases);
  }

  @Test
  void every_code_of_istio_that_is_said_to_be_found_has_a_case_here() {
    assertThat(
            Stream.of(IstioCode.values())
                .filter(c -> c.answer() == IstioCode.Answer.FOUND)
                .map(IstioCode::name))
        .containsExactlyInAnyOrderElementsOf(
            mistakes()
                .map(Case::code)
                .filter(c -> c.startsWith("IST"))
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void an_object_may_say_what_it_does_not_want_to_hear_of() {
    World world = world();
    world
        .cluster("one")
        .put(
            Mistakes.service(
                "quiet",
                Map.of(
                    "galley.istio.io/analyze-suppress", "IST0118, IST0107",
                    "sidecar.istio.io/inject", "true",
                    "networking.istio.io/exportTwo", "*"),
                Map.of(),
                Mistakes.port("web", 80)));
    assertThat(codes(world.findings())).containsExactly("IST0108");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_found_with_its_code_and_place(Case c) {
    World world = world();
    Set<String> before = codes(world.findings());

    c.mistake().accept(world);
    List<Diagnostic> found =
        world.findings().stream().filter(d -> !before.contains(d.code())).toList();

    assertThat(found)
        .as("%s", found)
        .anySatisfy(
            d -> {
              assertThat(d.code()).isEqualTo(c.code());
              assertThat(d.path()).isEqualTo(c.path());
            });
    assertThat(codes(found)).containsExactly(c.code());
  }

  @Test
  void a_mesh_without_mistakes_has_no_findings() {
    assertThat(world().findings()).isEmpty();
  }

  @Test
  void a_sidecar_whose_ports_are_those_of_services_has_no_findings() {
    World world = world();
    world.put(
        IstioObjects.object(
            ConfigKind.SIDECAR,
            "cart",
            Map.of(
                "egress",
                List.of(
                    Map.of("port", Map.of("number", 80), "hosts", List.of("./*")),
                    Map.of(
                        "port",
                        Map.of("number", 9080),
                        "hosts",
                        List.of("./nobody.example", "~/*"))),
                "ingress",
                List.of(Map.of("port", Map.of("number", 80))))));
    assertThat(world.findings()).isEmpty();
  }

  @Test
  void hosts_of_a_gateway_may_have_a_namespace_and_a_wildcard() {
    assertThat(GatewayFindings.overlap("*.example", "shop.example")).isTrue();
    assertThat(GatewayFindings.overlap("shop.example", "*.example")).isTrue();
    assertThat(GatewayFindings.overlap("*.shop.example", "*.example")).isTrue();
    assertThat(GatewayFindings.overlap("*", "shop.example")).isTrue();
    assertThat(GatewayFindings.overlap("*.example", "shop.test")).isFalse();
  }

  private static World world() {
    World world = new World();
    world
        .cluster("one")
        .namespace("default", Map.of("istio-injection", "enabled"))
        .node("node", "east/a")
        .service("cart", 80, "http", "10.96.0.1")
        .service("ingress", 80, "http", "10.96.0.9")
        .pod("cart", "cart-1", "10.0.0.1")
        .pod("ingress", "ingress-1", "10.0.0.2");
    return world;
  }

  private static Set<String> codes(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(Diagnostic::code).collect(Collectors.toSet());
  }
}
