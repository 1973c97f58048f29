package dev.weft.translate;

import dev.weft.translate.ProxyView.Visible;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import java.time.Duration;
import java.util.List;

/** What sidecars are served for the calls of their pods. */
record SidecarResources(ProxyView view, ServiceClusters services, Memos memos)
    implements RoleResources {

  SidecarResources(ProxyView view, Memos memos) {
    this(view, new ServiceClusters(view), memos);
  }

  @Override
  public OfService of(Visible visible) {
    return new OfService(
        services.outbound(visible).stream().map(memos.outboundClusters::get).toList(),
        services.outboundEndpoints(visible).stream().map(memos.assignments::get).toList());
  }

  @Override
  public ResourceSet common() {
    Duration connectTimeout = view.snapshot().settings().connectTimeout();
    VirtualServices virtualServices = new VirtualServices(view);
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
            .add(
                XdsType.ROUTE,
                new SidecarRoutes(view, virtualServices)
                    .tables().stream().map(memos.routeTables::get).toList())
            .add(XdsType.SECRET, memos.secrets(view, services.credentials().stream()));
    if (view.at().dnsCapture()) {
      resources.add(XdsType.NAME_TABLE, List.of(memos.nameTables.get(NameTables.of(view))));
    }
    return resources.build();
  }

  @Override
  public boolean treatsServicesLike(RoleResources earlier) {
    return true;
  }
}
