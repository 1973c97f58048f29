package dev.weft.translate;

import dev.weft.translate.ProxyView.Visible;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import java.time.Duration;
import java.util.List;

/** What sidecars are served for the calls of their pods. */
record SidecarResources(
    ProxyView view, ServiceClusters services, Memos memos, Neighbours neighbours)
    implements RoleResources {

  SidecarResources(ProxyView view, Memos memos) {
    this(
        view,
        new ServiceClusters(view),
        memos,
        memos.neighbours.get(new Neighbours.Key(view.snapshot(), view.at())));
  }

  @Override
  public OfService of(Visible visible) {
    return neighbours.get(visible, this::look);
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
    VirtualServices virtualServices = new VirtualServices(view);
    SidecarRoutes.Told routes = new SidecarRoutes(view, virtualServices).told(memos.hosts::intern);
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
                new SidecarListeners(view, virtualServices)
                    .outbound().stream().map(memos.outboundListeners::get).toList())
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
