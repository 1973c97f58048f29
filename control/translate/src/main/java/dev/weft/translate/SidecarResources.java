package dev.weft.translate;

import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.ServiceTable.Advanced;
import dev.weft.types.ServiceId;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What sidecars are served for the calls of their pods. */
record SidecarResources(
    ProxyView view, ServiceClusters services, Memos memos, SharedTables sharedTables)
    implements RoleResources {

  SidecarResources(ProxyView view, Memos memos) {
    this(
        view,
        new ServiceClusters(view),
        memos,
        memos.sharedTables.get(new SharedTables.Key(view.snapshot(), view.at())));
  }

  @Override
  public ServiceTable services(Map<ServiceId, Visible> visible) {
    return sharedTables.whole(visible, this::look);
  }

  @Override
  public Advanced advance(ServiceTable was, Map<ServiceId, Optional<Visible>> now) {
    return sharedTables.advance(was, now, this::look);
  }

  private OfService look(Visible visible) {
    return memos.ofServices.intern(
        new OfService(
            services.outbound(visible).stream().map(memos.outboundClusters::get).toList(),
            services.outboundEndpoints(visible).stream().map(memos.assignments::get).toList()));
  }

  @Override
  public Common common() {
    Duration connectTimeout = view.snapshot().settings().connectTimeout();
    List<Outlet> outlets = Outlet.of(view);
    Elsewhere elsewhere = Elsewhere.of(view, outlets.getFirst().routes().aliases());
    SidecarRoutes.Told routes =
        new SidecarRoutes(view, outlets, elsewhere, sharedTables, memos.hosts).told();
    ResourceSet.Builder resources =
        ResourceSet.builder()
            .add(
                XdsType.CLUSTER,
                List.of(
                    memos.blackHoleClusters.get(connectTimeout),
                    memos.passthroughClusters.get(connectTimeout),
                    memos.inboundPassthroughClusters.get(connectTimeout)))
            .add(
                XdsType.LISTENER,
                SidecarListeners.outbound(view, outlets, elsewhere).stream()
                    .map(memos.outboundListeners::get)
                    .toList())
            .add(XdsType.ROUTE, routes.tables().stream().map(memos.routeTables::get).toList())
            .add(XdsType.SECRET, memos.secrets(view, services.credentials().stream()));
    NamesByName names = NamesByName.NONE;
    if (view.at().dnsCapture()) {
      NameTableInputs table = NameTables.of(view);
      if (view.at().onDemand()) {
        names = new NamesByName(view.namespace(), table);
      } else {
        resources.add(XdsType.NAME_TABLE, List.of(memos.nameTables.get(table)));
      }
    }
    return new Common(resources.build(), routes.byName(), names);
  }

  @Override
  public boolean treatsServicesLike(RoleResources earlier) {
    return true;
  }
}
