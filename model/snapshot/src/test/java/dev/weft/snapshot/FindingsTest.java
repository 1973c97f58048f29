package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake alone in a mesh that has none otherwise. */
class FindingsTest {
  private static final Map<String, Object> TO_CART = to("cart", Map.of());

  record Case(String name, Consumer<World> mistake, String code, String path) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "a route to a service that nobody has",
            w -> w.put(routes("cart", List.of(to("basket", Map.of())))),
            "IST0101",
            "spec"),
        new Case(
            "a route to a subset that nobody defines",
            w -> w.put(routes("cart", List.of(to("cart", Map.of("subset", "v9"))))),
            "IST0101",
            "spec"),
        new Case(
            "a gateway that is not there",
            w ->
                w.put(
                    virtualService(
                        "cart",
                        Map.of(
                            "hosts", List.of("cart"),
                            "gateways", List.of("front", "mesh"),
                            "http", List.of(TO_CART)))),
            "IST0101",
            "spec.gateways[0]"),
        new Case(
            "a gateway without pods",
            w -> w.put(gateway("front", "nobody", 80, "shop.example")),
            "IST0101",
            "spec.selector"),
        new Case(
            "a gateway's port that its Service has not",
            w -> w.put(gateway("front", "ingress", 8443, "shop.example")),
            "IST0162",
            "spec.servers[0].port"),
        new Case(
            "a host that the gateway has not",
            w ->
                w.put(gateway("front", "ingress", 80, "*.example"))
                    .put(
                        virtualService(
                            "cart",
                            Map.of(
                                "hosts", List.of("shop.test"),
                                "gateways", List.of("front"),
                                "http", List.of(TO_CART)))),
            "IST0132",
            "spec.hosts[0]"),
        new Case(
            "two gateways for one host",
            w ->
                w.put(gateway("front", "ingress", 80, "shop.example"))
                    .put(gateway("other", "ingress", 80, "shop.example")),
            "IST0145",
            "spec.servers[0]"),
        new Case(
            "a rule after one that takes everything",
            w -> w.put(routes("cart", List.of(TO_CART, matched("/a")))),
            "IST0130",
            "spec.http[1]"),
        new Case(
            "a rule with the same match as one before",
            w -> w.put(routes("cart", List.of(matched("/a"), matched("/a"), TO_CART))),
            "IST0130",
            "spec.http[1]"),
        new Case(
            "a match that a rule before has too",
            w -> w.put(routes("cart", List.of(matched("/a"), matched("/a", "/b"), TO_CART))),
            "IST0131",
            "spec.http[1].match[0]"),
        new Case(
            "two objects for one host",
            w -> w.put(routes("one", List.of(TO_CART))).put(routes("two", List.of(TO_CART))),
            "IST0109",
            "spec.hosts[0]"),
        new Case(
            "a rule for a host that nobody has",
            w -> w.put(rule("basket.default.svc.cluster.local", Map.of())),
            "IST0174",
            "spec.host"),
        new Case(
            "a subset without pods",
            w ->
                w.put(
                    rule(
                        "cart",
                        Map.of(
                            "subsets",
                            List.of(Map.of("name", "v9", "labels", Map.of("version", "v9")))))),
            "IST0173",
            "spec.subsets"),
        new Case(
            "failover without outlier detection",
            w ->
                w.put(
                    policy(
                        Map.of(
                            "loadBalancer",
                            Map.of(
                                "localityLbSetting",
                                Map.of(
                                    "failover", List.of(Map.of("from", "east", "to", "west"))))))),
            "failover-without-outlier-detection",
            "spec.trafficPolicy.loadBalancer.localityLbSetting"),
        new Case(
            "outlier detection without a cap",
            w -> w.put(policy(Map.of("outlierDetection", Map.of("consecutive5xxErrors", 1)))),
            "ejection-cap",
            "spec.trafficPolicy.outlierDetection.maxEjectionPercent"),
        new Case(
            "a share for a place without endpoints",
            w ->
                w.put(
                    policy(
                        Map.of(
                            "loadBalancer",
                            Map.of(
                                "localityLbSetting",
                                Map.of(
                                    "distribute",
                                    List.of(
                                        Map.of(
                                            "from",
                                            "east/*",
                                            "to",
                                            Map.of("east/*", 80, "north/*", 20)))))))),
            "locality-without-endpoints",
            "spec.trafficPolicy.loadBalancer.localityLbSetting.distribute"),
        new Case(
            "ports that differ between clusters",
            w -> w.cluster("two").service("cart", 80, "http-other", "10.96.0.2"),
            "IST0170",
            "spec.ports"),
        new Case(
            "a port without a protocol in its name",
            w -> w.cluster("one").service("odd", 80, "web", "10.96.0.3"),
            "IST0118",
            "spec.ports[0]"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_mistake_is_found_with_its_code_and_place(Case c) {
    World world = world();
    Set<String> before = codes(world.snapshot().diagnostics());

    c.mistake().accept(world);
    List<Diagnostic> found =
        world.snapshot().diagnostics().stream().filter(d -> !before.contains(d.code())).toList();

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
  void a_mesh_without_mistakes_has_no_findings_but_of_its_namespaces() {
    assertThat(codes(world().snapshot().diagnostics())).containsOnly("IST0102");
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

  private static Map<String, Object> to(String host, Map<String, Object> more) {
    Map<String, Object> destination = new TreeMap<>(more);
    destination.put("host", host);
    return Map.of("route", List.of(Map.of("destination", destination)));
  }

  private static Map<String, Object> matched(String... prefixes) {
    return Map.of(
        "match",
        Stream.of(prefixes).map(p -> Map.of("uri", Map.of("prefix", p))).toList(),
        "route",
        List.of(Map.of("destination", Map.of("host", "cart"))));
  }

  private static ConfigObject routes(String name, List<Map<String, Object>> http) {
    return virtualService(name, Map.of("hosts", List.of("cart"), "http", http));
  }

  private static ConfigObject virtualService(String name, Map<String, Object> spec) {
    return object(ConfigKind.VIRTUAL_SERVICE, name, spec);
  }

  private static ConfigObject gateway(String name, String app, int port, String host) {
    return object(
        ConfigKind.GATEWAY,
        name,
        Map.of(
            "selector",
            Map.of("app", app),
            "servers",
            List.of(
                Map.of(
                    "port",
                    Map.of("number", port, "name", "http", "protocol", "HTTP"),
                    "hosts",
                    List.of(host)))));
  }

  private static ConfigObject rule(String host, Map<String, Object> more) {
    Map<String, Object> spec = new TreeMap<>(more);
    spec.put("host", host);
    return object(ConfigKind.DESTINATION_RULE, "rule", spec);
  }

  private static ConfigObject policy(Map<String, Object> policy) {
    return rule("cart", Map.of("trafficPolicy", policy));
  }

  private static ConfigObject object(ConfigKind kind, String name, Map<String, Object> spec) {
    return ObjectParser.parse(
            kind, Map.of("metadata", Map.of("name", name, "namespace", "default"), "spec", spec))
        .value()
        .orElseThrow();
  }
}
