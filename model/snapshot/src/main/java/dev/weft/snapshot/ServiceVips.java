package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeService;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The addresses that the mesh gives to services.
 *
 * @param given by service
 * @param shortage whether there are services for which none was left
 */
record ServiceVips(Map<ServiceId, String> given, boolean shortage) {

  /**
   * Gives an address to every service that is declared.
   *
   * @param previous which keep theirs
   */
  static ServiceVips assign(ConfigSet config, Map<ServiceId, MeshService> previous) {
    MeshVips range;
    try {
      range = MeshVips.in(config.settings().meshVipRange());
    } catch (IllegalArgumentException e) {
      return new ServiceVips(Map.of(), false);
    }
    Map<ServiceId, String> taken = new TreeMap<>();
    previous.forEach(
        (id, service) -> {
          if (!service.meshVip().isEmpty()) {
            taken.put(id, service.meshVip());
          }
        });
    List<ServiceId> byAge = byAge(config);
    Map<ServiceId, String> given = range.assign(byAge, taken);
    return new ServiceVips(given, given.size() < byAge.size());
  }

  /** The services that have another one than before, or the first. */
  List<ServiceId> changedSince(Map<ServiceId, MeshService> previous) {
    List<ServiceId> changed = new ArrayList<>();
    given.forEach(
        (id, vip) -> {
          MeshService before = previous.get(id);
          if (before != null && !before.meshVip().equals(vip)) {
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

  private static List<ServiceId> byAge(ConfigSet config) {
    Map<ServiceId, Instant> oldest = new HashMap<>();
    for (ClusterFacts facts : config.clusters().values()) {
      for (KubeService service : facts.services().values()) {
        oldest.merge(service.id(), service.created(), (a, b) -> a.isBefore(b) ? a : b);
      }
    }
    return oldest.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<ServiceId, Instant> e) -> e.getValue())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }
}
