package dev.weft.topology.picture;

import static dev.weft.topology.Sketch.host;
import static dev.weft.topology.Sketch.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Edge;
import dev.weft.topology.Flow;
import dev.weft.topology.Flow.Protocol;
import dev.weft.topology.Flow.Reporter;
import dev.weft.topology.Flows;
import dev.weft.topology.Place;
import dev.weft.topology.Sketch;
import dev.weft.topology.Volume;
import dev.weft.topology.history.History;
import dev.weft.topology.layout.Layouts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrawingTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
  private static final Place PAGE = place("c1", "page-c1");
  private static final Place HERE = place("c1", "reviews-c1");
  private static final Place THERE = place("c2", "reviews-c2");

  private final Layouts layouts = new Layouts(4);

  @Test
  void an_edge_has_what_both_ends_counted_and_the_sources_word_counts() {
    Flows flows =
        new Flows().http(PAGE, HERE, "reviews", 540).failing(PAGE, HERE, "reviews", 503, "UF", 60);

    PictureEdge edge = edge(draw(bookinfo(), flows), PAGE, HERE);

    assertThat(edge.rate()).isEqualTo(10.0);
    assertThat(edge.failed()).isEqualTo(1.0);
    assertThat(edge.clientRate()).isEqualTo(10.0);
    assertThat(edge.serverRate()).isEqualTo(9.0);
    assertThat(edge.mutualTls()).isEqualTo(1.0);
    assertThat(edge.status()).isEqualTo(Status.FAILURE);
    assertThat(edge.codes())
        .containsExactly(new CodeRate(200, "-", 9.0), new CodeRate(503, "UF", 1.0));
  }

  @Test
  void shares_are_of_what_a_caller_sends_to_a_service() {
    Picture picture =
        draw(
            bookinfo(),
            new Flows().http(PAGE, HERE, "reviews", 75).http(PAGE, THERE, "reviews", 25));

    assertThat(picture.edges())
        .extracting(PictureEdge::target, PictureEdge::share, PictureEdge::path)
        .containsExactly(
            tuple("c1/demo/reviews-c1", 0.75, Edge.Path.LOCAL),
            tuple("c2/demo/reviews-c2", 0.25, Edge.Path.GATEWAY));
    assertThat(picture.edges().getLast().gateway()).isEqualTo("203.0.113.7:15443");
    assertThat(picture.clusters())
        .extracting(ClusterBox::id, ClusterBox::rateIn, ClusterBox::rateOut)
        .containsExactly(tuple("c1", 0.0, 25 / 60.0), tuple("c2", 25 / 60.0, 0.0));
  }

  @Test
  void a_call_that_nobody_took_goes_to_the_service_and_not_to_a_guess() {
    Picture picture =
        draw(bookinfo(), new Flows().failing(PAGE, Place.UNKNOWN, "reviews", 503, "UH", 30));

    assertThat(picture.edges())
        .extracting(PictureEdge::target, PictureEdge::path, PictureEdge::status)
        .containsExactly(tuple("svc:/demo/reviews", Edge.Path.UNKNOWN, Status.FAILURE));
    assertThat(node(picture, "svc:/demo/reviews").cluster()).isEmpty();
  }

  @Test
  void a_service_of_one_cluster_is_there_also_when_nobody_took_the_call() {
    MeshSnapshot mesh =
        new Sketch()
            .cluster("c1", "n1")
            .cluster("c2", "n2", "203.0.113.7:15443")
            .pod("c1", "page-c1", "page")
            .pod("c2", "reviews-c2", "reviews")
            .snapshot("page", "reviews");

    Picture picture = draw(mesh, new Flows().failing(PAGE, Place.UNKNOWN, "reviews", 0, "UF", 30));

    assertThat(picture.edges())
        .extracting(PictureEdge::target, PictureEdge::path, PictureEdge::noResponse)
        .containsExactly(tuple("svc:c2/demo/reviews", Edge.Path.GATEWAY, 0.5));
  }

  @Test
  void what_cross_cluster_proxies_count_themselves_is_part_of_the_edge() {
    Place proxy = place("c2", "istio-asm-cross-network-c2");
    Flows flows =
        new Flows()
            .http(PAGE, THERE, "reviews", 60)
            .add(tcp(Reporter.SOURCE, proxy, THERE), new Volume(3, 0, 500, 500))
            .add(tcp(Reporter.DESTINATION, PAGE, proxy), new Volume(3, 0, 500, 500));

    Picture picture = draw(bookinfo(), flows);

    assertThat(picture.edges())
        .extracting(PictureEdge::source, PictureEdge::target)
        .containsExactly(tuple("c1/demo/page-c1", "c2/demo/reviews-c2"));
    assertThat(picture.nodes()).extracting(PictureNode::id).doesNotContain("c2/demo/" + proxy);
    GatewayChip chip = picture.clusters().getLast().gateways().getFirst();
    assertThat(chip.pods()).isEqualTo(1);
    assertThat(picture.edges().getFirst().points()).contains(chip.at());
  }

  @Test
  void who_calls_without_a_name_is_outside_and_who_has_a_certificate_is_not() {
    Flows flows =
        new Flows()
            .http(PAGE, HERE, "reviews", 60)
            .add(http(Place.UNKNOWN, PAGE, "page", false), new Volume(30, 0, 0, 0))
            .add(http(Place.UNKNOWN, HERE, "reviews", true), new Volume(60, 0, 0, 0));

    assertThat(draw(bookinfo(), flows).edges())
        .extracting(PictureEdge::source, PictureEdge::target)
        .containsExactly(
            tuple("outside", "c1/demo/page-c1"), tuple("c1/demo/page-c1", "c1/demo/reviews-c1"));
  }

  @Test
  void a_cluster_that_only_traffic_names_is_a_box_of_its_own() {
    Place strange = place("c9", "reviews");

    Picture picture = draw(bookinfo(), new Flows().http(PAGE, strange, "reviews", 60));

    assertThat(picture.clusters())
        .extracting(ClusterBox::id, ClusterBox::state)
        .containsExactly(
            tuple("c1", ClusterState.SYNCED),
            tuple("c2", ClusterState.SYNCED),
            tuple("c9", ClusterState.UNREGISTERED));
    assertThat(node(picture, "c9/demo/reviews").ghost()).isFalse();
    assertThat(edge(picture, PAGE, strange).path()).isEqualTo(Edge.Path.UNKNOWN);
  }

  @Test
  void registered_clusters_are_drawn_also_without_anything_in_them() {
    MeshSnapshot mesh =
        new Sketch()
            .cluster("c1", "n1", SyncState.LOST)
            .cluster("c2", "n2", "203.0.113.7:15443")
            .snapshot();

    Picture picture = draw(mesh, new Flows());

    assertThat(picture.clusters())
        .extracting(ClusterBox::id, ClusterBox::network, ClusterBox::state)
        .containsExactly(
            tuple("c1", "n1", ClusterState.LOST), tuple("c2", "n2", ClusterState.SYNCED));
    assertThat(picture.nodes()).isEmpty();
    assertThat(picture.width()).isPositive();
  }

  @Test
  void host_names_are_stops_on_the_way_where_wanted() {
    View view = new View(Level.WORKLOAD, Set.of(), Set.of(), true, true, false, MINUTE);
    Picture picture =
        draw(
            bookinfo(),
            new Flows().http(PAGE, HERE, "reviews", 45).http(PAGE, THERE, "reviews", 15),
            view);

    assertThat(picture.edges())
        .extracting(PictureEdge::source, PictureEdge::target, PictureEdge::share, PictureEdge::path)
        .containsExactly(
            tuple("c1/demo/page-c1", "svc:c1/demo/reviews", 0.75, Edge.Path.LOCAL),
            tuple("c1/demo/page-c1", "svc:c2/demo/reviews", 0.25, Edge.Path.GATEWAY),
            tuple("svc:c1/demo/reviews", "c1/demo/reviews-c1", 1.0, Edge.Path.LOCAL),
            tuple("svc:c2/demo/reviews", "c2/demo/reviews-c2", 1.0, Edge.Path.LOCAL));
  }

  @Test
  void a_coarse_level_adds_up_and_leaves_out_what_stays_inside() {
    View view = new View(Level.CLUSTER, Set.of(), Set.of(), false, true, true, MINUTE);
    Picture picture =
        draw(
            bookinfo(),
            new Flows()
                .http(PAGE, HERE, "reviews", 60)
                .http(PAGE, THERE, "reviews", 30)
                .http(PAGE, place("c2", "page-c2"), "page", 30),
            view);

    assertThat(picture.level()).isEqualTo(Level.CLUSTER);
    assertThat(picture.nodes())
        .extracting(PictureNode::id, PictureNode::kind, PictureNode::pods)
        .containsExactly(tuple("c1", NodeKind.CLUSTER, 2), tuple("c2", NodeKind.CLUSTER, 2));
    assertThat(picture.edges())
        .extracting(PictureEdge::source, PictureEdge::target, PictureEdge::rate)
        .containsExactly(tuple("c1", "c2", 1.0));
  }

  @Test
  void too_many_cards_become_fewer_and_the_picture_says_so() {
    Sketch sketch = new Sketch().cluster("c1", "n1");
    for (int i = 0; i <= Contents.MAX_NODES; i++) {
      sketch.pod("c1", "w" + i, "w" + i);
    }

    Picture picture = draw(sketch.snapshot(), new Flows());

    assertThat(picture.level()).isEqualTo(Level.NAMESPACE);
    assertThat(picture.reduced()).isEqualTo(Picture.TOO_MANY_NODES);
    assertThat(picture.nodes()).extracting(PictureNode::id).containsExactly("c1/demo");
  }

  @Test
  void a_namespace_is_seen_with_what_it_speaks_with_and_idle_ones_only_where_wanted() {
    View other = new View(Level.WORKLOAD, Set.of(), Set.of("other"), false, true, true, MINUTE);
    View busy = new View(Level.WORKLOAD, Set.of(), Set.of(), false, true, false, MINUTE);
    Flows flows = new Flows().http(PAGE, HERE, "reviews", 60);

    assertThat(draw(bookinfo(), flows, other).nodes()).isEmpty();
    assertThat(draw(bookinfo(), flows, busy).nodes())
        .extracting(PictureNode::id)
        .containsExactly("c1/demo/page-c1", "c1/demo/reviews-c1");
    assertThat(draw(bookinfo(), flows).nodes())
        .extracting(PictureNode::id, PictureNode::status)
        .containsExactly(
            tuple("c1/demo/page-c1", Status.OK),
            tuple("c1/demo/reviews-c1", Status.OK),
            tuple("c2/demo/page-c2", Status.IDLE),
            tuple("c2/demo/reviews-c2", Status.IDLE));
  }

  @Test
  void nobody_is_gone_from_a_cluster_that_was_not_read_yet() {
    for (SyncState state : SyncState.values()) {
      MeshSnapshot mesh = new Sketch().cluster("c1", "n1", state).snapshot();
      Picture picture = draw(mesh, new Flows().http(PAGE, HERE, "reviews", 60));

      assertThat(picture.nodes())
          .extracting(PictureNode::ghost)
          .containsOnly(state != SyncState.SYNCING && state != SyncState.REJECTED);
    }
  }

  @Test
  void hosts_of_no_cluster_are_one_card_where_there_would_be_too_many() {
    Flows flows = new Flows();
    for (int i = 0; i <= Contents.MAX_NODES; i++) {
      flows.failing(PAGE, Place.UNKNOWN, "host-" + i, 503, "UH", 60);
    }

    Picture picture = draw(bookinfo(), flows);

    assertThat(picture.level()).isEqualTo(Level.NAMESPACE);
    assertThat(picture.nodes())
        .extracting(PictureNode::id)
        .containsExactly("svc://", "c1/demo", "c2/demo");
    assertThat(picture.sentences()).hasSize(50);
  }

  @Test
  void what_users_wrote_marks_what_it_is_about() {
    MeshSnapshot mesh =
        new Sketch()
            .cluster("c1", "n1")
            .pod("c1", "reviews-c1", "reviews")
            .routed("reviews")
            .snapshot("reviews");

    assertThat(node(draw(mesh, new Flows()), "c1/demo/reviews-c1").marks())
        .containsExactly(Mark.ROUTING);
  }

  static MeshSnapshot bookinfo() {
    return new Sketch()
        .cluster("c1", "n1")
        .cluster("c2", "n2", "203.0.113.7:15443")
        .pod("c1", "page-c1", "page")
        .pod("c1", "reviews-c1", "reviews")
        .pod("c2", "page-c2", "page")
        .pod("c2", "reviews-c2", "reviews")
        .snapshot("page", "reviews");
  }

  private static Flow tcp(Reporter reporter, Place source, Place destination) {
    return new Flow(reporter, source, destination, host("reviews"), Protocol.TCP, 0, "-", "", true);
  }

  private static Flow http(Place source, Place destination, String service, boolean mutualTls) {
    return new Flow(
        Reporter.DESTINATION,
        source,
        destination,
        host(service),
        Protocol.HTTP,
        200,
        "-",
        "",
        mutualTls);
  }

  private Picture draw(MeshSnapshot mesh, Flows flows) {
    return draw(mesh, flows, View.all(MINUTE));
  }

  private Picture draw(MeshSnapshot mesh, Flows flows, View view) {
    return Drawing.of(
        new PictureInput(NOW, mesh, List.of(), flows.traffic(), History.EMPTY), view, layouts);
  }

  private static PictureEdge edge(Picture picture, Place source, Place destination) {
    return picture.edges().stream()
        .filter(e -> e.source().endsWith("/" + source.workload()))
        .filter(e -> e.target().endsWith("/" + destination.workload()))
        .findFirst()
        .orElseThrow();
  }

  private static PictureNode node(Picture picture, String id) {
    return picture.nodes().stream().filter(n -> n.id().equals(id)).findFirst().orElseThrow();
  }
}
