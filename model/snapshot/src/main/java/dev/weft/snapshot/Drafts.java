package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.snapshot.ServiceMerge.Declared;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The services that a build makes anew, before they have addresses. Confined to one build. */
final class Drafts {
  private final ServiceMerge merge;
  private final Endpoints endpoints;
  private final SliceIndex slices;
  private final SortedMap<ServiceId, Draft> drafts = new TreeMap<>();

  Drafts(ConfigSet config, Endpoints endpoints, SliceIndex slices) {
    this.merge = new ServiceMerge(config);
    this.endpoints = endpoints;
    this.slices = slices;
  }

  /**
   * A service, or nothing of that name.
   *
   * @param declared empty where no cluster has it any more
   * @param podNames host names of its pods
   */
  private record Draft(
      List<Declared> declared, List<ServiceEndpoint> endpoints, Set<String> podNames) {}

  void add(ServiceId id) {
    drafts.computeIfAbsent(id, this::draft);
  }

  private Draft draft(ServiceId id) {
    List<Declared> declared = merge.declared(id);
    List<ServiceEndpoint> behind =
        endpoints.of(slices.of(id), declared.stream().map(Declared::cluster).toList());
    return new Draft(declared, behind, ServiceMerge.podNames(declared, behind));
  }

  /** Those that were added, in order. */
  Set<ServiceId> ids() {
    return drafts.keySet();
  }

  /** Whether pods have come or gone that have names of their own. */
  boolean otherPodNames(Map<ServiceId, MeshService> before) {
    return drafts.entrySet().stream()
        .anyMatch(
            e -> {
              MeshService was = before.get(e.getKey());
              Set<String> names = was == null ? Set.of() : was.podVips().keySet();
              return !names.equals(e.getValue().podNames());
            });
  }

  /**
   * The host names of pods by service.
   *
   * @param others services that are as they were, where they are not among the drafts
   */
  SortedMap<ServiceId, Set<String>> podNames(Map<ServiceId, MeshService> others) {
    SortedMap<ServiceId, Set<String>> names = new TreeMap<>();
    others.forEach(
        (id, service) -> {
          if (!drafts.containsKey(id) && service.vips().size() < service.clusters().size()) {
            names.put(id, ServiceMerge.podNames(merge.declared(id), service.endpoints()));
          }
        });
    drafts.forEach((id, draft) -> names.put(id, draft.podNames()));
    return names;
  }

  /**
   * The finished service.
   *
   * @param vips null where all addresses are as they were
   * @param before which is used again where it is equal
   * @return null where no cluster has it
   */
  @Nullable MeshService service(
      ServiceId id, @Nullable ServiceVips vips, @Nullable MeshService before) {
    Draft draft = drafts.get(id);
    if (draft == null || draft.declared().isEmpty()) {
      return null;
    }
    String vip = vips != null ? vips.of(id) : before == null ? "" : before.meshVip();
    Map<String, String> podVips =
        vips != null ? vips.of(id, draft.podNames()) : before == null ? Map.of() : before.podVips();
    return Sharing.value(
        merge.service(id, draft.declared(), vip, podVips, draft.endpoints()), before);
  }
}
