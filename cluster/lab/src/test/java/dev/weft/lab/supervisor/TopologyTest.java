package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TopologyTest {
  private record Case(String yaml, boolean isolated, String why) {}

  @Test
  void what_is_left_out_is_as_in_an_ordinary_lab() {
    List<ClusterPlan> plans =
        Topology.parse(
            """
            clusters:
            - {name: east, region: eu, zone: eu-a, network: shared}
            - {podRange: 10.9.0.0/16, loadBalancers: [172.18.9.1-172.18.9.9]}
            """,
            true);

    assertThat(plans)
        .containsExactly(
            new ClusterPlan(
                "east",
                "shared",
                "10.244.0.0/16",
                "10.96.0.0/16",
                "172.18.0.2",
                List.of("172.18.1.230-172.18.1.240"),
                "eu",
                "eu-a"),
            new ClusterPlan(
                "cluster2",
                "network2",
                "10.9.0.0/16",
                "10.96.0.0/16",
                "172.18.0.3",
                List.of("172.18.9.1-172.18.9.9"),
                "region2",
                "zone2"));
  }

  @Test
  void what_cannot_be_names_the_cluster_and_the_field() {
    for (Case each :
        List.of(
            new Case("clusters: []", true, "list 1 to 20 clusters"),
            new Case("clusters: [{pods: 3}]", true, "clusters[0].pods: a cluster has"),
            new Case("clusters: [{name: East}]", true, "clusters[0].name: \"East\""),
            new Case("clusters: [{podRange: 10.1}]", true, "clusters[0].podRange"),
            new Case("clusters: [{podRange: 172.18.4.0/24}]", true, "overlaps the wan"),
            new Case("clusters: [{podRange: 10.96.0.0/12}]", true, "overlap"),
            new Case("clusters: [{wanAddress: 10.0.0.1}]", true, "none of the wan"),
            new Case("clusters: [{}, {name: cluster1}]", true, "two clusters have \"cluster1\""),
            new Case("clusters: [{}, {podRange: 10.244.8.0/24}]", false, "--network isolated"))) {
      assertThatThrownBy(() -> Topology.parse(each.yaml(), each.isolated()))
          .as(each.yaml())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(each.why());
    }
  }

  @Test
  void a_lab_keeps_the_clusters_that_it_was_made_with() {
    LabPlan made = plan("clusters: [{}, {region: eu}]");

    assertThat(PlanChange.refused(made, plan("clusters: [{}, {region: us}]")).orElseThrow())
        .contains("another cluster cluster2", "weft lab reset");
    assertThat(PlanChange.refused(made, plan("clusters: [{}, {region: eu}, {}]"))).isEmpty();
  }

  private static LabPlan plan(String topology) {
    return new LabOptions(
            0,
            true,
            Model.HOSTED,
            "all",
            Topology.parse(topology, true),
            List.of("weft"),
            "/lib",
            List.of())
        .plan("lab");
  }
}
