package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.SharedMap;
import dev.weft.snapshot.ConfigChanges.Change;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Endpoint slices of all clusters by the services and the pods that they are about.
 *
 * @param byService in the order of cluster and key
 * @param byPod services with a slice that names the pod, whether or not it is there
 * @param byAddress services with a slice that has the address without naming a pod
 * @param sizes how many endpoints the slices of each cluster hold
 */
record SliceIndex(
    SharedMap<ServiceId, List<Placed>> byService,
    SharedMap<WorkloadKey, List<ServiceId>> byPod,
    SharedMap<PodAddress, List<ServiceId>> byAddress,
    Map<ClusterId, Integer> sizes) {
  static final SliceIndex EMPTY =
      new SliceIndex(SharedMap.empty(), SharedMap.empty(), SharedMap.empty(), Map.of());

  private static final Comparator<Placed> ORDER =
      Comparator.comparing(Placed::cluster).thenComparing(p -> p.slice().key());

  /** A slice in its cluster. */
  record Placed(ClusterId cluster, KubeEndpointSlice slice) {}

  List<Placed> of(ServiceId service) {
    return byService.getOrDefault(service, List.of());
  }

  /** The services with a slice that names a pod. */
  List<ServiceId> naming(WorkloadKey pod) {
    return byPod.getOrDefault(pod, List.of());
  }

  /** The services with a slice that has the address without naming a pod. */
  List<ServiceId> having(PodAddress address) {
    return byAddress.getOrDefault(address, List.of());
  }

  /** The services that changes of slices are about. */
  static Set<ServiceId> concerned(List<Change<KubeEndpointSlice>> changes) {
    Set<ServiceId> ids = new TreeSet<>();
    for (Change<KubeEndpointSlice> change : changes) {
      add(change.was(), ids);
      add(change.is(), ids);
    }
    return ids;
  }

  private static void add(@Nullable KubeEndpointSlice slice, Set<ServiceId> ids) {
    if (slice != null && !slice.service().isEmpty()) {
      ids.add(new ServiceId(slice.namespace(), slice.service()));
    }
  }

  SliceIndex after(List<Change<KubeEndpointSlice>> changes) {
    if (changes.isEmpty()) {
      return this;
    }
    Map<ServiceId, List<Placed>> lists = new HashMap<>();
    Map<ClusterId, Integer> counts = new TreeMap<>(sizes);
    for (Change<KubeEndpointSlice> change : changes) {
      KubeEndpointSlice was = change.was();
      KubeEndpointSlice is = change.is();
      if (was != null) {
        counts.merge(change.cluster(), -was.endpoints().size(), Integer::sum);
        list(was, lists).remove(new Placed(change.cluster(), was));
      }
      if (is != null) {
        counts.merge(change.cluster(), is.endpoints().size(), Integer::sum);
        list(is, lists).add(new Placed(change.cluster(), is));
      }
    }
    SharedMap<ServiceId, List<Placed>> services = byService;
    SharedMap<WorkloadKey, List<ServiceId>> pods = byPod;
    SharedMap<PodAddress, List<ServiceId>> addresses = byAddress;
    for (Map.Entry<ServiceId, List<Placed>> entry : lists.entrySet()) {
      ServiceId id = entry.getKey();
      List<Placed> list = entry.getValue().stream().sorted(ORDER).toList();
      pods = Mentions.moved(pods, id, pods(of(id)), pods(list));
      addresses = Mentions.moved(addresses, id, addresses(of(id)), addresses(list));
      services = list.isEmpty() ? services.without(id) : services.with(id, list);
    }
    return new SliceIndex(services, pods, addresses, Copies.map(counts));
  }

  private List<Placed> list(KubeEndpointSlice slice, Map<ServiceId, List<Placed>> lists) {
    return slice.service().isEmpty()
        ? new ArrayList<>()
        : lists.computeIfAbsent(
            new ServiceId(slice.namespace(), slice.service()), id -> new ArrayList<>(of(id)));
  }

  private static Set<WorkloadKey> pods(List<Placed> slices) {
    Set<WorkloadKey> pods = new TreeSet<>();
    for (Placed placed : slices) {
      for (KubeEndpointSlice.Endpoint endpoint : placed.slice().endpoints()) {
        if (!endpoint.pod().isEmpty()) {
          pods.add(new WorkloadKey(placed.cluster(), placed.slice().namespace(), endpoint.pod()));
        }
      }
    }
    return pods;
  }

  private static Set<PodAddress> addresses(List<Placed> slices) {
    Set<PodAddress> addresses = new TreeSet<>();
    for (Placed placed : slices) {
      for (KubeEndpointSlice.Endpoint endpoint : placed.slice().endpoints()) {
        if (endpoint.pod().isEmpty() && !endpoint.addresses().isEmpty()) {
          addresses.add(new PodAddress(placed.cluster(), endpoint.addresses().getFirst()));
        }
      }
    }
    return addresses;
  }
}
