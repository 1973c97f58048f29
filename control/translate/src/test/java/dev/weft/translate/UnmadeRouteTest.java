package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.config.Retries;
import dev.weft.config.VirtualService.HeaderChanges;
import dev.weft.config.VirtualService.HeaderOperations;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.translate.RouteTableInputs.Destination;
import dev.weft.translate.RouteTableInputs.Fallback;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.RouteTableInputs.Rule;
import dev.weft.xds.ClusterName;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What gets past those who look when an object is applied takes no other route with it. */
class UnmadeRouteTest {
  private static final HeaderOperations NONE = HeaderOperations.NONE;

  /**
   * @param reason words of the answer
   */
  private record Case(String name, HttpRoute route, String reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("an operator that is none", route(set("x", "100%"), null), "'%'"),
        new Case("a line end", route(set("x", "a\r\nb"), null), "no header"),
        new Case("a name that is none", route(set("x y", "a"), null), "no header"),
        new Case(
            "a status beyond numbers",
            route(NONE, new Retries(2, null, "99999999999", false, null, null)),
            "99999999999"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_route_that_no_proxy_takes_answers_500_with_a_reason_and_its_neighbours_live(Case c)
      throws InvalidProtocolBufferException {
    RouteConfiguration table =
        RouteConfiguration.parseFrom(
            RouteTableTranslator.translate(
                    new RouteTableInputs(
                        "80",
                        List.of(
                            new Host(
                                "web:80",
                                List.of("web"),
                                List.of(rule(c.route()), rule(fine())),
                                false)),
                        new Fallback.Outbound(
                            new Elsewhere.Forwarded(ClusterName.Special.PASSTHROUGH)),
                        false))
                .encode(RouteTableTranslator::field)
                .bytes());

    List<Route> routes = table.getVirtualHosts(0).getRoutesList();
    assertThat(routes.getFirst().getDirectResponse().getStatus()).isEqualTo(500);
    assertThat(routes.getFirst().getDirectResponse().getBody().getInlineString())
        .contains("/virtual-service/web")
        .contains(c.reason());
    assertThat(routes.get(1).getRoute().getCluster()).isEqualTo("outbound|80||web");
    assertThat(table.getVirtualHosts(1).getName()).isEqualTo("allow_any");
  }

  private static HttpRoute fine() {
    return route(NONE, null);
  }

  private static HeaderOperations set(String name, String value) {
    return new HeaderOperations(
        HeaderChanges.NONE, new HeaderChanges(Map.of(name, value), Map.of(), List.of()));
  }

  private static HttpRoute route(HeaderOperations headers, @Nullable Retries retries) {
    return new HttpRoute(
        "",
        List.of(),
        new HttpAction.Forward(List.of()),
        null,
        null,
        retries,
        null,
        List.of(),
        null,
        headers);
  }

  private static Rule rule(HttpRoute route) {
    return new Rule.Written(
        "",
        null,
        route,
        Objects.requireNonNullElse(route.retries(), Retries.USUAL),
        List.of(new Destination("outbound|80||web", 1, NONE, null)),
        List.of(),
        "web:80/*",
        "/apis/networking.istio.io/v1alpha3/namespaces/shop/virtual-service/web");
  }
}
