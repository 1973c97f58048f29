package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.KubeService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Services of a cluster select pods with given labels. Each is found by one label of its
 * selector, so that a pod is not held against all Services of its namespace.
 */
final class ServiceSelectors {
  private final Map<Handle, List<KubeService>> services = new HashMap<>();

  private record Handle(String namespace, String label, String value) {}

  ServiceSelectors(ClusterFacts cluster) {
    for (KubeService service : cluster.services().values()) {
      service.selector().entrySet().stream()
          .findFirst()
          .map(label -> new Handle(service.id().namespace(), label.getKey(), label.getValue()))
          .ifPresent(
              handle -> services.computeIfAbsent(handle, h -> new ArrayList<>()).add(service));
    }
  }

  /**
   * Those that select a pod.
   *
   * @param labels of the pod
   */
  List<KubeService> selecting(String namespace, Map<String, String> labels) {
    List<KubeService> found = new ArrayList<>();
    labels.forEach(
        (label, value) -> {
          for (KubeService service :
              services.getOrDefault(new Handle(namespace, label, value), List.of())) {
            if (labels.entrySet().containsAll(service.selector().entrySet())) {
              found.add(service);
            }
          }
        });
    return found;
  }
}
