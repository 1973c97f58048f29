package dev.weft.redirect.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.redirect.node.WaitingPods.Due;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingPodsTest {
  private final WaitingPods pods = new WaitingPods();

  private static NodePod pod(String uid, boolean settled) {
    return new NodePod(uid, "shop/" + uid, List.of(), Map.of(), settled);
  }

  @Test
  void a_pod_is_due_once_its_process_is_there() {
    pods.take(new PodEvent.All(List.of(pod("a", false), pod("b", true))));
    assertThat(pods.due(Map.of())).isEmpty();
    assertThat(pods.due(Map.of("a", 7L, "b", 8L, "stranger", 9L)))
        .containsExactly(new Due(pod("a", false), 7));
  }

  @Test
  void a_process_is_redirected_once_and_its_successor_anew() {
    pods.take(new PodEvent.Changed(pod("a", false)));
    Due first = pods.due(Map.of("a", 7L)).getFirst();
    pods.done(first);
    assertThat(pods.due(Map.of("a", 7L))).isEmpty();
    assertThat(pods.due(Map.of("a", 70L))).containsExactly(new Due(pod("a", false), 70));
  }

  @Test
  void what_failed_is_due_again() {
    pods.take(new PodEvent.Changed(pod("a", false)));
    assertThat(pods.due(Map.of("a", 7L))).hasSize(1);
    assertThat(pods.due(Map.of("a", 7L))).hasSize(1);
  }

  @Test
  void it_looks_often_while_a_pod_lacks_its_redirect_and_not_at_all_without_pods() {
    assertThat(pods.none()).isTrue();
    pods.take(new PodEvent.Changed(pod("a", false)));
    assertThat(pods.pause()).isEqualTo(WaitingPods.SOON);
    pods.done(pods.due(Map.of("a", 7L)).getFirst());
    assertThat(pods.pause()).isEqualTo(WaitingPods.LATER);
    pods.take(new PodEvent.Changed(pod("a", true)));
    assertThat(pods.none()).isTrue();
    assertThat(pods.pause()).isGreaterThan(WaitingPods.LATER);
  }

  @Test
  void a_pod_that_is_gone_or_not_listed_any_more_waits_for_nothing() {
    pods.take(new PodEvent.All(List.of(pod("a", false), pod("b", false))));
    pods.take(new PodEvent.Gone("a"));
    assertThat(pods.due(Map.of("a", 1L, "b", 2L))).extracting(Due::process).containsExactly(2L);
    pods.take(new PodEvent.All(List.of()));
    assertThat(pods.none()).isTrue();
  }
}
