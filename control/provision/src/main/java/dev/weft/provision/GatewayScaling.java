package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.IstioGatewaySpec.Parts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The HorizontalPodAutoscaler of a gateway whose number of pods follows its load. */
final class GatewayScaling {
  // What Istio's charts of gateways have: manifests/charts/gateway/values.yaml.
  private static final int MOST = 5;
  private static final int CPU_PERCENT = 80;

  private GatewayScaling() {}

  /** Fills in the object, which has its name and labels. */
  static ObjectNode fill(ObjectNode body, Parts parts, String deployment) {
    ObjectNode spec = body.putObject("spec");
    spec.putObject("scaleTargetRef")
        .put("apiVersion", "apps/v1")
        .put("kind", "Deployment")
        .put("name", deployment);
    int least = written(parts.minReplicas(), written(parts.replicaCount(), 1));
    spec.put("minReplicas", least);
    spec.put("maxReplicas", Math.max(least, written(parts.maxReplicas(), MOST)));
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
