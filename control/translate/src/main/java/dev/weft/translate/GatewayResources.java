package dev.weft.translate;

import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.ServiceClusters.Passage;
import dev.weft.translate.ServiceTable.Advanced;
import dev.weft.translate.ServiceTable.Seen;
import dev.weft.types.ServiceId;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What gateways are served. */
final class GatewayResources implements RoleResources {
  private final ProxyView view;
  private final Memos memos;
  private final ServiceClusters services;
  private final GatewayTraffic traffic;
  private final Set<String> passing;
  // A gateway that only passes TLS on calls nobody, and need not know the mesh.
  private final boolean calls;

  GatewayResources(ProxyView view, Memos memos) {
    this.view = view;
    this.memos = memos;
    this.services = new ServiceClusters(view);
    this.traffic = new GatewayTraffic(view, services);
    this.passing = traffic.passingHosts();
    this.calls = traffic.callsServices();
  }

  @Override
  public ServiceTable services(Map<ServiceId, Visible> visible) {
    Map<ServiceId, Optional<Visible>> all = new HashMap<>();
    visible.forEach((id, each) -> all.put(id, Optional.of(each)));
    return advance(ServiceTable.EMPTY, all).table();
  }

  @Override
  public Advanced advance(ServiceTable was, Map<ServiceId, Optional<Visible>> now) {
    Map<ServiceId, Optional<Seen>> seen = new HashMap<>();
    now.forEach((id, each) -> seen.put(id, each.map(v -> new Seen(v, look(v)))));
    return was.with(seen);
  }

  private OfService look(Visible visible) {
    List<VersionedResource> clusters = new ArrayList<>();
    List<VersionedResource> assignments = new ArrayList<>();
    List<Passage> passages = ServiceClusters.passages(visible, passing);
    services.passthrough(passages).forEach(in -> clusters.add(memos.outboundClusters.get(in)));
    services
        .passthroughEndpoints(passages)
        .forEach(in -> assignments.add(memos.assignments.get(in)));
    if (calls) {
      services.outbound(visible).forEach(in -> clusters.add(memos.outboundClusters.get(in)));
      services.outboundEndpoints(visible).forEach(in -> assignments.add(memos.assignments.get(in)));
    }
    return new OfService(clusters, assignments);
  }

  @Override
  public Common common() {
    Stream<String> secrets = traffic.credentials().stream();
    if (calls) {
      secrets = Stream.concat(secrets, services.credentials().stream());
    }
    VirtualServices routes = new VirtualServices(view);
    List<VersionedResource> listeners = new ArrayList<>();
    traffic.passthroughListeners().forEach(in -> listeners.add(memos.passthroughListeners.get(in)));
    traffic.listeners(routes).forEach(in -> listeners.add(memos.gatewayListeners.get(in)));
    ResourceSet.Builder told =
        ResourceSet.builder()
            .add(
                XdsType.CLUSTER,
                List.of(memos.blackHoleClusters.get(view.snapshot().settings().connectTimeout())))
            .add(XdsType.LISTENER, listeners)
            .add(
                XdsType.ROUTE,
                traffic.routeTables(routes).stream().map(memos.routeTables::get).toList())
            .add(XdsType.SECRET, memos.secrets(view, secrets));
    return new Common(told.build(), VirtualHostsByName.NONE, NamesByName.NONE);
  }

  @Override
  public boolean treatsServicesLike(RoleResources earlier) {
    return earlier instanceof GatewayResources gateway
        && passing.equals(gateway.passing)
        && calls == gateway.calls;
  }
}
