package dev.weft.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.console.api.ClusterView;
import dev.weft.console.api.ClusterView.ConditionView;
import dev.weft.console.api.ConfigRow;
import dev.weft.console.api.ObjectRef;
import dev.weft.console.api.ProxyRow;
import dev.weft.console.api.ProxyRow.SyncWord;
import dev.weft.console.api.ProxyRow.TypeState;
import dev.weft.console.api.ServiceDetail;
import dev.weft.console.api.ServiceRow;
import dev.weft.console.api.WorkloadDetail;
import dev.weft.console.api.Worst;
import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.Topology;
import dev.weft.topology.Volume;
import dev.weft.topology.picture.ClusterState;
import dev.weft.types.ServiceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static final Place PAGE = new Place("east", "demo", "productpage");
  private static final Place REVIEWS = new Place("east", "demo", "reviews-v1");

  private final Moment moment = Bookstore.moment();
  private final Flows flows =
      Flows.of(
          Topology.of(
              Duration.ofSeconds(60),
              Map.of(flow(200), new Volume(540, 5_400, 0, 0), flow(503), new Volume(60, 600, 0, 0)),
              moment.snapshot()));

  private static Flow flow(int code) {
    return new Flow(
        Flow.Reporter.SOURCE,
        PAGE,
        REVIEWS,
        "reviews.demo.svc.cluster.local",
        Flow.Protocol.HTTP,
        code,
        "-",
        "",
        true);
  }

  @Test
  void a_service_counts_its_endpoints_by_cluster_and_what_flowed() {
    ServiceRow row = ServiceViews.rows(moment, flows, "demo").getFirst();
    assertThat(row.clusters())
        .containsExactly(
            new ServiceRow.EndpointCount("east", 2, 2), new ServiceRow.EndpointCount("west", 1, 1));
    assertThat(row.rate()).isEqualTo(10);
    assertThat(row.failed()).isEqualTo(1);
    assertThat(row.meanMillis()).isEqualTo(10);
    assertThat(row.mutualTls()).isEqualTo(1);
    assertThat(row.findings()).isPositive();
    assertThat(ServiceViews.rows(moment, flows, "other")).isEmpty();
  }

  @Test
  void a_service_names_its_rules_subsets_and_endpoints() {
    ServiceDetail detail =
        ServiceViews.detail(
            moment,
            moment.snapshot().service(new ServiceId("demo", "reviews")).orElseThrow(),
            flows,
            List.of());
    assertThat(detail.rules())
        .containsExactlyInAnyOrder(
            new ObjectRef("VirtualService", "demo", "reviews", ""),
            new ObjectRef("DestinationRule", "demo", "reviews", ""));
    assertThat(detail.subsets())
        .extracting(ServiceDetail.SubsetView::endpoints)
        .containsExactly(2, 0);
    assertThat(detail.endpoints())
        .extracting(e -> e.cluster() + " " + e.workload() + " " + e.port())
        .containsExactly("east reviews-v1 9080", "east reviews-v1 9080", "west reviews-v2 9080");
    assertThat(detail.findings()).anyMatch(f -> f.message().contains("ack"));
  }

  @Test
  void a_workload_has_its_pods_and_their_proxies() {
    ProxyRow proxy = proxy("reviews-v1-1.demo.east", SyncWord.SYNCED);
    WorkloadDetail detail =
        WorkloadViews.detail(moment, REVIEWS, flows, List.of(proxy), List.of(), List.of())
            .orElseThrow();
    assertThat(detail.workload().pods()).isEqualTo(2);
    assertThat(detail.workload().rateIn()).isEqualTo(10);
    assertThat(detail.pods())
        .extracting(WorkloadDetail.PodRow::proxy)
        .containsExactly(proxy.id(), "");
    assertThat(detail.services()).containsExactly(new ObjectRef("Service", "demo", "reviews", ""));
    assertThat(WorkloadViews.detail(moment, PAGE, flows, List.of(), List.of(), List.of()))
        .isEmpty();
  }

  private static ProxyRow proxy(String id, SyncWord state) {
    return new ProxyRow(
        id,
        "east",
        "demo",
        "reviews-v1",
        "1",
        "",
        "r",
        List.of(new TypeState("CDS", state, "", "", "")));
  }

  @Test
  void a_cluster_has_its_zone_its_registration_and_its_proxies() {
    List<ClusterView> clusters =
        ClusterViews.of(
            moment,
            id -> new ClusterViews.Registration("https://" + id, "secret-" + id, "v1.33"),
            List.of(proxy("a", SyncWord.SYNCED), proxy("b", SyncWord.REJECTED)),
            Map.of("east", List.of(new ConditionView("Ready", "True", "", "", ""))));
    ClusterView east = clusters.getFirst();
    assertThat(clusters).hasSize(2);
    assertThat(east.state()).isEqualTo(ClusterState.SYNCED);
    assertThat(east.network()).isEqualTo("network1");
    assertThat(east.region()).isEqualTo("region1");
    assertThat(east.zones()).containsExactly("zone-a");
    assertThat(east.workloads()).isEqualTo(1);
    assertThat(east.secret()).isEqualTo("secret-east");
    assertThat(east.proxies()).isEqualTo(new ClusterView.ProxyCounts(2, 1));
    assertThat(east.conditions()).hasSize(1);
  }

  @Test
  void configuration_is_listed_with_the_worst_that_is_found() {
    List<ConfigRow> rows =
        ConfigViews.rows(moment, ref -> ref.kind() == ConfigKind.DESTINATION_RULE);
    assertThat(rows).singleElement().matches(r -> r.worst() == Worst.ERROR);
  }

  @Test
  void an_object_of_a_finding_is_read_out_of_its_words() {
    assertThat(FindingViews.object("Service shop/cart (cluster west)"))
        .isEqualTo(new ObjectRef("Service", "shop", "cart", "west"));
    assertThat(FindingViews.object("MemberCluster west"))
        .isEqualTo(new ObjectRef("MemberCluster", "", "west", ""));
    assertThat(FindingViews.object("alone")).isEqualTo(new ObjectRef("", "", "alone", ""));
  }
}
