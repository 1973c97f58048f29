package dev.weft.translate;

import dev.weft.config.SharedMap;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.ServiceId;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The services that are seen from a viewpoint, with what there is of each. Immutable: viewpoints
 * that see the same have the same table, and those that see nearly the same share most of it.
 */
final class ServiceTable {
  static final ServiceTable EMPTY =
      new ServiceTable(SharedMap.empty(), SharedMap.empty(), SharedMap.empty());

  private final SharedMap<ServiceId, Seen> services;
  private final SharedMap<String, VersionedResource> clusters;
  private final SharedMap<String, VersionedResource> assignments;

  private ServiceTable(
      SharedMap<ServiceId, Seen> services,
      SharedMap<String, VersionedResource> clusters,
      SharedMap<String, VersionedResource> assignments) {
    this.services = services;
    this.clusters = clusters;
    this.assignments = assignments;
  }

  /** A service, and what there is of it. Equal if they are of the same object, as that is deep. */
  record Seen(Visible visible, OfService resources) {
    boolean isOf(Visible other) {
      return visible.service() == other.service() && Objects.equals(visible.rule(), other.rule());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Seen seen && isOf(seen.visible) && resources == seen.resources;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(visible.service());
    }
  }

  /**
   * A later table than another one.
   *
   * @param changes which clusters and assignments differ
   */
  record Advanced(ServiceTable table, Changes changes) {}

  /** With services as they are now; those that are empty are not seen any more. */
  Advanced with(Map<ServiceId, Optional<Seen>> now) {
    SharedMap<ServiceId, Seen> later = services;
    // Together, as a name may pass from one service to another.
    List<OfService> gone = new ArrayList<>();
    List<OfService> come = new ArrayList<>();
    for (Map.Entry<ServiceId, Optional<Seen>> entry : now.entrySet()) {
      Seen was = services.get(entry.getKey());
      if (was != null) {
        gone.add(was.resources());
      }
      if (entry.getValue().isPresent()) {
        Seen is = entry.getValue().get();
        come.add(is.resources());
        later = later.with(entry.getKey(), is);
      } else {
        later = later.without(entry.getKey());
      }
    }
    Changes.Builder changes = new Changes.Builder();
    return new Advanced(
        new ServiceTable(
            later,
            replaced(XdsType.CLUSTER, clusters, gone, come, OfService::clusters, changes),
            replaced(XdsType.ENDPOINT, assignments, gone, come, OfService::assignments, changes)),
        changes.build());
  }

  private static SharedMap<String, VersionedResource> replaced(
      XdsType type,
      SharedMap<String, VersionedResource> all,
      List<OfService> gone,
      List<OfService> come,
      Function<OfService, List<VersionedResource>> of,
      Changes.Builder changes) {
    SharedMap<String, VersionedResource> later = all;
    Map<String, VersionedResource> before = new HashMap<>();
    gone.forEach(service -> of.apply(service).forEach(r -> before.put(r.name(), r)));
    for (OfService service : come) {
      for (VersionedResource resource : of.apply(service)) {
        VersionedResource old = before.remove(resource.name());
        if (old != resource) {
          later = later.with(resource.name(), resource);
          if (old == null || !old.version().equals(resource.version())) {
            changes.add(type, resource.name());
          }
        }
      }
    }
    for (String name : before.keySet()) {
      later = later.without(name);
      changes.add(type, name);
    }
    return later;
  }

  /** In what it is different from a table of these services, which is made of the same snapshot. */
  Map<ServiceId, Optional<Visible>> differences(Map<ServiceId, Visible> others) {
    Map<ServiceId, Optional<Visible>> differences = new HashMap<>();
    others.forEach(
        (id, visible) -> {
          Seen seen = services.get(id);
          if (seen == null || !seen.isOf(visible)) {
            differences.put(id, Optional.of(visible));
          }
        });
    for (ServiceId id : services.keySet()) {
      if (!others.containsKey(id)) {
        differences.put(id, Optional.empty());
      }
    }
    return differences;
  }

  Optional<Visible> visible(ServiceId id) {
    return Optional.ofNullable(services.get(id)).map(Seen::visible);
  }

  Set<ServiceId> ids() {
    return services.keySet();
  }

  /** In the order of their names; not a copy. */
  Collection<Visible> visible() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<Visible> iterator() {
        Iterator<Seen> all = services.values().iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return all.hasNext();
          }

          @Override
          public Visible next() {
            return all.next().visible();
          }
        };
      }

      @Override
      public int size() {
        return services.size();
      }
    };
  }

  /** The resources of a type by name: there are clusters and assignments. */
  Map<String, VersionedResource> of(XdsType type) {
    return switch (type) {
      case CLUSTER -> clusters;
      case ENDPOINT -> assignments;
      case LISTENER, ROUTE, VIRTUAL_HOST, SECRET, EXTENSION_CONFIG, NAME_TABLE -> Map.of();
    };
  }
}
