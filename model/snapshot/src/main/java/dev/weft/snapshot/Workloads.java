package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.SharedMap;
import dev.weft.types.Locality;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import dev.weft.types.SpiffeId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pods as workloads: with locality, network and identity. Istio:
 * pilot/pkg/serviceregistry/kube/conversion.go.
 */
final class Workloads {
  private Workloads() {}

  /**
   * Workloads after some have changed.
   *
   * @param known those that have not
   * @param changed those that may have, or are gone
   * @param previous whose workloads are used again where they are equal
   */
  static SharedMap<WorkloadKey, Workload> after(
      SharedMap<WorkloadKey, Workload> known,
      Set<WorkloadKey> changed,
      ConfigSet config,
      Networks networks,
      Map<WorkloadKey, Workload> previous) {
    SharedMap<WorkloadKey, Workload> workloads = known;
    for (WorkloadKey key : changed) {
      ClusterFacts facts = config.clusters().get(key.cluster());
      KubePod pod =
          facts == null
              ? null
              : facts.pods().get(new KubeFact.Key(KubeFact.Kind.POD, key.namespace(), key.pod()));
      workloads =
          facts == null || pod == null
              ? workloads.without(key)
              : workloads.with(
                  key, Sharing.value(of(config, networks, facts, pod), previous.get(key)));
    }
    return workloads;
  }

  private static Workload of(ConfigSet config, Networks networks, ClusterFacts facts, KubePod pod) {
    KubeNode node = facts.nodes().get(pod.node());
    Locality locality = locality(pod, node);
    String label = pod.labels().getOrDefault(Networks.LABEL, "");
    NetworkId network =
        Names.isLabel(label)
            ? new NetworkId(label)
            : networks.of(facts.id(), pod.ips().isEmpty() ? "" : pod.ips().getFirst());
    Map<String, String> labels = withPlace(pod.labels(), locality, network);
    put(labels, "topology.istio.io/cluster", facts.id().value());
    put(labels, "kubernetes.io/hostname", pod.node());
    String workloadName = pod.ownerName().isEmpty() ? pod.name() : pod.ownerName();
    return new Workload(
        new WorkloadKey(facts.id(), pod.namespace(), pod.name()),
        labels,
        pod.ips(),
        new SpiffeId(
            config.settings().trustDomain(),
            pod.namespace(),
            pod.serviceAccount().isEmpty() ? "default" : pod.serviceAccount()),
        pod.node(),
        locality,
        network,
        workloadName,
        pod.ownerKind().isEmpty() ? "Pod" : pod.ownerKind(),
        firstOf(
            pod.labels(),
            workloadName,
            "service.istio.io/canonical-name",
            "app.kubernetes.io/name",
            "app"),
        firstOf(
            pod.labels(),
            "latest",
            "service.istio.io/canonical-revision",
            "app.kubernetes.io/version",
            "version"),
        pod.ports(),
        pod.labels().getOrDefault("security.istio.io/tlsMode", "").equals("istio"),
        pod.annotations().containsKey("sidecar.istio.io/status"),
        pod.hostNetwork(),
        pod.ready(),
        pod.terminating(),
        pod.hostname(),
        pod.subdomain());
  }

  /** Labels, and those of a place beside them. */
  static Map<String, String> withPlace(
      Map<String, String> own, Locality locality, NetworkId network) {
    Map<String, String> labels = new TreeMap<>(own);
    put(labels, "topology.kubernetes.io/region", locality.region());
    put(labels, "topology.kubernetes.io/zone", locality.zone());
    put(labels, "topology.istio.io/subzone", locality.subzone());
    put(labels, Networks.LABEL, network.value());
    return labels;
  }

  private static void put(Map<String, String> labels, String key, String value) {
    if (!value.isEmpty()) {
      labels.put(key, value);
    }
  }

  private static Locality locality(KubePod pod, @Nullable KubeNode node) {
    Locality written = written(pod.labels());
    return written.equals(Locality.UNKNOWN) && node != null ? node.locality() : written;
  }

  /** The place that labels name; unknown where they name none. */
  static Locality written(Map<String, String> labels) {
    String label = firstOf(labels, "", "topology.istio.io/locality", "istio-locality");
    // Label values cannot hold slashes; with one already there, dots are part of names.
    return Locality.parse(label.indexOf('/') >= 0 ? label : label.replace('.', '/'));
  }

  private static String firstOf(Map<String, String> labels, String otherwise, String... keys) {
    for (String key : keys) {
      String value = labels.getOrDefault(key, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return otherwise;
  }
}
