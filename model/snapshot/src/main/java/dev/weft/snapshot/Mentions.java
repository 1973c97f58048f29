package dev.weft.snapshot;

import dev.weft.config.SharedMap;
import dev.weft.types.ServiceId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Indexes from what is mentioned to who mentions it, kept up one by one. */
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

  /** The index after somebody has ceased to mention some keys and begun to mention others. */
  static <K extends Comparable<? super K>, V extends Comparable<? super V>>
      SharedMap<K, List<V>> moved(
          SharedMap<K, List<V>> index, V who, Collection<K> was, Collection<K> is) {
    SharedMap<K, List<V>> next = index;
    for (K key : was) {
      if (!is.contains(key)) {
        Set<V> left = new TreeSet<>(next.getOrDefault(key, List.of()));
        left.remove(who);
        next = left.isEmpty() ? next.without(key) : next.with(key, List.copyOf(left));
      }
    }
    for (K key : is) {
      if (!was.contains(key)) {
        Set<V> more = new TreeSet<>(next.getOrDefault(key, List.of()));
        more.add(who);
        next = next.with(key, List.copyOf(more));
      }
    }
    return next;
  }
}
