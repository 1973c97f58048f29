package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeService;
import dev.weft.config.ServiceEntry;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The addresses that the mesh gives to services, and to pods that have a name of their own.
 *
 * @param given by name: that of a service, or that of a pod before that of its service
 * @param shortage whether there are names for which none was left
 */
record ServiceVips(Map<String, String> given, boolean shortage) {

  /**
   * Gives an address to every service that is declared, and to every pod.
   *
   * @param entries ServiceEntries by the services that they declare
   * @param pods the host names of pods by service
   * @param previous which keep theirs
   */
  static ServiceVips assign(
      ConfigSet config,
      Map<ServiceId, ServiceEntry> entries,
      SortedMap<ServiceId, Set<String>> pods,
      Map<ServiceId, MeshService> previous) {
    MeshVips range;
    try {
      range = MeshVips.in(config.settings().meshVipRange());
    } catch (IllegalArgumentException e) {
      return new ServiceVips(Map.of(), false);
    }
    Map<String, String> taken = new TreeMap<>();
    previous.forEach(
        (id, service) -> {
          if (!service.meshVip().isEmpty()) {
            taken.put(id.toString(), service.meshVip());
          }
          service.podVips().forEach((pod, address) -> taken.put(name(id, pod), address));
        });
    List<String> names = new ArrayList<>();
    byAge(config, entries).forEach(id -> names.add(id.toString()));
    pods.forEach((id, own) -> own.forEach(pod -> names.add(name(id, pod))));
    Map<String, String> given = range.assign(names, taken);
    return new ServiceVips(given, given.size() < names.size());
  }

  private static String name(ServiceId service, String pod) {
    return pod + "." + service;
  }

  /** Empty where there is none. */
  String of(ServiceId service) {
    return given.getOrDefault(service.toString(), "");
  }

  /** Of those pods of a service that have one. */
  Map<String, String> of(ServiceId service, Collection<String> pods) {
    Map<String, String> addresses = new TreeMap<>();
    for (String pod : pods) {
      String address = given.get(name(service, pod));
      if (address != null) {
        addresses.put(pod, address);
      }
    }
    return addresses;
  }

  /**
   * The services that have other ones than before, for themselves or for a pod.
   *
   * @param pods as they were given to {@link #assign}: there may be one for a pod now that was
   *     without
   */
  List<ServiceId> changedSince(
      Map<ServiceId, MeshService> previous, Map<ServiceId, Set<String>> pods) {
    List<ServiceId> changed = new ArrayList<>();
    previous.forEach(
        (id, before) -> {
          if (before.externalName().isEmpty()
              && given.containsKey(id.toString())
              && (!before.meshVip().equals(of(id))
                  || !before.podVips().equals(of(id, pods.getOrDefault(id, Set.of()))))) {
            changed.add(id);
          }
        });
    return changed;
  }

  /** Why no service has an address; empty where nothing is wrong. */
  static Optional<String> objection(ConfigSet config) {
    try {
      MeshVips.in(config.settings().meshVipRange());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static List<ServiceId> byAge(ConfigSet config, Map<ServiceId, ServiceEntry> entries) {
    Map<ServiceId, Instant> oldest = new HashMap<>();
    for (ClusterFacts facts : config.clusters().values()) {
      for (KubeService service : facts.services().values()) {
        oldest.merge(service.id(), service.created(), (a, b) -> a.isBefore(b) ? a : b);
      }
    }
    entries.forEach(
        (id, entry) -> {
          if (Entries.allocates(id, entry)) {
            oldest.put(id, entry.meta().created());
          }
        });
    return oldest.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<ServiceId, Instant> e) -> e.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }
}
