package dev.weft.snapshot;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.snapshot.ConfigChanges.Change;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the ways between networks have to be looked for again, for all that {@link Gateways}
 * reads.
 */
final class GatewaySigns {
  private GatewaySigns() {}

  /**
   * Pods that were counted or asked.
   *
   * @param selector labels of the pods, not empty
   */
  record Watched(ClusterId cluster, String namespace, Map<String, String> selector) {
    boolean is(ClusterId of, @Nullable KubePod pod) {
      return pod != null && is(of, pod.namespace(), pod.labels());
    }

    private boolean is(ClusterId of, String in, Map<String, String> labels) {
      return cluster.equals(of)
          && namespace.equals(in)
          && labels.entrySet().containsAll(selector.entrySet());
    }

    boolean is(WorkloadKey key, @Nullable Workload workload) {
      return workload != null && is(key.cluster(), key.namespace(), workload.labels());
    }
  }

  /** The Service of the cross-cluster proxy that the mesh keeps in a cluster. */
  static ServiceId ownService(String rootNamespace, ClusterId cluster) {
    return new ServiceId(rootNamespace, "istio-" + MemberClusterSpec.gatewayName(cluster));
  }

  static boolean in(
      ConfigChanges changes,
      ConfigSet before,
      ConfigSet after,
      Set<Watched> watched,
      Map<WorkloadKey, Workload> was,
      Map<WorkloadKey, Workload> is) {
    return changes.kinds().contains(ConfigKind.MEMBER_CLUSTER)
        || changes.networks()
        || changes.nodes()
        || !before.resolved().equals(after.resolved())
        || changes.services().stream().anyMatch(c -> service(c, after))
        || changes.pods().stream()
            .anyMatch(
                c ->
                    watched.stream()
                        .anyMatch(w -> w.is(c.cluster(), c.was()) || w.is(c.cluster(), c.is())))
        || changes.workloads().stream()
            .anyMatch(
                k -> watched.stream().anyMatch(w -> w.is(k, was.get(k)) || w.is(k, is.get(k))));
  }

  private static boolean service(Change<KubeService> change, ConfigSet config) {
    return service(change.cluster(), change.was(), config)
        || service(change.cluster(), change.is(), config);
  }

  private static boolean service(
      ClusterId cluster, @Nullable KubeService service, ConfigSet config) {
    return service != null
        && (service.labels().containsKey(Networks.LABEL)
            || service.id().equals(ownService(config.settings().rootNamespace(), cluster))
            // Gateways that are written into the settings may be any Service.
            || config.settings().networks().values().stream()
                .anyMatch(n -> !n.gateways().isEmpty()));
  }
}
