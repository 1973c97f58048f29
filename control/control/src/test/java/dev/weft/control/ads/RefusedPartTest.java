package dev.weft.control.ads;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.config.Diagnostic;
import dev.weft.xds.Refusal;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of a proxy's words. */
class RefusedPartTest {
  private static Metadata madeOf(String object) {
    return Metadata.newBuilder()
        .putFilterMetadata(
            "istio",
            Struct.newBuilder()
                .putFields("config", Value.newBuilder().setStringValue(object).build())
                .build())
        .build();
  }

  private static final VersionedResource TABLE =
      VersionedResource.of(
          "80",
          RouteConfiguration.newBuilder()
              .setName("80")
              .addVirtualHosts(
                  VirtualHost.newBuilder()
                      .setName("cart.shop.svc.cluster.local:80")
                      .addRoutes(Route.newBuilder().setName("default"))
                      .addRoutes(
                          Route.newBuilder()
                              .setMetadata(
                                  madeOf(
                                      "/apis/networking.istio.io/v1alpha3/namespaces/shop"
                                          + "/virtual-service/cart"))))
              .build());

  /** {@code object field reason} of each. */
  private static List<String> parts(String message) {
    return RefusedPart.of(XdsType.ROUTE, new Refusal(TABLE, message)).stream()
        .map(
            part ->
                part.object().map(Object::toString).orElse("-")
                    + " | "
                    + part.field()
                    + " | "
                    + part.reason())
        .toList();
  }

  @Test
  void the_innermost_object_on_the_way_is_meant() {
    assertThat(parts("virtual_hosts[0].routes[1].match.safe_regex: no group (ab"))
        .containsExactly(
            "VirtualService shop/cart | virtual_hosts[0].routes[1].match.safe_regex"
                + " | no group (ab");
    assertThat(parts("virtual_hosts[0].routes[0].match: no"))
        .containsExactly("- | virtual_hosts[0].routes[0].match | no");
    assertThat(parts("virtual_hosts[7].routes[1]: no"))
        .containsExactly("- | virtual_hosts[7].routes[1] | no");
  }

  @Test
  void several_parts_are_told_apart_and_semicolons_in_reasons_are_not() {
    assertThat(parts("virtual_hosts[0].name: one; two; virtual_hosts[0].routes[1].x: three: four"))
        .containsExactly(
            "- | virtual_hosts[0].name | one; two",
            "VirtualService shop/cart | virtual_hosts[0].routes[1].x | three: four");
  }

  @Test
  void words_of_other_proxies_are_a_reason_without_a_field() {
    assertThat(parts("Error adding/updating listener(s) 0.0.0.0_80: cannot bind"))
        .containsExactly("- |  | Error adding/updating listener(s) 0.0.0.0_80: cannot bind");
  }

  @Test
  void what_many_proxies_refuse_is_told_once_and_until_the_last_one_takes_it() {
    List<List<Diagnostic>> told = new ArrayList<>();
    RefusalBoard board = new RefusalBoard(told::add);
    List<RefusedPart> refused =
        RefusedPart.of(XdsType.ROUTE, new Refusal(TABLE, "virtual_hosts[0].routes[1].match: no"));
    for (int proxy = 0; proxy < 1000; proxy++) {
      board.change(List.of(), refused);
    }
    assertThat(told)
        .singleElement()
        .satisfies(
            findings ->
                assertThat(findings)
                    .singleElement()
                    .satisfies(
                        finding -> {
                          assertThat(finding.object()).isEqualTo("VirtualService shop/cart");
                          assertThat(finding.code()).isEqualTo("refused-by-proxy");
                          assertThat(finding.message()).contains("route table 80", "match", "no");
                        }));
    for (int proxy = 1; proxy < 1000; proxy++) {
      board.change(refused, List.of());
    }
    assertThat(told).hasSize(1);
    board.change(refused, refused);
    assertThat(told).hasSize(1);
    board.change(refused, List.of());
    assertThat(told.getLast()).isEmpty();
  }
}
