package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.types.AppProtocol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ports of pods that several Services lead to, and that these call by different protocols. */
final class PortFindings {
  private PortFindings() {}

  static void add(ConfigSet config, List<Diagnostic> findings) {
    for (ClusterFacts cluster : config.clusters().values()) {
      ServiceSelectors selectors = new ServiceSelectors(cluster);
      // The pods of a workload are alike.
      Map<String, KubePod> workloads = new LinkedHashMap<>();
      cluster.pods().values().forEach(pod -> workloads.putIfAbsent(workload(pod), pod));
      workloads.forEach(
          (name, pod) -> {
            List<KubeService> services = selectors.selecting(pod.namespace(), pod.labels());
            if (services.size() > 1) {
              check(name + PodFindings.in(cluster), services, findings);
            }
          });
    }
  }

  static String workload(KubePod pod) {
    return pod.ownerName().isEmpty()
        ? "Pod " + pod.namespace() + "/" + pod.name()
        : pod.ownerKind() + " " + pod.namespace() + "/" + pod.ownerName();
  }

  private static void check(String object, List<KubeService> services, List<Diagnostic> findings) {
    Map<String, Map<AppProtocol, String>> protocols = new TreeMap<>();
    Map<String, String> decides = new HashMap<>();
    List<KubeService> oldestFirst =
        services.stream()
            .sorted(Comparator.comparing(KubeService::created).thenComparing(KubeService::id))
            .toList();
    for (KubeService service : oldestFirst) {
      for (KubeService.Port port : service.ports()) {
        AppProtocol protocol =
            AppProtocol.of(port.protocol(), port.appProtocol(), port.name(), port.port());
        // UDP does not go through a proxy.
        if (protocol != AppProtocol.UDP) {
          decides.putIfAbsent(port.targetPort(), service.id().toString());
          protocols
              .computeIfAbsent(port.targetPort(), p -> new TreeMap<>())
              .putIfAbsent(protocol, service.id().toString());
        }
      }
    }
    protocols.forEach(
        (port, by) -> {
          if (by.size() > 1) {
            findings.add(
                Diagnostic.warning(
                    FindingCode.PROTOCOLS_DIFFER,
                    object,
                    "",
                    "its port "
                        + port
                        + " is behind Services that call it by different protocols, "
                        + by
                        + ": the older one, "
                        + decides.get(port)
                        + ", decides; name the ports alike"));
          }
        });
  }
}
