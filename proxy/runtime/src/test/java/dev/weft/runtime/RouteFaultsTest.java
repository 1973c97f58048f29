package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One service's faulty route costs its neighbours nothing. */
class RouteFaultsTest {
  private static final String FAULTY =
      "\"responseHeadersToAdd\": [{\"header\": {\"key\": \"x\", \"value\": \"100%\"}}], ";

  private static Change table(String... hosts) {
    return Xds.route("{\"name\": \"80\", \"virtualHosts\": [" + String.join(",", hosts) + "]}");
  }

  private static String host(String name, String... routes) {
    return "{\"name\": \"%s\", \"domains\": [\"%s\"], \"routes\": [%s]}"
        .formatted(name, name, String.join(",", routes));
  }

  private static String route(String name, String match, String fault) {
    return "{\"name\": \"%s\", \"match\": {%s}, %s\"route\": {\"cluster\": \"%s\"}}"
        .formatted(name, match, fault, name);
  }

  private static String good(String name) {
    return route(name, "\"prefix\": \"/\"", "");
  }

  private static Compiled compile(RuntimeConfig before, Change change) {
    return RuntimeConfigCompiler.compile(before, List.of(change));
  }

  private static RouteTable routes(Compiled compiled) {
    return Objects.requireNonNull(compiled.config().routeTables().get("80"));
  }

  private static List<String> actions(VirtualHost host) {
    return host.routes().stream().map(RouteFaultsTest::action).toList();
  }

  private static String action(Route route) {
    return route.name()
        + (route.action() instanceof RouteAction.DirectResponse d ? " " + d.status() : "");
  }

  @Test
  void the_first_table_comes_without_the_faulty_route_and_with_all_the_others() {
    Compiled compiled =
        compile(
            RuntimeConfig.EMPTY,
            table(
                host("a", route("a1", "\"prefix\": \"/x\"", FAULTY), good("a2")),
                host("b", good("b1"))));

    assertThat(compiled.rejections())
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.partly()).isTrue();
              assertThat(r.field())
                  .isEqualTo("virtual_hosts[0].routes[0].response_headers_to_add[0].header.value");
              assertThat(r.reason()).contains("virtual host a", "'%' has no closing '%'");
            });
    List<VirtualHost> hosts = routes(compiled).virtualHosts();
    assertThat(actions(hosts.get(0))).containsExactly("a1 503", "a2");
    assertThat(actions(hosts.get(1))).containsExactly("b1");
  }

  @Test
  void where_the_conditions_cannot_be_read_nothing_falls_through() {
    Compiled compiled =
        compile(
            RuntimeConfig.EMPTY,
            table(
                host(
                    "a",
                    route("a1", "\"prefix\": \"/x\"", ""),
                    route("a2", "\"safeRegex\": {\"regex\": \"(\"}", ""),
                    good("a3"))));

    VirtualHost host = routes(compiled).virtualHosts().getFirst();
    assertThat(actions(host)).containsExactly("a1", "a2 503", "a3");
    assertThat(host.routes().get(1).match().path())
        .isEqualTo(new dev.weft.routing.PathMatch.Prefix("/", false));
  }

  @Test
  void a_host_that_was_good_stays_as_it_was_while_the_others_move_on() {
    RuntimeConfig before =
        compile(RuntimeConfig.EMPTY, table(host("a", good("a1")), host("b", good("b1")))).config();

    Compiled compiled =
        compile(
            before,
            table(
                host("a", route("a2", "\"prefix\": \"/\"", FAULTY)),
                host("b", good("b2")),
                host("c", good("c1"))));

    assertThat(compiled.rejections()).hasSize(1);
    assertThat(routes(compiled).virtualHosts().stream().flatMap(h -> actions(h).stream()))
        .containsExactly("a1", "b2", "c1");
  }

  @Test
  void a_host_that_never_was_good_takes_the_mended_half() {
    RuntimeConfig before =
        compile(
                RuntimeConfig.EMPTY,
                table(
                    host(
                        "a",
                        route("a1", "\"prefix\": \"/x\"", FAULTY),
                        route("a2", "\"prefix\": \"/\"", FAULTY))))
            .config();

    Compiled compiled =
        compile(before, table(host("a", route("a1", "\"prefix\": \"/x\"", FAULTY), good("a2"))));

    assertThat(actions(routes(compiled).virtualHosts().getFirst())).containsExactly("a1 503", "a2");
  }

  @Test
  void a_host_of_a_domain_that_is_none_is_left_out_alone() {
    Compiled compiled =
        compile(RuntimeConfig.EMPTY, table(host("a*b", good("a1")), host("b", good("b1"))));

    assertThat(compiled.rejections()).hasSize(1);
    assertThat(routes(compiled).virtualHosts()).extracting(VirtualHost::name).containsExactly("b");
  }
}
