package dev.weft.translate;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RoleResources.Common;
import dev.weft.translate.ServiceTable.Advanced;
import dev.weft.types.ServiceId;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.Resources;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the proxies of one viewpoint are served of the mesh, kept up to date: a snapshot
 * costs the services that changed in it, not those that there are. Confined to its owner, or
 * guarded by it.
 */
public final class ViewResources implements Resources {
  private final Viewpoint at;
  private final Memos memos;
  private Scope seen;
  private RoleResources made;
  private ServiceTable services;
  private Common common;

  ViewResources(Viewpoint at, MeshSnapshot snapshot, Memos memos) {
    this.at = at;
    this.memos = memos;
    this.seen = Scope.of(snapshot, at);
    this.made = role(seen, ServiceTable.EMPTY);
    Map<ServiceId, Visible> visible = new HashMap<>();
    for (MeshService service : snapshot.services().values()) {
      seen.visible(service).ifPresent(each -> visible.put(service.id(), each));
    }
    this.services = made.services(visible);
    this.common = role(seen, services).common();
  }

  private RoleResources role(Scope scope, ServiceTable of) {
    ProxyView view = new ProxyView(scope, of.visible());
    return switch (at.role()) {
      case SIDECAR -> new SidecarResources(view, memos);
      case ROUTER -> new GatewayResources(view, memos);
    };
  }

  /** From where this is seen. */
  public Viewpoint at() {
    return at;
  }

  /**
   * Goes on to a later snapshot.
   *
   * @param delta what may differ since the last one
   * @return which resources differ now
   */
  public Changes advance(MeshSnapshot snapshot, SnapshotDelta delta) {
    Scope scope = seen.later(snapshot, delta);
    RoleResources now = role(scope, services);
    Set<ServiceId> ofRules = new HashSet<>();
    Map<ServiceId, Optional<Visible>> again = new HashMap<>();
    boolean shared = ofShared(seen, scope, delta);
    for (ServiceId id : again(seen, scope, delta, now, ofRules)) {
      Optional<Visible> is = snapshot.service(id).flatMap(scope::visible);
      shared |= headless(services.visible(id)) || headless(is);
      again.put(id, is);
    }
    shared |= scope.narrowed() ? !ofRules.isEmpty() : !delta.destinationRules().isEmpty();
    Advanced advanced = now.advance(services, again);
    services = advanced.table();
    Changes.Builder changes = new Changes.Builder();
    changes.addAll(advanced.changes());
    if (shared) {
      Common next = role(scope, services).common();
      differences(common.told(), next.told(), changes);
      next.hosts().differences(common.hosts(), changes);
      next.names().differences(common.names(), changes);
      common = next;
    }
    made = now;
    seen = scope;
    return changes.build();
  }

  /**
   * The services to look at again.
   *
   * @param ofRules gets those that have another DestinationRule
   */
  private Set<ServiceId> again(
      Scope earlier, Scope scope, SnapshotDelta delta, RoleResources now, Set<ServiceId> ofRules) {
    Set<ServiceId> again = new HashSet<>();
    delta.services().forEach(id -> again.addAll(scope.ofSameHost(id)));
    if (differsEverywhere(earlier, scope, delta, made, now)) {
      again.addAll(services.ids());
      again.addAll(scope.snapshot().services().keySet());
      return again;
    }
    again.addAll(scope.reachedBesides(earlier));
    if (!delta.destinationRules().isEmpty()) {
      for (Visible visible : services.visible()) {
        Visible is = scope.visible(visible.service()).orElse(null);
        if (is == null || !Objects.equals(is.rule(), visible.rule())) {
          ofRules.add(visible.service().id());
        }
      }
      again.addAll(ofRules);
    }
    return again;
  }

  private static boolean differsEverywhere(
      Scope earlier, Scope scope, SnapshotDelta delta, RoleResources before, RoleResources now) {
    return !Objects.equals(earlier.sidecar(), scope.sidecar())
        || delta.settings()
        || delta.networkGateways()
        || !delta.peerAuthentications().isEmpty()
        || !now.treatsServicesLike(before);
  }

  /** Whether what no service has alone may differ. Pods that are headless are seen elsewhere. */
  private boolean ofShared(Scope earlier, Scope scope, SnapshotDelta delta) {
    return delta.settings()
        || !Objects.equals(earlier.sidecar(), scope.sidecar())
        || !earlier.destinations().equals(scope.destinations())
        || delta.servicesBeyondEndpoints().stream()
            .anyMatch(id -> earlier.mayShow(id) || scope.mayShow(id))
        || delta.virtualServices().stream()
            .anyMatch(ref -> earlier.mayShow(ref) || scope.mayShow(ref))
        || !delta.gateways().isEmpty()
        || !delta.istioGateways().isEmpty()
        || !delta.credentials().isEmpty()
        || policiesOf(scope.snapshot(), delta)
        || at.telemetry().stream().anyMatch(delta.telemetries()::contains)
        || at.envoyFilters().stream().anyMatch(delta.envoyFilters()::contains)
        || (at.pod() != null
            && scope.snapshot().servicesOf(at.pod()).stream().anyMatch(delta.services()::contains));
  }

  /** Whether policies of access may differ: they hold for what comes in, at gateways from here. */
  private boolean policiesOf(MeshSnapshot snapshot, SnapshotDelta delta) {
    return at.role() == ProxyRole.ROUTER
        && (delta.accessPolicies().contains(at.namespace())
            || delta.accessPolicies().contains(snapshot.settings().rootNamespace()));
  }

  private boolean headless(Optional<Visible> visible) {
    return visible.isPresent() && visible.get().service().headlessFor(at.cluster());
  }

  private static void differences(ResourceSet was, ResourceSet is, Changes.Builder changes) {
    for (XdsType type : XdsType.values()) {
      SortedMap<String, VersionedResource> before = was.of(type);
      SortedMap<String, VersionedResource> after = is.of(type);
      after.forEach(
          (name, resource) -> {
            VersionedResource old = before.get(name);
            if (old == null || !old.version().equals(resource.version())) {
              changes.add(type, name);
            }
          });
      before.keySet().stream()
          .filter(name -> !after.containsKey(name))
          .forEach(name -> changes.add(type, name));
    }
  }

  @Override
  public @Nullable VersionedResource get(XdsType type, String name) {
    VersionedResource told = services.of(type).get(name);
    if (told == null) {
      told = common.told().get(type, name);
    }
    if (told != null) {
      return told;
    }
    return switch (type) {
      case VIRTUAL_HOST -> common.hosts().get(name);
      case NAME_TABLE -> common.names().get(name);
      case CLUSTER, ENDPOINT, LISTENER, ROUTE, SECRET, EXTENSION_CONFIG -> null;
    };
  }

  @Override
  public Collection<VersionedResource> all(XdsType type) {
    Map<String, VersionedResource> ofServices = services.of(type);
    SortedMap<String, VersionedResource> others = common.told().of(type);
    if (type == XdsType.VIRTUAL_HOST || type == XdsType.NAME_TABLE) {
      others = new TreeMap<>(others);
      if (type == XdsType.VIRTUAL_HOST) {
        common.hosts().addTo(others);
      } else {
        common.names().addTo(others);
      }
    }
    if (ofServices.isEmpty() || others.isEmpty()) {
      return (ofServices.isEmpty() ? others : ofServices).values();
    }
    return Stream.concat(ofServices.values().stream(), others.values().stream())
        .sorted(Comparator.comparing(VersionedResource::name))
        .toList();
  }
}
