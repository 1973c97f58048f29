package dev.weft.topology.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.topology.layout.Placement.Box;
import dev.weft.topology.layout.Scene.Cluster;
import dev.weft.topology.layout.Scene.Home;
import dev.weft.topology.layout.Scene.Item;
import dev.weft.topology.layout.Scene.Link;
import dev.weft.topology.layout.Scene.Slot;
import dev.weft.topology.layout.Scene.Tie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private final List<Cluster> clusters = new ArrayList<>();
  private final List<Item> items = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final List<Tie> ties = new ArrayList<>();

  @Test
  void twins_have_the_same_place_in_every_cluster_and_missing_ones_leave_it_empty() {
    cluster("c1", "n1");
    cluster("c2", "n2");
    in("c1", "demo", "page", "reviews", "details");
    in("c2", "demo", "page", "details");
    tie("demo", "page", "reviews");
    tie("demo", "page", "details");

    Placement placement = layout();

    assertThat(within(placement, "c2", "page")).isEqualTo(within(placement, "c1", "page"));
    assertThat(within(placement, "c2", "details")).isEqualTo(within(placement, "c1", "details"));
    assertThat(placement.items()).doesNotContainKey("c2/reviews");
    assertThat(of(placement.clusters(), "c2").width())
        .isEqualTo(of(placement.clusters(), "c1").width());
  }

  @Test
  void clusters_with_little_in_common_have_places_of_their_own() {
    cluster("c1", "n1");
    cluster("c2", "n1");
    in("c1", "demo", "a", "b", "c", "d");
    in("c2", "demo", "x");
    tie("demo", "a", "b");
    tie("demo", "b", "c");

    Placement placement = layout();

    assertThat(of(placement.clusters(), "c2").width())
        .isLessThan(of(placement.clusters(), "c1").width());
  }

  @Test
  void callers_stand_left_of_what_they_call() {
    cluster("c1", "n1");
    in("c1", "demo", "page", "reviews", "ratings");
    tie("demo", "page", "reviews");
    tie("demo", "reviews", "ratings");

    Placement placement = layout();

    assertThat(of(placement.items(), "c1/page").right())
        .isLessThan(of(placement.items(), "c1/reviews").x());
    assertThat(of(placement.items(), "c1/reviews").right())
        .isLessThan(of(placement.items(), "c1/ratings").x());
  }

  @Test
  void nothing_overlaps_and_everything_is_in_its_box() {
    cluster("c1", "n1");
    cluster("c2", "n2");
    for (int n = 0; n < 15; n++) {
      for (String cluster : List.of("c1", "c2")) {
        in(cluster, "ns" + n, "a" + n, "b" + n, "c" + n);
      }
      tie("ns" + n, "a" + n, "b" + n);
    }

    Placement placement = layout();

    List<Bounds> cards = List.copyOf(placement.items().values());
    for (int i = 0; i < cards.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(overlap(cards.get(i), cards.get(j))).isFalse();
      }
    }
    placement
        .namespaces()
        .forEach(
            (box, bounds) -> {
              assertThat(inside(of(placement.clusters(), box.cluster()), bounds)).isTrue();
              placement
                  .items()
                  .forEach(
                      (id, card) ->
                          assertThat(inside(bounds, card))
                              .isEqualTo(
                                  id.matches(
                                      box.cluster()
                                          + "/[abc]"
                                          + box.namespace().substring("ns".length()))));
            });
    assertThat(placement.namespaces()).hasSize(30).containsKey(new Box("c2", "ns14"));
  }

  @Test
  void clusters_of_a_network_stand_side_by_side_and_strange_ones_last() {
    cluster("c1", "n1");
    cluster("c2", "n2");
    cluster("c3", "n1");
    clusters.add(new Cluster("a9", "", false, false));

    Placement placement = layout();

    assertThat(placement.clusters().keySet()).containsExactly("c1", "c3", "c2", "a9");
    assertThat(of(placement.clusters(), "c3").y()).isEqualTo(of(placement.clusters(), "c1").y());
    assertThat(of(placement.clusters(), "c2").y())
        .isGreaterThan(of(placement.clusters(), "c1").y());
  }

  @Test
  void what_crosses_networks_passes_the_chip_on_the_border_that_looks_there() {
    cluster("c1", "n1");
    cluster("c2", "n2");
    in("c1", "demo", "page", "reviews");
    in("c2", "demo", "page", "reviews");
    tie("demo", "page", "reviews");
    links.add(new Link("e", "c1/page", "c2/reviews", "c2"));

    Placement placement = layout();

    Point chip = of(placement.chips(), "c2");
    assertThat(chip.x()).isEqualTo(of(placement.clusters(), "c2").x());
    assertThat(of(placement.links(), "e")).hasSize(6).contains(chip);
    assertThat(of(placement.links(), "e")).doesNotContain(of(placement.chips(), "c1"));
    assertThat(of(placement.chips(), "c1").x()).isEqualTo(of(placement.clusters(), "c1").right());
  }

  @Test
  void edges_of_the_same_cards_run_beside_each_other() {
    cluster("c1", "n1");
    in("c1", "demo", "page", "reviews");
    tie("demo", "page", "reviews");
    links.add(new Link("http", "c1/page", "c1/reviews", ""));
    links.add(new Link("tcp", "c1/page", "c1/reviews", ""));
    links.add(new Link("self", "c1/page", "c1/page", ""));

    Placement placement = layout();

    double http = of(placement.links(), "http").getFirst().y();
    double tcp = of(placement.links(), "tcp").getFirst().y();
    assertThat(tcp - http).isEqualTo(8);
    assertThat(of(placement.links(), "self")).hasSize(4);
  }

  @Test
  void who_is_outside_comes_before_and_what_nobody_knows_behind() {
    cluster("c1", "n1");
    in("c1", "demo", "page");
    items.add(new Item("outside", new Home.Before()));
    items.add(new Item("svc:/demo/reviews", new Home.Behind()));

    Placement placement = layout();

    assertThat(of(placement.items(), "outside").right())
        .isLessThan(of(placement.clusters(), "c1").x());
    assertThat(of(placement.items(), "svc:/demo/reviews").x())
        .isGreaterThan(of(placement.clusters(), "c1").right());
    assertThat(placement.width()).isEqualTo(of(placement.items(), "svc:/demo/reviews").right());
  }

  @Test
  void two_runs_are_equal_and_the_memo_answers_the_second_of_them() {
    cluster("c1", "n1");
    for (int i = 0; i < 60; i++) {
      in("c1", "demo", "w" + i);
      tie("demo", "w" + i * 7 % 60, "w" + i * 11 % 60);
      tie("demo", "w" + i, "w" + (i + 3) % 60);
    }
    Scene scene = scene();
    Layouts layouts = new Layouts(1);

    Placement first = layouts.of(scene);

    assertThat(layouts.of(scene())).isSameAs(first);
    assertThat(Layout.of(scene())).isEqualTo(first);
    assertThat(scene().hash()).isEqualTo(scene.hash()).hasSize(16);
    layouts.of(new Scene(clusters, List.of(), List.of(), List.of(), false));
    assertThat(layouts.of(scene)).isEqualTo(first).isNotSameAs(first);
  }

  private void cluster(String id, String network) {
    clusters.add(new Cluster(id, network, true, true));
  }

  private void in(String cluster, String namespace, String... slots) {
    Arrays.stream(slots)
        .forEach(
            slot ->
                items.add(
                    new Item(
                        cluster + "/" + slot, new Home.In(cluster, new Slot(namespace, slot)))));
  }

  private void tie(String namespace, String from, String to) {
    ties.add(new Tie(new Slot(namespace, from), new Slot(namespace, to)));
  }

  private Scene scene() {
    return new Scene(clusters, items, links, ties, true);
  }

  private Placement layout() {
    return Layout.of(scene());
  }

  private static Bounds within(Placement placement, String cluster, String slot) {
    Bounds box = of(placement.clusters(), cluster);
    return of(placement.items(), cluster + "/" + slot).moved(-box.x(), -box.y());
  }

  private static boolean overlap(Bounds a, Bounds b) {
    return a.x() < b.right() && b.x() < a.right() && a.y() < b.bottom() && b.y() < a.bottom();
  }

  private static boolean inside(Bounds box, Bounds card) {
    return card.x() >= box.x()
        && card.y() >= box.y()
        && card.right() <= box.right()
        && card.bottom() <= box.bottom();
  }

  private static <K, V> V of(Map<K, V> map, K key) {
    return Objects.requireNonNull(map.get(key), key::toString);
  }
}
