package dev.weft.snapshot;

import dev.weft.config.SharedMap;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which services a workload stands behind, kept up service by service. */
final class Mentions {
  private Mentions() {}

  /** Those of a service's endpoints that are pods. */
  static Set<WorkloadKey> of(List<ServiceEndpoint> endpoints) {
    Set<WorkloadKey> keys = new TreeSet<>();
    for (ServiceEndpoint endpoint : endpoints) {
      Workload workload = endpoint.workload();
      if (workload != null) {
        keys.add(workload.key());
      }
    }
    return keys;
  }

  /** The index of all services. */
  static SharedMap<WorkloadKey, List<ServiceId>> of(Map<ServiceId, MeshService> services) {
    SharedMap<WorkloadKey, List<ServiceId>> index = SharedMap.empty();
    for (MeshService service : services.values()) {
      index = moved(index, service.id(), Set.of(), of(service.endpoints()));
    }
    return index;
  }

  /** The index after a service has left some workloads and come to others. */
  static SharedMap<WorkloadKey, List<ServiceId>> moved(
      SharedMap<WorkloadKey, List<ServiceId>> index,
      ServiceId service,
      Set<WorkloadKey> was,
      Set<WorkloadKey> is) {
    SharedMap<WorkloadKey, List<ServiceId>> next = index;
    for (WorkloadKey key : was) {
      if (!is.contains(key)) {
        Set<ServiceId> left = new TreeSet<>(next.getOrDefault(key, List.of()));
        left.remove(service);
        next = left.isEmpty() ? next.without(key) : next.with(key, List.copyOf(left));
      }
    }
    for (WorkloadKey key : is) {
      if (!was.contains(key)) {
        Set<ServiceId> more = new TreeSet<>(next.getOrDefault(key, List.of()));
        more.add(service);
        next = next.with(key, List.copyOf(more));
      }
    }
    return next;
  }
}
