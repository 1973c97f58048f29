package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.object.Trees;
import org.junit.jupiter.api.Test;

final class PodWordsTest {

  private static JsonNode pod(String status) {
    return Trees.yaml("metadata: {name: p, namespace: n}\nstatus: " + status);
  }

  @Test
  void a_pod_is_ready_when_it_serves_or_has_done_its_work() {
    assertThat(PodWords.ready(pod("{conditions: [{type: Ready, status: 'True'}]}"))).isTrue();
    assertThat(PodWords.ready(pod("{phase: Succeeded}"))).isTrue();
    assertThat(PodWords.ready(pod("{phase: Running}"))).isFalse();
  }

  @Test
  void the_first_container_that_others_wait_for_is_named() {
    assertThat(
            PodWords.lack(
                pod(
                    """
                    {phase: Pending,
                      initContainerStatuses: [{name: proxy, state: {running: {}}, ready: false}],
                      containerStatuses: [{name: app, state: {waiting: {reason: PodInitializing}}}]}
                    """)))
        .isEqualTo("pod n/p: container proxy runs and is not ready yet");
    assertThat(
            PodWords.lack(
                pod("{containerStatuses: [{name: a, state: {waiting: {reason: ErrImagePull}}}]}")))
        .isEqualTo("pod n/p: ErrImagePull (container a)");
    assertThat(PodWords.lack(pod("{}"))).isEqualTo("pod n/p: Pending");
  }
}
