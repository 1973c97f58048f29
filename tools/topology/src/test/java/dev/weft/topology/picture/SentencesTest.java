package dev.weft.topology.picture;

import static dev.weft.topology.Sketch.host;
import static dev.weft.topology.Sketch.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Flows;
import dev.weft.topology.Place;
import dev.weft.topology.Sentence;
import dev.weft.topology.Severity;
import dev.weft.topology.Sketch;
import dev.weft.topology.SourceState;
import dev.weft.topology.Traffic;
import dev.weft.topology.history.History;
import dev.weft.topology.history.Observation;
import dev.weft.topology.layout.Layouts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentencesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant BEFORE = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant MOVED = BEFORE.plusSeconds(5);
  private static final Instant NOW = MOVED.plusSeconds(60);
  private static final Place PAGE = place("c1", "page-c1");
  private static final Place HERE = place("c1", "reviews-c1");
  private static final Place THERE = place("c2", "reviews-c2");

  @Test
  void a_service_dies_in_one_cluster_and_its_callers_go_to_the_other() {
    Traffic local = new Flows().http(PAGE, HERE, "reviews", 60).traffic();
    Traffic remote = new Flows().http(PAGE, THERE, "reviews", 60).traffic();
    MeshSnapshot after = mesh(false);
    History history =
        History.EMPTY
            .with(new Observation(BEFORE, mesh(true), local, Set.of(), List.of()))
            .with(new Observation(MOVED, after, remote, Set.of(), List.of()));

    Picture picture = draw(after, remote, history);

    Sentence sentence = picture.sentences().getFirst();
    assertThat(sentence.code()).isEqualTo("all-left");
    assertThat(sentence.severity()).isEqualTo(Severity.WARNING);
    assertThat(sentence.args())
        .contains(
            entry("caller", "page-c1"),
            entry("cluster", "c1"),
            entry("share", "1.0"),
            entry("to", "c2"),
            entry("since", MOVED.toString()),
            entry("ready", "0"));
    assertThat(sentence.nodes())
        .containsExactly("c1/demo/page-c1", "c1/demo/reviews-c1", "c2/demo/reviews-c2");
    assertThat(picture.nodes())
        .filteredOn(PictureNode::ghost)
        .extracting(PictureNode::id, PictureNode::app, PictureNode::status)
        .containsExactly(tuple("c1/demo/reviews-c1", "reviews", Status.NOT_READY));
    assertThat(picture.edges())
        .extracting(PictureEdge::target, PictureEdge::ghost, PictureEdge::rate)
        .containsExactly(
            tuple("c1/demo/reviews-c1", true, 0.0), tuple("c2/demo/reviews-c2", false, 1.0));
  }

  @Test
  void the_picture_before_is_as_it_was() {
    Traffic local = new Flows().http(PAGE, HERE, "reviews", 60).traffic();
    Traffic remote = new Flows().http(PAGE, THERE, "reviews", 60).traffic();
    History history =
        History.EMPTY
            .with(new Observation(BEFORE, mesh(true), local, Set.of(), List.of()))
            .with(new Observation(MOVED, mesh(false), remote, Set.of(), List.of()));

    Picture before =
        Drawing.of(
            new PictureInput(BEFORE, mesh(false), List.of(), local, history),
            View.all(MINUTE),
            new Layouts(1));
    Picture after = draw(mesh(false), remote, history);

    assertThat(before.nodes()).noneMatch(PictureNode::ghost);
    assertThat(before.sentences()).isEmpty();
    // Nobody moves because somebody else went away.
    assertThat(after.nodes())
        .extracting(PictureNode::id, PictureNode::bounds)
        .isEqualTo(before.nodes().stream().map(n -> tuple(n.id(), n.bounds())).toList());
  }

  @Test
  void a_part_that_leaves_while_there_are_endpoints_at_home_is_somebodys_wish() {
    Traffic split =
        new Flows().http(PAGE, HERE, "reviews", 80).http(PAGE, THERE, "reviews", 20).traffic();

    assertThat(draw(mesh(true), split, History.EMPTY).sentences())
        .extracting(Sentence::code, Sentence::severity, s -> s.args().get("share"))
        .containsExactly(tuple("part-left", Severity.INFO, "0.2"));
  }

  @Test
  void a_subset_that_selects_nothing_is_named_with_the_labels_that_there_are() {
    MeshSnapshot mesh =
        new Sketch()
            .cluster("c1", "n1")
            .pod("c1", "page-c1", "page")
            .pod("c1", "reviews-c1", "reviews", Map.of("cluster", "cluster1"))
            .pod("c1", "reviews-c2", "reviews", Map.of("cluster", "cluster2"))
            .subset("reviews", "ack", "cluster", "ack")
            .snapshot("reviews");
    Traffic failing = new Flows().failing(PAGE, Place.UNKNOWN, "reviews", 503, "UH", 60).traffic();

    List<Sentence> sentences = draw(mesh, failing, History.EMPTY).sentences();

    assertThat(sentences).extracting(Sentence::code).containsExactly("failing", "empty-subset");
    assertThat(sentences.getFirst().args())
        .contains(
            entry("share", "1.0"),
            entry("flags", "UH"),
            entry("reason", "no-healthy-upstream"),
            entry("code", "503"));
    assertThat(sentences.getLast().args())
        .isEqualTo(
            Map.of(
                "rule", "DestinationRule demo/reviews",
                "subset", "ack",
                "labels", "cluster=ack",
                "found", "cluster=cluster1|cluster2",
                "service", host("reviews"),
                "endpoints", "2"));
  }

  @Test
  void a_called_service_that_nobody_stands_behind() {
    MeshSnapshot mesh =
        new Sketch().cluster("c1", "n1").pod("c1", "page-c1", "page").snapshot("reviews");
    Traffic failing = new Flows().failing(PAGE, Place.UNKNOWN, "reviews", 503, "UH", 60).traffic();

    assertThat(draw(mesh, failing, History.EMPTY).sentences())
        .extracting(Sentence::code, s -> s.args().get("service"), Sentence::nodes)
        .contains(
            tuple(
                "no-endpoints", host("reviews"), List.of("c1/demo/page-c1", "svc:/demo/reviews")));
  }

  @Test
  void clusters_and_sources_that_are_not_well() {
    MeshSnapshot mesh =
        new Sketch()
            .cluster("c1", "n1", SyncState.LOST)
            .pod("c1", "page-c1", "page")
            .snapshot("reviews");
    Traffic some = new Flows().http(PAGE, place("c9", "reviews"), "reviews", 60).traffic();
    Traffic partial =
        new Traffic(
            some.flows(),
            Map.of(),
            new SourceState(
                SourceState.Kind.PROMETHEUS,
                SourceState.Health.PARTIAL,
                "c2 does not answer",
                Optional.empty()));

    assertThat(draw(mesh, partial, History.EMPTY).sentences())
        .extracting(Sentence::code)
        .contains("source-failed", "cluster-state", "unregistered-cluster");
    assertThat(draw(mesh, new Flows().traffic(), History.EMPTY).sentences())
        .extracting(Sentence::code)
        .containsExactly("cluster-state", "quiet");
  }

  private static MeshSnapshot mesh(boolean reviewsHere) {
    Sketch sketch =
        new Sketch()
            .cluster("c1", "n1")
            .cluster("c2", "n2", "203.0.113.7:15443")
            .pod("c1", "page-c1", "page")
            .pod("c2", "reviews-c2", "reviews");
    if (reviewsHere) {
      sketch.pod("c1", "reviews-c1", "reviews");
    }
    return sketch.snapshot("page", "reviews");
  }

  private static Picture draw(MeshSnapshot mesh, Traffic traffic, History history) {
    return Drawing.of(
        new PictureInput(NOW, mesh, List.of(), traffic, history), View.all(MINUTE), new Layouts(1));
  }
}
