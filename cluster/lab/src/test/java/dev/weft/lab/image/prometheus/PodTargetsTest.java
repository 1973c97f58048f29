package dev.weft.lab.image.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.lab.image.http.Json;
import org.junit.jupiter.api.Test;

class PodTargetsTest {
  @Test
  void a_pod_is_a_target_for_each_port() {
    assertThat(
            targets(
                """
                {"items": [
                  {"metadata": {"name": "web-1", "namespace": "demo", "uid": "u",
                                "annotations": {"prometheus.io/port": "15020"},
                                "labels": {"app": "web"}},
                   "spec": {"nodeName": "n1", "containers": [
                     {"name": "web", "ports": [{"name": "http", "containerPort": 80}]},
                     {"name": "side"}]},
                   "status": {"phase": "Running", "podIP": "10.0.0.7"}},
                  {"metadata": {"name": "pending", "namespace": "demo"}, "status": {}}]}
                """))
        .isEqualTo(
            Json.parse(
                    """
                    [{"targets": ["10.0.0.7:80"], "labels": {
                       "__meta_kubernetes_namespace": "demo",
                       "__meta_kubernetes_pod_name": "web-1",
                       "__meta_kubernetes_pod_uid": "u",
                       "__meta_kubernetes_pod_ip": "10.0.0.7",
                       "__meta_kubernetes_pod_phase": "Running",
                       "__meta_kubernetes_pod_node_name": "n1",
                       "__meta_kubernetes_pod_label_app": "web",
                       "__meta_kubernetes_pod_annotation_prometheus_io_port": "15020",
                       "__meta_kubernetes_pod_container_name": "web",
                       "__meta_kubernetes_pod_container_init": "false",
                       "__meta_kubernetes_pod_container_port_name": "http",
                       "__meta_kubernetes_pod_container_port_number": "80"}},
                     {"targets": ["10.0.0.7"], "labels": {
                       "__meta_kubernetes_namespace": "demo",
                       "__meta_kubernetes_pod_name": "web-1",
                       "__meta_kubernetes_pod_uid": "u",
                       "__meta_kubernetes_pod_ip": "10.0.0.7",
                       "__meta_kubernetes_pod_phase": "Running",
                       "__meta_kubernetes_pod_node_name": "n1",
                       "__meta_kubernetes_pod_label_app": "web",
                       "__meta_kubernetes_pod_annotation_prometheus_io_port": "15020",
                       "__meta_kubernetes_pod_container_name": "side",
                       "__meta_kubernetes_pod_container_init": "false"}}]
                    """)
                .orElseThrow());
  }

  @Test
  void without_pods_there_is_nothing() {
    assertThat(targets("{\"items\": []}")).isEqualTo(Json.parse("[]").orElseThrow());
  }

  private static Json targets(String list) {
    return PodTargets.of(Json.parse(list).orElseThrow());
  }
}
