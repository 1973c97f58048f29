package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.config.ServiceEntry;
import dev.weft.snapshot.ServiceMerge.Declared;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
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
  private final Entries entries;
  private final EntryServices entryServices;
  private final SortedMap<ServiceId, Draft> drafts = new TreeMap<>();

  Drafts(
      ConfigSet config,
      Endpoints endpoints,
      SliceIndex slices,
      Entries entries,
      EntryServices entryServices) {
    this.merge = new ServiceMerge(config);
    this.endpoints = endpoints;
    this.slices = slices;
    this.entries = entries;
    this.entryServices = entryServices;
  }

  /** A service, or nothing of that name. */
  private sealed interface Draft {
    /** Host names of its pods. */
    Set<String> podNames();

    /**
     * Of clusters.
     *
     * @param declared empty where no cluster has it any more
     */
    record OfClusters(
        List<Declared> declared, List<ServiceEndpoint> endpoints, Set<String> podNames)
        implements Draft {}

    record OfEntry(ServiceEntry entry, List<ServiceEndpoint> endpoints) implements Draft {
      @Override
      public Set<String> podNames() {
        return Set.of();
      }
    }
  }

  void add(ServiceId id) {
    drafts.computeIfAbsent(id, this::draft);
  }

  private Draft draft(ServiceId id) {
    ServiceEntry entry = entries.byId().get(id);
    if (entry != null) {
      return new Draft.OfEntry(entry, entryServices.endpoints(id, entry));
    }
    List<Declared> declared = merge.declared(id);
    List<ServiceEndpoint> behind =
        new ArrayList<>(
            endpoints.of(slices.of(id), declared.stream().map(Declared::cluster).toList()));
    declared.stream()
        .map(Declared::service)
        .filter(service -> !service.selector().isEmpty())
        .findFirst()
        .ifPresent(service -> behind.addAll(entryServices.endpoints(service)));
    return new Draft.OfClusters(declared, behind, ServiceMerge.podNames(declared, behind));
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
   * @return null where nobody declares it
   */
  @Nullable MeshService service(
      ServiceId id, @Nullable ServiceVips vips, @Nullable MeshService before) {
    Draft draft = drafts.get(id);
    if (draft == null) {
      return null;
    }
    String vip = vips != null ? vips.of(id) : before == null ? "" : before.meshVip();
    MeshService made =
        switch (draft) {
          case Draft.OfEntry of -> entryServices.service(id, of.entry(), vip, of.endpoints());
          case Draft.OfClusters of ->
              of.declared().isEmpty()
                  ? null
                  : merge.service(
                      id,
                      of.declared(),
                      vip,
                      vips != null
                          ? vips.of(id, of.podNames())
                          : before == null ? Map.of() : before.podVips(),
                      of.endpoints());
        };
    return made == null ? null : Sharing.value(made, before);
  }
}
