package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.Set;

/**
 * What differs between a snapshot and the one before. The first snapshot differs in everything.
 *
 * @param services changed, new or gone, in anything
 * @param servicesBeyondEndpoints those of {@code services} that changed in more than their
 *     endpoints
 * @param workloads changed, new or gone
 * @param clusters changed, new or gone
 */
public record SnapshotDelta(
    boolean settings,
    boolean networkGateways,
    boolean peerAuthentications,
    boolean destinationRules,
    boolean gateways,
    boolean virtualServices,
    boolean istioGateways,
    boolean namespaces,
    boolean credentials,
    Set<ClusterId> clusters,
    Set<ServiceId> services,
    Set<ServiceId> servicesBeyondEndpoints,
    Set<WorkloadKey> workloads,
    boolean diagnostics) {
  public SnapshotDelta {
    clusters = Copies.set(clusters);
    services = Copies.set(services);
    servicesBeyondEndpoints = Copies.set(servicesBeyondEndpoints);
    workloads = Copies.set(workloads);
  }

  /** Whether nothing differs that a proxy could see. */
  public boolean invisibleToProxies() {
    return !settings
        && !networkGateways
        && !peerAuthentications
        && !destinationRules
        && !gateways
        && !virtualServices
        && !credentials
        && clusters.isEmpty()
        && services.isEmpty()
        && workloads.isEmpty();
  }

  /** Whether nothing differs at all. */
  public boolean nothing() {
    return invisibleToProxies() && !istioGateways && !namespaces && !diagnostics;
  }
}
