package dev.weft.control.ads;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ServiceId;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The pods for which something comes in differently after a change. */
final class TouchedPods {
  private TouchedPods() {}

  static Set<WorkloadKey> of(MeshSnapshot before, MeshSnapshot after, SnapshotDelta delta) {
    Set<WorkloadKey> pods = new HashSet<>(delta.workloads());
    for (ServiceId id : delta.services()) {
      List<ServiceEndpoint> was = endpoints(before, id);
      List<ServiceEndpoint> is = endpoints(after, id);
      if (delta.servicesBeyondEndpoints().contains(id)) {
        add(was, Set.of(), pods);
        add(is, Set.of(), pods);
      } else {
        add(was, same(is), pods);
        add(is, same(was), pods);
      }
    }
    return pods;
  }

  /** Whether other policies of access hold for a pod; of one that is not known yet, perhaps. */
  static boolean byPolicies(
      MeshSnapshot before, MeshSnapshot after, SnapshotDelta delta, WorkloadKey pod) {
    boolean inScope =
        delta.accessPolicies().contains(pod.namespace())
            || delta.accessPolicies().contains(after.settings().rootNamespace());
    Workload workload = after.workloads().get(pod);
    return inScope
        && (workload == null
            || after
                .accessPolicies()
                .differFor(before.accessPolicies(), pod.namespace(), workload.labels()));
  }

  /** Endpoints that did not change are the same objects; one that is only equal does no harm. */
  private static Set<ServiceEndpoint> same(List<ServiceEndpoint> endpoints) {
    Set<ServiceEndpoint> set = Collections.newSetFromMap(new IdentityHashMap<>());
    set.addAll(endpoints);
    return set;
  }

  private static List<ServiceEndpoint> endpoints(MeshSnapshot snapshot, ServiceId id) {
    return snapshot.service(id).map(MeshService::endpoints).orElse(List.of());
  }

  private static void add(
      List<ServiceEndpoint> endpoints, Set<ServiceEndpoint> unchanged, Set<WorkloadKey> pods) {
    for (ServiceEndpoint endpoint : endpoints) {
      Workload workload = endpoint.workload();
      if (workload != null && !unchanged.contains(endpoint)) {
        pods.add(workload.key());
      }
    }
  }
}
