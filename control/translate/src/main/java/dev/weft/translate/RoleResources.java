package dev.weft.translate;

import dev.weft.translate.ProxyView.Visible;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import java.util.List;

/** What proxies of a role are served at a viewpoint, of one snapshot, in two parts. */
sealed interface RoleResources permits SidecarResources, GatewayResources {
  /** What there is of one service alone. */
  record OfService(List<VersionedResource> clusters, List<VersionedResource> assignments) {
    static final OfService NOTHING = new OfService(List.of(), List.of());

    public OfService {
      clusters = List.copyOf(clusters);
      assignments = List.copyOf(assignments);
    }
  }

  /** Of a service: its clusters and their endpoints. */
  OfService of(Visible visible);

  /**
   * Everything else.
   *
   * @param told listeners, routes, Secrets and the clusters that are no service's
   * @param hosts beside the route tables, for proxies on demand
   * @param names instead of a name table, for proxies on demand
   */
  record Common(ResourceSet told, VirtualHostsByName hosts, NamesByName names) {
    static final Common NOTHING =
        new Common(ResourceSet.EMPTY, VirtualHostsByName.NONE, NamesByName.NONE);
  }

  Common common();

  /**
   * Whether a service that is the same as in an earlier snapshot has the same resources, as far as
   * the role's own configuration decides that.
   */
  boolean treatsServicesLike(RoleResources earlier);
}
