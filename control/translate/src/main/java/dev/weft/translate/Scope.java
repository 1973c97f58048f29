package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.config.ObjectRef;
import dev.weft.config.SidecarSpec;
import dev.weft.config.SidecarSpec.Egress;
import dev.weft.config.SidecarSpec.Unknown;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.Destination;
import dev.weft.snapshot.AliasTarget;
import dev.weft.snapshot.Collectors;
import dev.weft.snapshot.Delegates;
import dev.weft.snapshot.HostNames;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SidecarImports;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.Visibility;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What of the mesh a viewpoint is told of: what is exported to its namespace, and of that, where a
 * Sidecar holds, what this imports. Istio: pilot/pkg/model/sidecar.go.
 *
 * @param sidecar that holds there; null for none
 * @param destinations hosts that routes lead to which the Sidecar imports, where it sends what is
 *     for unknown ones, and those that take spans
 */
record Scope(
    MeshSnapshot snapshot, Viewpoint at, @Nullable SidecarSpec sidecar, Set<String> destinations) {
  Scope {
    destinations = Copies.set(destinations);
  }

  static Scope of(MeshSnapshot snapshot, Viewpoint at) {
    @Nullable SidecarSpec sidecar =
        at.sidecar() == null ? null : snapshot.sidecars().get(at.sidecar()).orElse(null);
    Scope direct = new Scope(snapshot, at, sidecar, Set.of());
    return direct.narrowed()
        ? new Scope(snapshot, at, sidecar, direct.routeDestinations())
        : direct;
  }

  /** The same viewpoint's in a later snapshot. */
  Scope later(MeshSnapshot later, SnapshotDelta delta) {
    boolean collectors =
        !delta.servicesBeyondEndpoints().isEmpty()
            && !snapshot.settings().traces().providers().isEmpty();
    boolean same =
        delta.virtualServices().isEmpty()
            && delta.sidecars().isEmpty()
            && !delta.settings()
            && !collectors;
    return same ? new Scope(later, at, sidecar, destinations) : of(later, at);
  }

  /** Services that routes lead to now, or did earlier, and not both. */
  Set<ServiceId> reachedBesides(Scope earlier) {
    Set<ServiceId> ids = new TreeSet<>();
    if (!destinations.equals(earlier.destinations)) {
      Set<String> hosts = new TreeSet<>(destinations);
      hosts.addAll(earlier.destinations);
      hosts.removeIf(h -> destinations.contains(h) && earlier.destinations.contains(h));
      hosts.forEach(host -> ids.addAll(ofHost(host)));
    }
    return ids;
  }

  /** Whether something of a service is told; without a Sidecar, whether it might be. */
  boolean mayShow(ServiceId id) {
    return !narrowed() || snapshot.service(id).filter(this::shows).isPresent();
  }

  /** Whether something of a VirtualService is told, or of one that delegates to it. */
  boolean mayShow(ObjectRef routes) {
    return !narrowed()
        || snapshot.virtualServices().stream()
            .filter(v -> v.ref().equals(routes))
            .anyMatch(v -> v.hosts().isEmpty() || shows(v));
  }

  /** Whether it is told of less than is exported to it. */
  boolean narrowed() {
    return sidecar != null && !sidecar.egress().isEmpty();
  }

  /** What becomes of traffic for hosts that it does not know, as it is written. */
  Unknown unknown() {
    return Unknown.of(sidecar, snapshot.settings());
  }

  /** Where else than at the addresses of services it listens, and for which of them. */
  List<Egress> egress() {
    return sidecar == null ? List.of() : sidecar.egress();
  }

  /**
   * Whether a service is shown. Of several with one host name it is that of clusters, else the
   * oldest.
   */
  boolean shows(MeshService service) {
    return reaches(service) && !hidden(service);
  }

  /** A service as it is seen; empty where it is not, or is nothing but a name of another one. */
  Optional<Visible> visible(MeshService service) {
    return shows(service) && !AliasTarget.isAlias(snapshot, service)
        ? Optional.of(
            new Visible(
                service,
                snapshot
                    .destinationRules()
                    .find(at.namespace(), at.labels(), service.id(), service.hostname())
                    .orElse(null)))
        : Optional.empty();
  }

  boolean shows(VirtualService routes) {
    String namespace = routes.meta().namespace();
    return Visibility.visible(routes.exportTo(), namespace, at.namespace())
        && (!narrowed() || egress().stream().anyMatch(each -> imports(each, routes)));
  }

  /** Whether an entry of the Sidecar imports a host of a VirtualService. */
  boolean imports(Egress by, VirtualService routes) {
    String namespace = routes.meta().namespace();
    return routes.hosts().stream()
        .anyMatch(h -> SidecarImports.imports(by, at.namespace(), namespace, full(h, routes)));
  }

  /** Whether an entry of the Sidecar imports a service: one for a port, those that have it. */
  boolean imports(Egress by, MeshService service) {
    return SidecarImports.imports(snapshot, by, at.namespace(), service);
  }

  /** Whether a route leads to a service that need not be imported otherwise. */
  boolean routesTo(MeshService service) {
    return destinations.contains(service.hostname());
  }

  private String full(String host, VirtualService routes) {
    return HostNames.full(host, routes.meta().namespace(), snapshot.settings().domainSuffix());
  }

  /** Whether the service is there for it, apart from others with the same host. */
  private boolean reaches(MeshService service) {
    return service.visibleTo(at.namespace())
        // Another cluster's own service is nothing that this one could reach.
        && (!service.clusterLocal() || service.clusters().contains(at.cluster()))
        && (!narrowed()
            || egress().stream().anyMatch(each -> imports(each, service))
            || routesTo(service));
  }

  private Set<String> routeDestinations() {
    Delegates delegates = Delegates.of(snapshot);
    Set<String> hosts = new TreeSet<>();
    // A proxy sends spans itself, whatever its pod may call.
    snapshot
        .settings()
        .traces()
        .providers()
        .forEach(p -> Collectors.service(snapshot, p).ifPresent(s -> hosts.add(s.hostname())));
    proxyHost().ifPresent(hosts::add);
    for (VirtualService routes : snapshot.virtualServices()) {
      if (shows(routes) && routes.gateways().contains(VirtualService.MESH)) {
        delegates
            .http(routes)
            .forEach(
                routed -> {
                  VirtualService by = routed.by();
                  routed.route().destinations().forEach(d -> hosts.add(full(d.host(), by)));
                });
        routes.bytesDestinations().forEach(d -> hosts.add(full(d.host(), routes)));
      }
    }
    return hosts;
  }

  /** The full name of the host that traffic for unknown ones is sent to. */
  Optional<String> proxyHost() {
    Destination proxy = unknown().proxy();
    return sidecar == null || proxy == null
        ? Optional.empty()
        : Optional.of(
            HostNames.full(
                proxy.host(), sidecar.meta().namespace(), snapshot.settings().domainSuffix()));
  }

  /** Whether another service has the host name. */
  private boolean hidden(MeshService service) {
    if (service.entry().isEmpty()) {
      return false;
    }
    String host = service.hostname();
    if (snapshot.clusterName(host).filter(this::reaches).isPresent()) {
      return true;
    }
    for (ServiceId id : snapshot.entryHosts().of(host)) {
      if (id.equals(service.id())) {
        return false;
      }
      if (reaches(id)) {
        return true;
      }
    }
    return false;
  }

  private boolean reaches(ServiceId id) {
    return snapshot.service(id).filter(this::reaches).isPresent();
  }

  /** The services that a change of one may hide or uncover, and that one. */
  Set<ServiceId> ofSameHost(ServiceId id) {
    String name = id.name();
    Set<ServiceId> ids = ofHost(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    ids.addAll(ofHost(id.hostname(snapshot.settings().domainSuffix())));
    ids.add(id);
    return ids;
  }

  /** The services of a host name, shown or not. */
  Set<ServiceId> ofHost(String host) {
    Set<ServiceId> ids = new TreeSet<>(snapshot.entryHosts().of(host));
    snapshot.clusterName(host).ifPresent(ids::add);
    return ids;
  }
}
