package dev.weft.translate;

import dev.weft.config.VirtualService;
import dev.weft.snapshot.AliasTarget;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Visibility;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.ServiceId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What of the mesh a viewpoint is told of. Istio: pilot/pkg/model/sidecar.go. */
record Scope(MeshSnapshot snapshot, Viewpoint at) {

  /**
   * Whether a service is shown. Of several with one host name it is that of clusters, else the
   * oldest.
   */
  boolean shows(MeshService service) {
    return exported(service) && !hidden(service);
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
    return Visibility.visible(routes.exportTo(), routes.meta().namespace(), at.namespace());
  }

  private boolean exported(MeshService service) {
    return service.visibleTo(at.namespace())
        // Another cluster's own service is nothing that this one could reach.
        && (!service.clusterLocal() || service.clusters().contains(at.cluster()));
  }

  /** Whether another service has the host name. */
  private boolean hidden(MeshService service) {
    if (service.entry().isEmpty()) {
      return false;
    }
    String host = service.hostname();
    if (snapshot.clusterName(host).filter(this::exported).isPresent()) {
      return true;
    }
    for (ServiceId id : snapshot.entryHosts().of(host)) {
      if (id.equals(service.id())) {
        return false;
      }
      if (exported(id)) {
        return true;
      }
    }
    return false;
  }

  private boolean exported(ServiceId id) {
    return snapshot.service(id).filter(this::exported).isPresent();
  }

  /** The services that a change of one may hide or uncover, and that one. */
  Set<ServiceId> ofSameHost(ServiceId id) {
    Set<ServiceId> ids = new TreeSet<>(snapshot.entryHosts().of(id.name()));
    ids.addAll(snapshot.entryHosts().of(id.hostname(snapshot.settings().domainSuffix())));
    snapshot.clusterName(id.name()).ifPresent(ids::add);
    ids.add(id);
    return ids;
  }
}
