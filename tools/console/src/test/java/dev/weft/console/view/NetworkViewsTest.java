package dev.weft.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.console.api.NetworkPreview;
import dev.weft.console.api.NetworkPreview.NetworkPath;
import dev.weft.console.api.NetworkPreview.Way;
import dev.weft.console.api.NetworkWish;
import dev.weft.topology.Sentence;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkViewsTest {
  private final Moment moment = Bookstore.moment();

  private static Way way(NetworkPreview preview, String from, String to) {
    return preview.paths().stream()
        .filter(p -> p.from().equals(from) && p.to().equals(to))
        .map(NetworkPath::way)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void one_gateway_makes_a_way_in_one_direction_and_that_is_allowed() {
    NetworkPreview preview =
        NetworkViews.preview(moment, List.of(new NetworkWish("west", "network2", true)));
    assertThat(way(preview, "east", "east")).isEqualTo(Way.LOCAL);
    assertThat(way(preview, "east", "west")).isEqualTo(Way.GATEWAY);
    assertThat(way(preview, "west", "east")).isEqualTo(Way.NONE);
    assertThat(preview.consequences())
        .extracting(Sentence::code)
        .containsExactly("no-path", "gateway-created", "endpoints-rewritten", "no-restarts");
    assertThat(preview.yaml())
        .contains("kind: MemberCluster", "name: west", "network: network2", "enabled: true")
        .doesNotContain("name: east");
  }

  @Test
  void the_same_network_is_a_direct_way_and_rewrites_endpoints() {
    NetworkPreview preview =
        NetworkViews.preview(moment, List.of(new NetworkWish("west", "network1", false)));
    assertThat(way(preview, "west", "east")).isEqualTo(Way.DIRECT);
    assertThat(preview.consequences())
        .filteredOn(s -> s.code().equals("endpoints-rewritten"))
        .singleElement()
        .matches(s -> "1".equals(s.args().get("count")));
  }

  @Test
  void what_a_wish_does_not_name_stays_as_it_is() {
    Moment serving =
        Bookstore.moment(
            Bookstore.RULES.replace(
                "spec: {network: network2}",
                "spec: {network: network2, serverlessGateways: true,"
                    + " crossClusterProxy: {enabled: true, address: '203.0.113.7:15443'}}"));
    NetworkPreview preview =
        NetworkViews.preview(serving, List.of(new NetworkWish("west", "network3", true)));
    assertThat(preview.yaml()).contains("serverlessGateways: true", "203.0.113.7:15443");
    assertThat(preview.consequences())
        .extracting(Sentence::code)
        .doesNotContain("gateway-created", "gateway-removed");
  }

  @Test
  void wishes_that_cannot_be_had_are_refused_by_name() {
    assertThat(
            NetworkViews.objection(
                moment.snapshot(), List.of(new NetworkWish("north", "a", false))))
        .hasValueSatisfying(text -> assertThat(text).contains("north", "east"));
    assertThat(
            NetworkViews.objection(
                moment.snapshot(), List.of(new NetworkWish("west", "Net Work", false))))
        .hasValueSatisfying(text -> assertThat(text).contains("Net Work"));
    assertThat(
            NetworkViews.objection(
                moment.snapshot(),
                List.of(new NetworkWish("west", "a", false), new NetworkWish("west", "b", false))))
        .hasValueSatisfying(text -> assertThat(text).contains("twice"));
  }
}
