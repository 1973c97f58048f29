package dev.weft.snapshot;

import dev.weft.config.SharedMap;
import dev.weft.types.ClusterId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Pods by their addresses, for endpoints that name no pod. Pods with the network of their node are
 * not in it: several have the same address.
 */
record PodsByAddress(SharedMap<PodAddress, List<WorkloadKey>> pods) {
  static final PodsByAddress NONE = new PodsByAddress(SharedMap.empty());

  /** The addresses by which a pod is found. */
  static Set<PodAddress> of(@Nullable Workload workload) {
    Set<PodAddress> addresses = new TreeSet<>();
    if (workload != null && !workload.hostNetwork()) {
      workload.ips().forEach(ip -> addresses.add(new PodAddress(workload.key().cluster(), ip)));
    }
    return addresses;
  }

  /** After some have changed. */
  PodsByAddress after(
      Collection<WorkloadKey> changed,
      Map<WorkloadKey, Workload> before,
      Map<WorkloadKey, Workload> now) {
    SharedMap<PodAddress, List<WorkloadKey>> moved = pods;
    for (WorkloadKey key : changed) {
      moved = Mentions.moved(moved, key, of(before.get(key)), of(now.get(key)));
    }
    return new PodsByAddress(moved);
  }

  /**
   * The pod with an address. Where the address passes from one pod to the next, the one that stays.
   *
   * @return null where there is none
   */
  @Nullable Workload at(ClusterId cluster, String address, Map<WorkloadKey, Workload> workloads) {
    return pods.getOrDefault(new PodAddress(cluster, address), List.of()).stream()
        .map(workloads::get)
        .min(Comparator.comparing(Workload::terminating).thenComparing(w -> !w.ready()))
        .orElse(null);
  }
}
