package dev.weft.redirect.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.types.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodePodTest {
  private static Optional<NodePod> pod(String status) {
    return NodePod.of(
        Json.parseObject(
            """
            {"metadata": {"uid": "u1", "namespace": "shop", "name": "cart-1"},
             "spec": {"initContainers": [
               {"name": "first", "args": ["x"]},
               {"name": "istio-validation",
                "args": ["istio-iptables", "-p", "15001", "--run-validation"],
                "env": [{"name": "ISTIO_META_DNS_CAPTURE", "value": "true"},
                        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]}]},
             "status": %s}
            """
                .formatted(status)));
  }

  @Test
  void a_pod_says_in_its_waiting_container_how_it_is_captured() {
    assertThat(pod("{}"))
        .contains(
            new NodePod(
                "u1",
                "shop/cart-1",
                List.of("-p", "15001", "--run-validation"),
                Map.of("ISTIO_META_DNS_CAPTURE", "true"),
                false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "waits;  false; {\"initContainerStatuses\": [{\"name\": \"istio-validation\", \"state\":"
            + " {\"running\": {}}}]}",
        "ended well; true; {\"initContainerStatuses\": [{\"name\": \"istio-validation\", \"state\":"
            + " {\"terminated\": {\"exitCode\": 0}}}]}",
        "gave up; false; {\"initContainerStatuses\": [{\"name\": \"istio-validation\", \"state\":"
            + " {\"terminated\": {\"exitCode\": 1}}}]}",
        "another ended; false; {\"initContainerStatuses\": [{\"name\": \"first\", \"state\":"
            + " {\"terminated\": {\"exitCode\": 0}}}]}",
        "pod is over; true; {\"phase\": \"Failed\"}"
      })
  void it_is_settled_when_that_container_has_seen_the_redirect(
      String name, boolean settled, String status) {
    assertThat(pod(status).orElseThrow().settled()).as(name).isEqualTo(settled);
  }

  @Test
  void a_pod_in_the_network_of_its_node_is_left_alone() {
    assertThat(
            NodePod.of(
                Json.parseObject(
                    """
                    {"metadata": {"uid": "u1"},
                     "spec": {"hostNetwork": true,
                       "initContainers": [{"name": "istio-validation", "args": ["istio-iptables"]}]}}
                    """)))
        .isEmpty();
  }

  @Test
  void a_pod_with_an_init_container_of_its_own_is_left_alone() {
    assertThat(
            NodePod.of(
                Json.parseObject(
                    """
                    {"metadata": {"uid": "u1"},
                     "spec": {"initContainers": [{"name": "istio-init", "args": ["istio-iptables"]}]}}
                    """)))
        .isEmpty();
  }
}
