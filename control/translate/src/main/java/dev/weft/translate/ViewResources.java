package dev.weft.translate;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RoleResources.Common;
import dev.weft.translate.RoleResources.OfService;
import dev.weft.types.ServiceId;
import dev.weft.xds.Resources;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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
  private final SortedMap<ServiceId, Visible> services = new TreeMap<>();
  private final Map<ServiceId, OfService> ofServices = new HashMap<>();
  private final Map<XdsType, SortedMap<String, VersionedResource>> byType =
      new EnumMap<>(XdsType.class);
  private Common common = Common.NOTHING;
  private @Nullable RoleResources made;
  private @Nullable Scope seen;

  ViewResources(Viewpoint at, Memos memos) {
    this.at = at;
    this.memos = memos;
  }

  /** From where this is seen. */
  public Viewpoint at() {
    return at;
  }

  /**
   * Goes on to a later snapshot.
   *
   * @param delta what may differ since the last call; everything at the first
   * @return which resources differ now
   */
  public Changes advance(MeshSnapshot snapshot, SnapshotDelta delta) {
    Changes.Builder changes = new Changes.Builder();
    RoleResources before = made;
    Scope earlier = seen;
    Scope scope = earlier == null ? Scope.of(snapshot, at) : earlier.later(snapshot, delta);
    ProxyView view = new ProxyView(scope, Collections.unmodifiableCollection(services.values()));
    RoleResources now =
        switch (at.role()) {
          case SIDECAR -> new SidecarResources(view, memos);
          case ROUTER -> new GatewayResources(view, memos);
        };
    Set<ServiceId> ofRules = new HashSet<>();
    Set<ServiceId> again = again(earlier, scope, delta, before, now, ofRules);
    boolean shared = earlier == null || ofShared(earlier, scope, delta, !ofRules.isEmpty());
    // Together, as a name may pass from one service to another.
    List<OfService> gone = new ArrayList<>();
    List<OfService> come = new ArrayList<>();
    for (ServiceId id : again) {
      Visible was = services.get(id);
      Visible is = snapshot.service(id).flatMap(scope::visible).orElse(null);
      shared |= headless(was) || headless(is);
      if (is == null) {
        services.remove(id);
        Stream.ofNullable(ofServices.remove(id)).forEach(gone::add);
      } else {
        services.put(id, is);
        OfService resources = now.of(is);
        Stream.ofNullable(ofServices.put(id, resources)).forEach(gone::add);
        come.add(resources);
      }
    }
    replace(
        XdsType.CLUSTER, all(gone, OfService::clusters), all(come, OfService::clusters), changes);
    replace(
        XdsType.ENDPOINT,
        all(gone, OfService::assignments),
        all(come, OfService::assignments),
        changes);
    if (shared) {
      Common next = now.common();
      for (XdsType type : XdsType.values()) {
        replace(type, common.told().all(type), next.told().all(type), changes);
      }
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
      @Nullable Scope earlier,
      Scope scope,
      SnapshotDelta delta,
      @Nullable RoleResources before,
      RoleResources now,
      Set<ServiceId> ofRules) {
    Set<ServiceId> again = new HashSet<>();
    delta.services().forEach(id -> again.addAll(scope.ofSameHost(id)));
    if (before == null
        || earlier == null
        || differsEverywhere(earlier, scope, delta, before, now)) {
      again.addAll(services.keySet());
      again.addAll(scope.snapshot().services().keySet());
      return again;
    }
    again.addAll(scope.reachedBesides(earlier));
    if (!delta.destinationRules().isEmpty()) {
      services.forEach(
          (id, visible) -> {
            Visible is = scope.visible(visible.service()).orElse(null);
            if (is == null || !Objects.equals(is.rule(), visible.rule())) {
              ofRules.add(id);
            }
          });
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
  private boolean ofShared(Scope earlier, Scope scope, SnapshotDelta delta, boolean rules) {
    return delta.settings()
        || !Objects.equals(earlier.sidecar(), scope.sidecar())
        || !earlier.destinations().equals(scope.destinations())
        || delta.servicesBeyondEndpoints().stream()
            .anyMatch(id -> earlier.mayShow(id) || scope.mayShow(id))
        || delta.virtualServices().stream()
            .anyMatch(ref -> earlier.mayShow(ref) || scope.mayShow(ref))
        || (scope.narrowed() ? rules : !delta.destinationRules().isEmpty())
        || !delta.gateways().isEmpty()
        || !delta.istioGateways().isEmpty()
        || !delta.credentials().isEmpty()
        || policiesOf(scope.snapshot(), delta)
        || at.telemetry().stream().anyMatch(delta.telemetries()::contains)
        || (at.pod() != null
            && scope.snapshot().servicesOf(at.pod()).stream().anyMatch(delta.services()::contains));
  }

  /** Whether policies of access may differ: they hold for what comes in, at gateways from here. */
  private boolean policiesOf(MeshSnapshot snapshot, SnapshotDelta delta) {
    return at.role() == ProxyRole.ROUTER
        && (delta.accessPolicies().contains(at.namespace())
            || delta.accessPolicies().contains(snapshot.settings().rootNamespace()));
  }

  private boolean headless(@Nullable Visible visible) {
    return visible != null && visible.service().headlessFor(at.cluster());
  }

  private static List<VersionedResource> all(
      List<OfService> services, Function<OfService, List<VersionedResource>> of) {
    return services.stream().flatMap(service -> of.apply(service).stream()).toList();
  }

  private void replace(
      XdsType type,
      Collection<VersionedResource> was,
      Collection<VersionedResource> is,
      Changes.Builder changes) {
    SortedMap<String, VersionedResource> all = byType.computeIfAbsent(type, t -> new TreeMap<>());
    Map<String, VersionedResource> before = new HashMap<>();
    was.forEach(resource -> before.put(resource.name(), resource));
    for (VersionedResource resource : is) {
      VersionedResource old = before.remove(resource.name());
      if (old != resource) {
        all.put(resource.name(), resource);
        if (old == null || !old.version().equals(resource.version())) {
          changes.add(type, resource.name());
        }
      }
    }
    before
        .keySet()
        .forEach(
            name -> {
              all.remove(name);
              changes.add(type, name);
            });
  }

  @Override
  public @Nullable VersionedResource get(XdsType type, String name) {
    SortedMap<String, VersionedResource> all = byType.get(type);
    VersionedResource told = all == null ? null : all.get(name);
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
    SortedMap<String, VersionedResource> all = byType.getOrDefault(type, new TreeMap<>());
    if (at.onDemand() && (type == XdsType.VIRTUAL_HOST || type == XdsType.NAME_TABLE)) {
      SortedMap<String, VersionedResource> made = new TreeMap<>(all);
      if (type == XdsType.VIRTUAL_HOST) {
        common.hosts().addTo(made);
      } else {
        common.names().addTo(made);
      }
      return made.values();
    }
    return Collections.unmodifiableCollection(all.values());
  }
}
