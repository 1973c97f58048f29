package dev.weft.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.cli.reach.PodName;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/**
 * The client that the question is about, in the words of the control plane.
 *
 * @param from pod or workload, and its namespace
 * @param cluster as the mesh calls it; empty where the name has to say enough
 */
record Caller(String from, String cluster) {

  static Caller of(ClusterAccess access, ControlPlane controlPlane, PodName pod) {
    Optional<String> context = access.context();
    if (context.isEmpty()) {
      return new Caller(pod.name() + "." + pod.namespace(), "");
    }
    String cluster = cluster(access, controlPlane);
    if (!cluster.isEmpty()) {
      return new Caller(pod.name() + "." + pod.namespace(), cluster);
    }
    // A context need not be called as the mesh calls its cluster; then its API server says which
    // pod is meant.
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      String name = new ProxyAdmin(client).pod(pod).getMetadata().getName();
      return new Caller(name + "." + pod.namespace(), "");
    }
  }

  /** The cluster that is called as the context is; empty where none is. */
  static String cluster(ClusterAccess access, ControlPlane controlPlane) {
    if (access.context().isEmpty()) {
      return "";
    }
    String context = access.context().get();
    JsonNode clusters = controlPlane.any(access, RunningLab.HERE, "/debug/clusterz", Map.of());
    return clusters.valueStream().anyMatch(c -> c.path("id").asText().equals(context))
        ? context
        : "";
  }
}
