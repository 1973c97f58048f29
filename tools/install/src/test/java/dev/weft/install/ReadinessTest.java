package dev.weft.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static KubeObject deployment(Map<String, Object> status) {
    return KubeObject.of(
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "Deployment",
            "metadata",
            Map.of("name", "istiod", "namespace", "istio-system", "generation", 2),
            "spec",
            Map.of("replicas", 2),
            "status",
            status));
  }

  private static Map<String, Object> pod(Map<String, Object> status) {
    return Map.of("metadata", Map.of("name", "istiod-1"), "status", status);
  }

  private static Map<String, Object> warning(String kind, String name, String message) {
    return Map.of(
        "type", "Warning",
        "reason", "FailedCreate",
        "message", message,
        "lastTimestamp", "2026-01-01T00:00:00Z",
        "involvedObject", Map.of("kind", kind, "name", name));
  }

  @Test
  void a_deployment_whose_pods_are_all_new_and_available_is_ready() {
    Map<String, Object> status =
        Map.of(
            "observedGeneration", 2, "replicas", 2, "updatedReplicas", 2, "availableReplicas", 2);
    assertThat(Readiness.lacking(deployment(status), List.of(), List.of())).isEmpty();
  }

  @Test
  void an_old_pod_that_is_still_there_is_waited_for() {
    Map<String, Object> status =
        Map.of(
            "observedGeneration", 2, "replicas", 3, "updatedReplicas", 2, "availableReplicas", 2);
    assertThat(Readiness.lacking(deployment(status), List.of(), List.of())).isPresent();
  }

  @Test
  void an_image_that_cannot_be_pulled_is_named() {
    Map<String, Object> pod =
        pod(
            Map.of(
                "containerStatuses",
                List.of(
                    Map.of(
                        "name",
                        "discovery",
                        "state",
                        Map.of(
                            "waiting",
                            Map.of("reason", "ErrImagePull", "message", "not found: weft:1"))))));
    assertThat(Readiness.lacking(deployment(Map.of()), List.of(pod), List.of()))
        .hasValue(
            "0 of 2 pods are available; pod istiod-1: container discovery ErrImagePull: not found:"
                + " weft:1");
  }

  @Test
  void a_pod_without_a_node_says_what_the_scheduler_said() {
    Map<String, Object> pod =
        pod(
            Map.of(
                "conditions",
                List.of(
                    Map.of(
                        "type", "PodScheduled",
                        "status", "False",
                        "message", "0/1 nodes are available"))));
    assertThat(Readiness.lacking(deployment(Map.of()), List.of(pod), List.of()))
        .hasValueSatisfying(r -> assertThat(r).endsWith("has no node: 0/1 nodes are available"));
  }

  @Test
  void pods_that_cannot_be_made_are_told_by_their_event() {
    assertThat(
            Readiness.lacking(
                deployment(Map.of()),
                List.of(),
                List.of(warning("ReplicaSet", "istiod-5d", "violates PodSecurity"))))
        .hasValue("0 of 2 pods are available; FailedCreate: violates PodSecurity");
  }

  private static KubeObject daemonSet(Map<String, Object> status) {
    return KubeObject.of(
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "DaemonSet",
            "metadata",
            Map.of("name", "istio-cni-node", "namespace", "istio-system", "generation", 1),
            "status",
            status));
  }

  @Test
  void a_daemon_set_is_ready_on_every_node_or_says_why_not() {
    assertThat(Readiness.lacking(daemonSet(Map.of()), List.of(), List.of()))
        .contains("no controller has seen it yet");
    assertThat(
            Readiness.lacking(
                daemonSet(Map.of("observedGeneration", 1, "desiredNumberScheduled", 3)),
                List.of(),
                List.of(warning("DaemonSet", "istio-cni-node", "violates PodSecurity"))))
        .get()
        .asString()
        .contains("on 3 nodes it should be, on 0", "violates PodSecurity");
    assertThat(
            Readiness.lacking(
                daemonSet(
                    Map.of(
                        "observedGeneration", 1,
                        "desiredNumberScheduled", 3,
                        "updatedNumberScheduled", 3,
                        "numberAvailable", 3)),
                List.of(),
                List.of()))
        .isEmpty();
  }
}
