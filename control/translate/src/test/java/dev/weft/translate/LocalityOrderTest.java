package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.LocalityLoadBalancing.Distribute;
import dev.weft.config.LocalityLoadBalancing.Failover;
import dev.weft.translate.LoadAssignmentInputs.LbEndpoint;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Priorities by locality, by {@code failover}, {@code failoverPriority} and {@code distribute}.
 * Istio: pilot/pkg/networking/core/loadbalancer/loadbalancer.go.
 */
class LocalityOrderTest {
  private static final Locality HOME = Locality.parse("r1/z1/s1");

  private static LbEndpoint at(String locality, Map<String, String> labels) {
    return new LbEndpoint(
        new HostPort("10.0.0.1", 80), Locality.parse(locality), 1, true, "", true, labels, "");
  }

  private static LbEndpoint at(String locality) {
    return at(locality, Map.of());
  }

  /** {@code locality=priority*weight} for each group. */
  private static List<String> order(
      LocalityPreference preference, Map<String, String> client, LbEndpoint... endpoints) {
    return LocalityOrder.groups(
            new LoadAssignmentInputs("c", List.of(endpoints), preference, HOME, client))
        .stream()
        .map(g -> g.locality() + "=" + g.priority() + "*" + g.weight())
        .toList();
  }

  @Test
  void localities_are_alike_without_outlier_detection() {
    assertThat(order(new LocalityPreference.Ignored(), Map.of(), at("r2/z1"), at("r1/z1")))
        .containsExactly("r1/z1=0*1", "r2/z1=0*1");
  }

  @Test
  void nearer_localities_come_first_without_gaps() {
    assertThat(
            order(
                new LocalityPreference.Nearest(List.of(), List.of()),
                Map.of(),
                at("r2/z1"),
                at("r1/z2"),
                at("r1/z1/s1")))
        .containsExactly("r1/z1/s1=0*1", "r1/z2=1*1", "r2/z1=2*1");
  }

  @Test
  void failover_region_comes_before_other_regions() {
    assertThat(
            order(
                new LocalityPreference.Nearest(List.of(new Failover("r1", "r3")), List.of()),
                Map.of(),
                at("r2/z1"),
                at("r3/z1"),
                at("r1/z1/s1")))
        .containsExactly("r1/z1/s1=0*1", "r3/z1=1*1", "r2/z1=2*1");
  }

  @Test
  void labels_order_and_split_a_locality() {
    assertThat(
            order(
                new LocalityPreference.Nearest(List.of(), List.of("tier", "app=x")),
                Map.of("tier", "gold"),
                at("r1/z1", Map.of("tier", "silver")),
                at("r1/z1", Map.of("tier", "gold", "app", "x")),
                at("r1/z1", Map.of("tier", "gold"))))
        .containsExactly("r1/z1=0*1", "r1/z1=1*1", "r1/z1=2*1");
  }

  @Test
  void shares_go_to_matching_localities_and_the_rest_gets_nothing() {
    assertThat(
            order(
                new LocalityPreference.Shares(
                    List.of(new Distribute("r1/*", Map.of("r1/*", 80, "r2/z1", 20)))),
                Map.of(),
                at("r1/z1"),
                at("r1/z2"),
                at("r2/z1"),
                at("r3/z1")))
        .containsExactly("r1/z1=0*40", "r1/z2=0*40", "r2/z1=0*20");
  }

  @Test
  void shares_of_another_place_do_not_count() {
    assertThat(
            order(
                new LocalityPreference.Shares(List.of(new Distribute("r9/*", Map.of("r9/*", 100)))),
                Map.of(),
                at("r1/z1")))
        .containsExactly("r1/z1=0*1");
  }
}
