package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.types.AppProtocol;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Pods without a sidecar, and ports whose protocol has to be guessed. */
final class PodFindings {
  private static final String INJECT = "sidecar.istio.io/inject";
  private static final String INJECTION = "istio-injection";
  private static final String REVISION = "istio.io/rev";
  private static final Set<String> SYSTEM =
      Set.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");

  private PodFindings() {}

  static void add(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    boolean byDefault = snapshot.settings().injector().namespacesByDefault();
    for (ClusterFacts cluster : config.clusters().values()) {
      cluster.namespaces().values().forEach(n -> labels(n, cluster, findings));
      TreeMap<String, Integer> outside = new TreeMap<>();
      for (KubePod pod : cluster.pods().values()) {
        KubeNamespace namespace = cluster.namespaces().get(pod.namespace());
        if (namespace == null || exempt(pod.namespace(), snapshot) || pod.hostNetwork()) {
          continue;
        }
        if (!labelled(namespace)) {
          outside.merge(pod.namespace(), 1, Integer::sum);
        }
        if ((byDefault || labelled(namespace))
            && wanted(namespace, pod)
            && !injected(cluster, snapshot, pod)) {
          findings.add(
              Diagnostic.warning(
                  FindingCode.POD_WITHOUT_PROXY,
                  "Pod " + pod.namespace() + "/" + pod.name() + in(cluster),
                  "",
                  "its namespace is to have sidecars, but this pod was made without one: restart"
                      + " it (kubectl rollout restart), or label it "
                      + INJECT
                      + ": \"false\""));
        }
      }
      outside.forEach(
          (namespace, pods) ->
              findings.add(
                  Diagnostic.note(
                      byDefault
                          ? FindingCode.INJECTED_BY_DEFAULT
                          : FindingCode.NAMESPACE_NOT_INJECTED,
                      "Namespace " + namespace + in(cluster),
                      "metadata.labels",
                      "its pods ("
                          + pods
                          + (byDefault
                              ? ") get sidecars by enableNamespacesByDefault: label it"
                                  + " istio-injection=disabled where that is not meant"
                              : ") get no sidecar: label it istio-injection=enabled, or disabled"
                                  + " where that is meant"))));
      cluster.services().values().forEach(s -> ports(s, cluster, snapshot, findings));
    }
  }

  private static void labels(
      KubeNamespace namespace, ClusterFacts cluster, List<Diagnostic> findings) {
    if (namespace.labels().containsKey(INJECTION) && namespace.labels().containsKey(REVISION)) {
      findings.add(
          Diagnostic.warning(
              FindingCode.TWO_INJECTION_LABELS,
              "Namespace " + namespace.name() + in(cluster),
              "metadata.labels",
              "it has both "
                  + INJECTION
                  + " and "
                  + REVISION
                  + ", and only the first counts: keep one of them"));
    }
  }

  static boolean exempt(String namespace, MeshSnapshot snapshot) {
    return SYSTEM.contains(namespace) || namespace.equals(snapshot.settings().rootNamespace());
  }

  private static boolean labelled(KubeNamespace namespace) {
    return namespace.labels().containsKey(INJECTION) || namespace.labels().containsKey(REVISION);
  }

  private static boolean wanted(KubeNamespace namespace, KubePod pod) {
    String label = namespace.labels().getOrDefault(INJECTION, "");
    String own = pod.labels().getOrDefault(INJECT, pod.annotations().getOrDefault(INJECT, "true"));
    return !label.equals("disabled") && !own.equals("false") && !pod.terminating();
  }

  private static boolean injected(ClusterFacts cluster, MeshSnapshot snapshot, KubePod pod) {
    return snapshot
        .workload(cluster.id(), pod.namespace(), pod.name())
        .map(w -> w.injected() || w.mtls())
        .orElse(true);
  }

  private static void ports(
      KubeService service, ClusterFacts cluster, MeshSnapshot snapshot, List<Diagnostic> findings) {
    if (exempt(service.id().namespace(), snapshot) || service.selector().isEmpty()) {
      return;
    }
    for (int i = 0; i < service.ports().size(); i++) {
      KubeService.Port port = service.ports().get(i);
      AppProtocol protocol =
          AppProtocol.of(port.protocol(), port.appProtocol(), port.name(), port.port());
      if (protocol == AppProtocol.AUTO && port.appProtocol().isEmpty()) {
        findings.add(
            Diagnostic.note(
                FindingCode.PORT_NAME,
                "Service " + service.id() + in(cluster),
                "spec.ports[" + i + "]",
                "the name '"
                    + port.name()
                    + "' of port "
                    + port.port()
                    + " does not begin with a protocol, so it has to be guessed: name it like"
                    + " http-"
                    + (port.name().isEmpty() ? "web" : port.name())
                    + ", or set appProtocol"));
      }
    }
  }

  static String in(ClusterFacts cluster) {
    return " (cluster " + cluster.id() + ")";
  }
}
