package dev.weft.translate;

import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.ServiceTable.Advanced;
import dev.weft.types.ServiceId;
import dev.weft.xds.ResourceSet;
import java.util.Map;
import java.util.Optional;

/** What proxies of a role are served at a viewpoint, of one snapshot, in two parts. */
sealed interface RoleResources permits SidecarResources, GatewayResources {
  /** The services of a viewpoint that has no table of them yet. */
  ServiceTable services(Map<ServiceId, Visible> visible);

  /**
   * The services, as they were at an earlier snapshot and with these as they are now; those that
   * are empty are not seen any more.
   */
  Advanced advance(ServiceTable was, Map<ServiceId, Optional<Visible>> now);

  /**
   * Everything else.
   *
   * @param told listeners, routes, Secrets and the clusters that are no service's
   * @param hosts beside the route tables, for proxies on demand
   * @param names instead of a name table, for proxies on demand
   */
  record Common(ResourceSet told, VirtualHostsByName hosts, NamesByName names) {}

  /** What no service has alone. */
  Common common();

  /**
   * Whether a service that is the same as in an earlier snapshot has the same resources, as far as
   * the role's own configuration decides that.
   */
  boolean treatsServicesLike(RoleResources earlier);
}
