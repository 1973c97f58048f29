package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.IstioGatewaySpec.Parts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many pods a gateway has: as many as are written, or as its load asks for; and how many of
 * them may be gone at once.
 */
final class GatewayScaling {
  // What Istio's charts of gateways have: manifests/charts/gateway/values.yaml.
  private static final int MAX_REPLICAS = 5;
  private static final int CPU_PERCENT = 80;

  private GatewayScaling() {}

  /** Whether the number of pods follows the load. */
  static boolean follows(Parts parts) {
    return Boolean.TRUE.equals(parts.autoscaleEnabled());
  }

  /** The number of pods that is never gone below. */
  static int min(Parts parts) {
    int replicas = written(parts.replicaCount(), 1);
    return follows(parts) ? written(parts.minReplicas(), replicas) : replicas;
  }

  /**
   * Fills in the PodDisruptionBudget, which has its name and labels: while nodes are emptied, one
   * pod stays, as in Istio's charts of gateways.
   */
  static ObjectNode budget(ObjectNode body) {
    body.putObject("spec").put("minAvailable", 1);
    return body;
  }

  /** Fills in the HorizontalPodAutoscaler, which has its name and labels. */
  static ObjectNode scaler(ObjectNode body, Parts parts, String deployment) {
    ObjectNode spec = body.putObject("spec");
    spec.putObject("scaleTargetRef")
        .put("apiVersion", "apps/v1")
        .put("kind", "Deployment")
        .put("name", deployment);
    int min = min(parts);
    spec.put("minReplicas", min);
    spec.put("maxReplicas", Math.max(min, written(parts.maxReplicas(), MAX_REPLICAS)));
    ArrayNode metrics = spec.putArray("metrics");
    boolean memory = percent(parts.kubernetes(), "memory", 0) > 0;
    int cpu = percent(parts.kubernetes(), "cpu", memory ? 0 : CPU_PERCENT);
    if (cpu > 0) {
      metric(metrics, "cpu", cpu);
    }
    if (memory) {
      metric(metrics, "memory", percent(parts.kubernetes(), "memory", 0));
    }
    return body;
  }

  private static int written(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }

  private static int percent(Map<String, Object> written, String resource, int otherwise) {
    return Objects.tree(written.get(resource)).path("targetAverageUtilization").asInt(otherwise);
  }

  private static void metric(ArrayNode metrics, String resource, int percent) {
    ObjectNode metric = metrics.addObject().put("type", "Resource");
    metric
        .putObject("resource")
        .put("name", resource)
        .putObject("target")
        .put("type", "Utilization")
        .put("averageUtilization", percent);
  }
}
