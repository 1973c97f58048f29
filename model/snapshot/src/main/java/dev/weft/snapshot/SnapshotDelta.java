package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.CredentialKey;
import dev.weft.config.ObjectRef;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.Set;
import java.util.TreeSet;

/**
 * What differs between a snapshot and the previous one. Sets name what is new, gone or different,
 * in order. The first snapshot differs in everything.
 *
 * @param peerAuthentications the namespaces of those that differ
 * @param accessPolicies the namespaces of those that differ
 * @param destinationRules by the hosts that they are for, after merging
 * @param gateways Istio's Gateway objects
 * @param sidecars Sidecar objects
 * @param telemetries Telemetry objects
 * @param envoyFilters EnvoyFilter objects
 * @param namespaces of the config API
 * @param services in anything
 * @param servicesBeyondEndpoints those of {@code services} that differ in more than their endpoints
 */
public record SnapshotDelta(
    boolean settings,
    boolean networkGateways,
    Set<String> peerAuthentications,
    Set<String> accessPolicies,
    Set<RuleKey> destinationRules,
    Set<ObjectRef> gateways,
    Set<ObjectRef> virtualServices,
    Set<ObjectRef> istioGateways,
    Set<ObjectRef> sidecars,
    Set<ObjectRef> telemetries,
    Set<ObjectRef> envoyFilters,
    Set<String> namespaces,
    Set<CredentialKey> credentials,
    Set<ClusterId> clusters,
    Set<ServiceId> services,
    Set<ServiceId> servicesBeyondEndpoints,
    Set<WorkloadKey> workloads) {
  public SnapshotDelta {
    peerAuthentications = Copies.set(peerAuthentications);
    accessPolicies = Copies.set(accessPolicies);
    destinationRules = Copies.set(destinationRules);
    gateways = Copies.set(gateways);
    virtualServices = Copies.set(virtualServices);
    istioGateways = Copies.set(istioGateways);
    sidecars = Copies.set(sidecars);
    telemetries = Copies.set(telemetries);
    envoyFilters = Copies.set(envoyFilters);
    namespaces = Copies.set(namespaces);
    credentials = Copies.set(credentials);
    clusters = Copies.set(clusters);
    services = Copies.set(services);
    servicesBeyondEndpoints = Copies.set(servicesBeyondEndpoints);
    workloads = Copies.set(workloads);
  }

  /** Whether nothing differs that a proxy could see. */
  public boolean invisibleToProxies() {
    return !settings
        && !networkGateways
        && peerAuthentications.isEmpty()
        && accessPolicies.isEmpty()
        && destinationRules.isEmpty()
        && gateways.isEmpty()
        && virtualServices.isEmpty()
        && sidecars.isEmpty()
        && telemetries.isEmpty()
        && envoyFilters.isEmpty()
        && credentials.isEmpty()
        && clusters.isEmpty()
        && services.isEmpty()
        && workloads.isEmpty();
  }

  /** Whether nothing differs at all. */
  public boolean nothing() {
    return invisibleToProxies() && istioGateways.isEmpty() && namespaces.isEmpty();
  }

  /**
   * What may differ after this change and then another one, for a reader that skipped the one in
   * between. It includes what was changed and then changed back.
   *
   * @param later of the snapshot after this one
   */
  public SnapshotDelta and(SnapshotDelta later) {
    return new SnapshotDelta(
        settings || later.settings,
        networkGateways || later.networkGateways,
        union(peerAuthentications, later.peerAuthentications),
        union(accessPolicies, later.accessPolicies),
        union(destinationRules, later.destinationRules),
        union(gateways, later.gateways),
        union(virtualServices, later.virtualServices),
        union(istioGateways, later.istioGateways),
        union(sidecars, later.sidecars),
        union(telemetries, later.telemetries),
        union(envoyFilters, later.envoyFilters),
        union(namespaces, later.namespaces),
        union(credentials, later.credentials),
        union(clusters, later.clusters),
        union(services, later.services),
        union(servicesBeyondEndpoints, later.servicesBeyondEndpoints),
        union(workloads, later.workloads));
  }

  private static <T extends Comparable<? super T>> Set<T> union(Set<T> a, Set<T> b) {
    Set<T> all = new TreeSet<>(a);
    all.addAll(b);
    return all;
  }
}
