package dev.weft.translate;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * From a snapshot to the resources of a proxy. What proxies share is translated once: each resource
 * is a pure function of one input record, and that record is the key under which it is remembered.
 * Thread-safe.
 */
public final class Translation {
  private static final int REMEMBERED = 50_000;

  private final Memo<OutboundClusterInputs> outboundClusters =
      new Memo<>(
          REMEMBERED,
          in -> VersionedResource.of(in.name().format(), OutboundClusterTranslator.translate(in)));
  private final Memo<OwnClusters.InboundInputs> inboundClusters =
      new Memo<>(REMEMBERED, in -> named(OwnClusters.inbound(in)));
  private final Memo<Duration> passthroughClusters =
      new Memo<>(16, timeout -> named(OwnClusters.passthrough(timeout)));
  private final Memo<Duration> inboundPassthroughClusters =
      new Memo<>(16, timeout -> named(OwnClusters.inboundPassthrough(timeout)));
  private final Memo<Duration> blackHoleClusters =
      new Memo<>(16, timeout -> named(OwnClusters.blackHole(timeout)));
  private final Memo<LoadAssignmentInputs> assignments =
      new Memo<>(
          REMEMBERED,
          in -> VersionedResource.of(in.cluster(), LoadAssignmentTranslator.translate(in)));
  private final Memo<OutboundListenerInputs> outboundListeners =
      new Memo<>(REMEMBERED, in -> named(OutboundListenerTranslator.translate(in)));
  private final Memo<InboundListenerInputs> inboundListeners =
      new Memo<>(REMEMBERED, in -> named(InboundListenerTranslator.translate(in)));
  private final Memo<PassthroughListenerInputs> passthroughListeners =
      new Memo<>(REMEMBERED, in -> named(PassthroughListenerTranslator.translate(in)));
  private final Memo<GatewayListenerInputs> gatewayListeners =
      new Memo<>(REMEMBERED, in -> named(GatewayListenerTranslator.translate(in)));
  private final Memo<RouteTableInputs> routeTables =
      new Memo<>(
          REMEMBERED, in -> VersionedResource.of(in.name(), RouteTableTranslator.translate(in)));
  private final Memo<SecretInputs> secrets =
      new Memo<>(REMEMBERED, in -> VersionedResource.of(in.name(), SecretTranslator.translate(in)));
  private final Memo<NameTableInputs> nameTables =
      new Memo<>(
          REMEMBERED, in -> VersionedResource.of("name-table", NameTableTranslator.translate(in)));

  /** Everything that the proxy may ask for. */
  public ResourceSet resources(MeshSnapshot snapshot, ProxyNode node) {
    ProxyView view = ProxyView.of(snapshot, node);
    return switch (node.role()) {
      case SIDECAR -> sidecar(view);
      case ROUTER -> router(view);
    };
  }

  /**
   * A new snapshot was published: what no proxy had of the last two is forgotten. Who still asks
   * for it gets it made again.
   */
  public void nextGeneration() {
    memos().forEach(Memo::nextGeneration);
  }

  /** How often a resource was made, and not remembered. */
  public long translations() {
    return memos().mapToLong(Memo::misses).sum();
  }

  /** How many resources are remembered. */
  public long remembered() {
    return memos().mapToLong(Memo::size).sum();
  }

  private Stream<Memo<?>> memos() {
    return Stream.of(
        outboundClusters,
        inboundClusters,
        passthroughClusters,
        inboundPassthroughClusters,
        blackHoleClusters,
        assignments,
        outboundListeners,
        inboundListeners,
        passthroughListeners,
        gatewayListeners,
        routeTables,
        secrets,
        nameTables);
  }

  private ResourceSet sidecar(ProxyView view) {
    ServiceClusters services = new ServiceClusters(view);
    SidecarListeners listeners = new SidecarListeners(view);
    Duration connectTimeout = view.snapshot().settings().connectTimeout();
    List<VersionedResource> clusters = new ArrayList<>();
    services.outbound().forEach(in -> clusters.add(outboundClusters.get(in)));
    listeners.inboundClusters().forEach(in -> clusters.add(inboundClusters.get(in)));
    clusters.add(blackHoleClusters.get(connectTimeout));
    clusters.add(passthroughClusters.get(connectTimeout));
    clusters.add(inboundPassthroughClusters.get(connectTimeout));
    ResourceSet.Builder resources =
        ResourceSet.builder()
            .add(XdsType.CLUSTER, clusters)
            .add(
                XdsType.ENDPOINT,
                services.outboundEndpoints().stream().map(assignments::get).toList())
            .add(
                XdsType.LISTENER,
                listeners.outbound().stream().map(outboundListeners::get).toList())
            .add(XdsType.LISTENER, List.of(inboundListeners.get(listeners.inbound())))
            .add(
                XdsType.ROUTE,
                new SidecarRoutes(view).tables().stream().map(routeTables::get).toList())
            .add(XdsType.SECRET, secrets(view, services.credentials().stream()));
    if (view.node().dnsCapture()) {
      resources.add(XdsType.NAME_TABLE, List.of(nameTables.get(NameTables.of(view))));
    }
    return resources.build();
  }

  private ResourceSet router(ProxyView view) {
    ServiceClusters services = new ServiceClusters(view);
    GatewayTraffic traffic = new GatewayTraffic(view, services);
    List<ServiceClusters.Passage> passages = traffic.passages();
    List<VersionedResource> clusters = new ArrayList<>();
    List<VersionedResource> endpoints = new ArrayList<>();
    services.passthrough(passages).forEach(in -> clusters.add(outboundClusters.get(in)));
    services.passthroughEndpoints(passages).forEach(in -> endpoints.add(assignments.get(in)));
    Stream<String> names = traffic.credentials().stream();
    // A gateway that only passes TLS on calls nobody, and need not know the mesh.
    if (traffic.callsServices()) {
      names = Stream.concat(names, services.credentials().stream());
      services.outbound().forEach(in -> clusters.add(outboundClusters.get(in)));
      services.outboundEndpoints().forEach(in -> endpoints.add(assignments.get(in)));
    }
    clusters.add(blackHoleClusters.get(view.snapshot().settings().connectTimeout()));
    List<VersionedResource> listeners = new ArrayList<>();
    traffic.passthroughListeners().forEach(in -> listeners.add(passthroughListeners.get(in)));
    traffic.listeners().forEach(in -> listeners.add(gatewayListeners.get(in)));
    return ResourceSet.builder()
        .add(XdsType.CLUSTER, clusters)
        .add(XdsType.ENDPOINT, endpoints)
        .add(XdsType.LISTENER, listeners)
        .add(XdsType.ROUTE, traffic.routeTables().stream().map(routeTables::get).toList())
        .add(XdsType.SECRET, secrets(view, names))
        .build();
  }

  private List<VersionedResource> secrets(ProxyView view, Stream<String> names) {
    return SecretInputs.of(view, names).stream().map(secrets::get).toList();
  }

  private static VersionedResource named(io.envoyproxy.envoy.config.cluster.v3.Cluster cluster) {
    return VersionedResource.of(cluster.getName(), cluster);
  }

  private static VersionedResource named(io.envoyproxy.envoy.config.listener.v3.Listener listener) {
    return VersionedResource.of(listener.getName(), listener);
  }
}
