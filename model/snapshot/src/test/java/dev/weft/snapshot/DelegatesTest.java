package dev.weft.snapshot;

import static dev.weft.snapshot.IstioObjects.to;
import static dev.weft.snapshot.IstioObjects.virtualService;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.config.Diagnostic;
import dev.weft.config.StringMatch;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.HttpMatch;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.snapshot.Delegates.Routed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DelegatesTest {
  private static final Map<String, Object> TO_CART = to("cart", Map.of());

  /**
   * @param root the match of the delegating route; null for none
   * @param merged the match that is in force; null where the delegate's route is left out
   */
  private record Case(
      String name,
      @Nullable Map<String, Object> root,
      @Nullable Map<String, Object> delegate,
      @Nullable Map<String, Object> merged) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Map<String, Object> uri(String how, String value) {
    return Map.of("uri", Map.of(how, value));
  }

  private static Map<String, Object> header(String name, String value) {
    return Map.of("headers", Map.of(name, Map.of("exact", value)));
  }

  static Stream<Case> matches() {
    return Stream.of(
        new Case("no conditions at all", null, null, Map.of()),
        new Case("the root's alone", uri("prefix", "/a"), null, uri("prefix", "/a")),
        new Case("the delegate's alone", null, uri("exact", "/b"), uri("exact", "/b")),
        new Case(
            "a prefix in a prefix",
            uri("prefix", "/a"),
            uri("prefix", "/a/b"),
            uri("prefix", "/a/b")),
        new Case(
            "a path in a prefix", uri("prefix", "/a"), uri("exact", "/a/b"), uri("exact", "/a/b")),
        new Case("a prefix beyond a prefix", uri("prefix", "/a/b"), uri("prefix", "/a"), null),
        new Case("a path beyond a prefix", uri("prefix", "/a"), uri("exact", "/b"), null),
        new Case("a prefix beyond a path", uri("exact", "/a"), uri("prefix", "/a"), null),
        new Case("the same path", uri("exact", "/a"), uri("exact", "/a"), uri("exact", "/a")),
        new Case("an expression beside a prefix", uri("prefix", "/a"), uri("regex", "/a.*"), null),
        new Case("an expression below one", uri("regex", "/a.*"), uri("exact", "/a"), null),
        new Case(
            "conditions on different things",
            uri("prefix", "/a"),
            header("x", "1"),
            Map.of("uri", Map.of("prefix", "/a"), "headers", Map.of("x", Map.of("exact", "1")))),
        new Case("one header, two values", header("x", "1"), header("x", "2"), null),
        new Case(
            "two headers",
            header("x", "1"),
            header("y", "2"),
            Map.of("headers", Map.of("x", Map.of("exact", "1"), "y", Map.of("exact", "2")))),
        new Case("two ports", Map.of("port", 80), Map.of("port", 81), null),
        new Case(
            "one label, two values",
            Map.of("sourceLabels", Map.of("app", "a")),
            Map.of("sourceLabels", Map.of("app", "b")),
            null),
        new Case(
            "letters of any case in one of them",
            uri("prefix", "/a"),
            Map.of("uri", Map.of("prefix", "/a"), "ignoreUriCase", true),
            null));
  }

  @ParameterizedTest
  @MethodSource("matches")
  void a_delegates_route_holds_within_the_route_that_delegates(Case c) {
    World world =
        world()
            .put(root(c.root() == null ? Map.of() : Map.of("match", List.of(c.root()))))
            .put(
                delegate(c.delegate() == null ? Map.of() : Map.of("match", List.of(c.delegate()))));

    List<HttpMatch> found =
        http(world).stream().flatMap(r -> r.route().matches().stream()).toList();

    if (c.merged() == null) {
      assertThat(http(world)).isEmpty();
      assertThat(codes(world)).containsExactly("delegate-route-ignored");
    } else {
      assertThat(http(world)).hasSize(1);
      assertThat(codes(world)).isEmpty();
      assertThat(found).isEqualTo(c.merged().isEmpty() ? List.of() : List.of(parsed(c.merged())));
    }
  }

  @Test
  void every_match_of_a_delegate_is_taken_with_each_that_it_lies_within() {
    World world =
        world()
            .put(
                root(
                    Map.of(
                        "name",
                        "outer",
                        "match",
                        List.of(uri("prefix", "/a"), header("x", "1"), uri("prefix", "/z")))))
            .put(
                delegate(
                    Map.of(
                        "name",
                        "inner",
                        "match",
                        List.of(uri("exact", "/a/b"), header("y", "2")))));

    Routed routed = http(world).getFirst();

    assertThat(routed.route().name()).isEqualTo("outer-inner");
    assertThat(routed.matches()).containsExactly(0, 0, 1, 1, 1);
    assertThat(routed.route().matches())
        .extracting(HttpMatch::uri)
        .containsExactly(
            new StringMatch.Exact("/a/b"),
            new StringMatch.Exact("/a/b"),
            new StringMatch.Prefix("/a"),
            null,
            new StringMatch.Prefix("/z"));
  }

  @Test
  void what_a_delegate_does_not_say_the_delegating_route_says() {
    World world =
        world()
            .put(
                root(
                    Map.of(
                        "timeout", "5s",
                        "rewrite", Map.of("uri", "/"),
                        "retries", Map.of("attempts", 1),
                        "mirrors", List.of(Map.of("destination", Map.of("host", "cart"))))))
            .put(delegate(Map.of("timeout", "1s")));

    HttpRoute route = http(world).getFirst().route();

    assertThat(route.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(route.rewrite()).extracting(r -> r.uri()).isEqualTo("/");
    assertThat(route.retries()).extracting(r -> r.attempts()).isEqualTo(1);
    assertThat(route.mirrors())
        .extracting(m -> m.destination().host())
        .containsExactly("cart.default.svc.cluster.local");
  }

  @Test
  void routes_before_and_after_stay_in_their_order() {
    World world =
        world()
            .put(
                virtualService(
                    "root",
                    Map.of(
                        "hosts",
                        List.of("cart"),
                        "http",
                        List.of(
                            with(TO_CART, Map.of("match", List.of(uri("prefix", "/1")))),
                            Map.of("delegate", Map.of("name", "leaf")),
                            TO_CART))))
            .put(delegate(Map.of("match", List.of(uri("prefix", "/2")))));

    assertThat(http(world))
        .extracting(r -> r.by().meta().name(), Routed::http)
        .containsExactly(tuple("root", 0), tuple("leaf", 0), tuple("root", 2));
    assertThat(codes(world)).isEmpty();
  }

  @Test
  void a_delegate_that_is_not_there_is_found_and_its_route_left_out() {
    World world = world().put(root(Map.of()));

    assertThat(http(world)).isEmpty();
    assertThat(world.findings())
        .extracting(Diagnostic::code, Diagnostic::path)
        .containsExactly(tuple("IST0101", "spec.http[0].delegate"));
  }

  @Test
  void a_delegate_with_hosts_of_its_own_is_none() {
    World world =
        world()
            .put(root(Map.of()))
            .put(
                virtualService(
                    "leaf", Map.of("hosts", List.of("other.example"), "http", List.of(TO_CART))));

    assertThat(http(world)).isEmpty();
    assertThat(world.findings())
        .extracting(Diagnostic::code, Diagnostic::message)
        .satisfiesExactly(
            finding -> assertThat(finding.toString()).contains("IST0101").contains("has hosts"));
  }

  @Test
  void a_delegate_that_is_not_exported_to_the_root_is_left_out() {
    World world =
        world()
            .put(root(Map.of()))
            .put(
                virtualService(
                    "leaf", Map.of("exportTo", List.of("elsewhere"), "http", List.of(TO_CART))));

    assertThat(http(world)).isEmpty();
    assertThat(codes(world)).containsExactly("IST0101");
  }

  private static World world() {
    World world = new World();
    world
        .cluster("one")
        .namespace("default", Map.of("istio-injection", "enabled"))
        .node("node", "east/a")
        .service("cart", 80, "http", "10.96.0.1")
        .pod("cart", "cart-1", "10.0.0.1");
    return world;
  }

  private static dev.weft.config.ConfigObject root(Map<String, Object> more) {
    return virtualService(
        "root",
        Map.of(
            "hosts",
            List.of("cart"),
            "http",
            List.of(with(Map.of("delegate", Map.of("name", "leaf")), more))));
  }

  private static dev.weft.config.ConfigObject delegate(Map<String, Object> more) {
    return virtualService("leaf", Map.of("http", List.of(with(TO_CART, more))));
  }

  private static HttpMatch parsed(Map<String, Object> match) {
    VirtualService alone = (VirtualService) delegate(Map.of("match", List.of(match)));
    return alone.http().getFirst().matches().getFirst();
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new TreeMap<>(some);
    all.putAll(more);
    return all;
  }

  private static List<Routed> http(World world) {
    MeshSnapshot snapshot = world.snapshot();
    return snapshot.virtualServices().stream()
        .filter(v -> !v.hosts().isEmpty() && v.meta().name().equals("root"))
        .flatMap(v -> Delegates.of(snapshot).http(v).stream())
        .toList();
  }

  private static Set<String> codes(World world) {
    return world.findings().stream().map(Diagnostic::code).collect(Collectors.toSet());
  }
}
