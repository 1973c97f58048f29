package dev.weft.translate;

import dev.weft.snapshot.Workload;
import java.util.Map;
import java.util.Optional;

/**
 * What the spans of a proxy call its workload. Istio: pilot/pkg/networking/core/tracing.go
 * buildServiceTags, and the cluster of a node.
 *
 * @param producer who made a span, {@code cart.shop}
 */
record TraceNames(String service, String revision, String producer) {
  private static final String CANONICAL = "service.istio.io/canonical-name";

  static TraceNames of(Optional<Workload> pod, String namespace, Map<String, String> labels) {
    String app = labels.getOrDefault(CANONICAL, labels.getOrDefault("app", ""));
    return new TraceNames(
        pod.map(Workload::canonicalService).orElse(app.isEmpty() ? "unknown" : app),
        pod.map(Workload::canonicalRevision)
            .orElse(labels.getOrDefault("service.istio.io/canonical-revision", "latest")),
        app.isEmpty() ? "istio-proxy" : app + "." + namespace);
  }
}
