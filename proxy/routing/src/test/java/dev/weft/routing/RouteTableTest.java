package dev.weft.routing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  record Request(
      String authority, String destination, String path, String method, Map<String, String> headers)
      implements RequestView {
    static Request get(String authority, String path) {
      return new Request(authority, "", path, "GET", Map.of());
    }

    Request to(String address) {
      return new Request(authority, address, path, method, headers);
    }

    Request with(String name, String value) {
      return new Request(authority, destination, path, method, Map.of(name, value));
    }

    @Override
    public CharSequence scheme() {
      return "http";
    }

    @Override
    public @Nullable CharSequence header(String lowerCaseName) {
      assertThat(lowerCaseName).isEqualTo(lowerCaseName.toLowerCase(Locale.ROOT));
      return headers.get(lowerCaseName);
    }
  }

  private static Route route(String name, RouteMatch match) {
    return Route.of(name, match, RouteAction.Forward.to(name));
  }

  private static VirtualHost host(String name, String... domains) {
    return new VirtualHost(
        name,
        List.of(domains),
        List.of(route(name, RouteMatch.of(new PathMatch.Prefix("/", false)))),
        false,
        false,
        false);
  }

  private static RouteTable routes(Route... routes) {
    return RouteTable.of(
        "t",
        true,
        List.of(new VirtualHost("v", List.of("*"), List.of(routes), false, false, false)));
  }

  private static String taken(RouteTable table, RequestView request) {
    Route route = table.match(request);
    return route == null ? "none" : route.name();
  }

  @ParameterizedTest
  @CsvSource({
    "httpbin.default.svc, exact",
    "HTTPBIN.default.SVC:8000, exact",
    "a.shop.example, suffix",
    "a.b.shop.example, longer-suffix",
    "shop.example, any",
    "www.other, prefix",
    "[fd00::1]:8000, v6",
    "10.0.0.1:9, any",
  })
  void the_most_specific_domain_wins(String authority, String expected) {
    RouteTable table =
        RouteTable.of(
            "t",
            true,
            List.of(
                host("any", "*"),
                host("suffix", "*.shop.example"),
                host("longer-suffix", "*.b.shop.example"),
                host("prefix", "www.*"),
                host("v6", "[fd00::1]"),
                host("exact", "httpbin.default.svc")));

    assertThat(taken(table, Request.get(authority, "/"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "nobody.example, 10.96.0.1:80, web",
    "'', 10.96.0.1:80, web",
    "nobody.example, [fd00::1]:80, web",
    "nobody.example, 10.96.0.2:80, allow_any",
    "nobody.example, '', allow_any",
    "shop, 10.96.0.1:80, shop",
    "a.till, 10.96.0.1:80, tills",
  })
  void where_the_name_would_be_let_through_the_address_decides(
      String authority, String destination, String expected) {
    RouteTable table =
        RouteTable.of(
            "80",
            true,
            List.of(
                host("web", "web", "10.96.0.1", "[fd00::1]"),
                host("shop", "shop"),
                host("tills", "*.till"),
                host("allow_any", "*")));
    assertThat(table.virtualHost(Request.get(authority, "/").to(destination)))
        .extracting(VirtualHost::name)
        .isEqualTo(expected);
  }

  @Test
  void where_unknown_names_are_refused_the_address_does_not_help() {
    RouteTable table =
        RouteTable.of("80", true, List.of(host("web", "web", "10.96.0.1"), host("block_all", "*")));
    assertThat(table.virtualHost(Request.get("nobody.example", "/").to("10.96.0.1:80")))
        .extracting(VirtualHost::name)
        .isEqualTo("block_all");
  }

  @Test
  void the_port_counts_unless_it_is_ignored() {
    List<VirtualHost> hosts = List.of(host("h", "a:80"));

    assertThat(taken(RouteTable.of("t", false, hosts), Request.get("a:80", "/"))).isEqualTo("h");
    assertThat(taken(RouteTable.of("t", false, hosts), Request.get("a", "/"))).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({
    "/exact?x=1, exact",
    "/exact/, any",
    "/seg, segment",
    "/seg/x, segment",
    "/segment, any",
    "/static.css, prefix",
    "/id/42, regex",
    "/id/42/x, any",
  })
  void the_first_route_whose_path_matches_is_taken(String path, String expected) {
    RouteTable table =
        routes(
            route("exact", RouteMatch.of(new PathMatch.Exact("/exact", false))),
            route("segment", RouteMatch.of(new PathMatch.SeparatedPrefix("/seg", false))),
            route("prefix", RouteMatch.of(new PathMatch.Prefix("/static", false))),
            route(
                "regex",
                RouteMatch.of(new PathMatch.SafeRegex(RegexPattern.compile("/id/[0-9]+")))),
            route("any", RouteMatch.of(new PathMatch.Prefix("/", false))));

    assertThat(taken(table, Request.get("x", path))).isEqualTo(expected);
  }

  @Test
  void headers_and_query_parameters_must_match_too() {
    RouteMatch jason =
        new RouteMatch(
            new PathMatch.Prefix("/", false),
            List.of(
                new HeaderMatch(
                    "end-user",
                    new HeaderMatch.Value(new StringMatch.Exact("jason", false)),
                    false,
                    false)),
            List.of(new QueryMatch("v", new StringMatch.Exact("2", false))),
            List.of(),
            false);
    RouteTable table = routes(route("jason", jason));

    assertThat(taken(table, Request.get("x", "/?a=1&v=2").with("end-user", "jason")))
        .isEqualTo("jason");
    assertThat(taken(table, Request.get("x", "/?a=1&v=3").with("end-user", "jason")))
        .isEqualTo("none");
    assertThat(taken(table, Request.get("x", "/?v=2"))).isEqualTo("none");
    assertThat(table.headersRead()).containsExactly("end-user");
  }

  @Test
  void a_missing_header_matches_no_inverted_value_unless_it_counts_as_empty() {
    HeaderMatch.Value canary = new HeaderMatch.Value(new StringMatch.Exact("canary", false));

    assertThat(new HeaderMatch("x", canary, true, false).matches(Request.get("h", "/"))).isFalse();
    assertThat(new HeaderMatch("x", canary, true, true).matches(Request.get("h", "/"))).isTrue();
    assertThat(
            new HeaderMatch("x", new HeaderMatch.Present(true), true, false)
                .matches(Request.get("h", "/")))
        .isTrue();
  }

  @Test
  void weighted_clusters_get_their_shares() {
    ClusterChoice.Weighted choice =
        ClusterChoice.Weighted.of(
            List.of(
                new ClusterChoice.WeightedCluster("a", 80, HeaderEdits.NONE, HeaderEdits.NONE),
                new ClusterChoice.WeightedCluster("never", 0, HeaderEdits.NONE, HeaderEdits.NONE),
                new ClusterChoice.WeightedCluster("b", 20, HeaderEdits.NONE, HeaderEdits.NONE)));
    int a = 0;
    for (int i = 0; i < 100; i++) {
      a += choice.pick(i).cluster().equals("a") ? 1 : 0;
    }

    assertThat(a).isEqualTo(80);
    assertThat(choice.pick(-1)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/x?q=1, /v2/x?q=1, prefix",
    "/v1, /v2, prefix",
    "/a/b?q, /b/a?q, regex",
    "/old?q=1, /new?q=1, full",
  })
  void paths_are_rewritten_and_keep_their_query(String path, String expected, String kind) {
    PathRewrite rewrite =
        switch (kind) {
          case "prefix" -> new PathRewrite.ReplacePrefix(3, "/v2");
          case "regex" ->
              new PathRewrite.Substitute(RegexPattern.compile("/(.*)/(.*)"), "/\\2/\\1");
          default -> new PathRewrite.ReplaceFull("/new");
        };

    assertThat(rewrite.apply(path)).hasToString(expected);
  }

  @Test
  void many_virtual_hosts_are_found_by_name() {
    List<VirtualHost> hosts =
        java.util.stream.IntStream.range(0, 5000)
            .mapToObj(i -> host("h" + i, "svc-" + i + ".ns.svc.cluster.local", "svc-" + i))
            .toList();
    RouteTable table = RouteTable.of("t", true, hosts);

    for (int i = 0; i < 5000; i += 7) {
      Route route = requireNonNull(table.match(Request.get("svc-" + i + ":80", "/")));
      assertThat(route.name()).isEqualTo("h" + i);
    }
    assertThat(table.match(Request.get("svc-5000", "/"))).isNull();
  }
}
