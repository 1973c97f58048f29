package dev.weft.translate;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;

/**
 * From a snapshot to the resources of proxies. What proxies share is translated once: each resource
 * is a pure function of one input record, and that record is the key under which it is remembered.
 * Thread-safe.
 */
public final class Translation {
  private final Memos memos = new Memos();

  /** Everything that the proxy may ask for, from scratch. */
  public ResourceSet resources(MeshSnapshot snapshot, ProxyNode node) {
    ViewResources view = view(Viewpoint.of(snapshot, node, PolicyReads.of(snapshot)), snapshot);
    ResourceSet own = own(snapshot, node);
    ResourceSet.Builder all = ResourceSet.builder();
    for (XdsType type : XdsType.values()) {
      all.add(type, view.all(type)).add(type, own.all(type));
    }
    return all.build();
  }

  /** What the proxies of a viewpoint are served of the mesh. */
  public ViewResources view(Viewpoint at, MeshSnapshot snapshot) {
    return new ViewResources(at, snapshot, memos);
  }

  /** What a proxy is served for its own pod alone. */
  public ResourceSet own(MeshSnapshot snapshot, ProxyNode node) {
    return switch (node.role()) {
      case ROUTER -> ResourceSet.EMPTY;
      case SIDECAR -> {
        SidecarInbound inbound = new SidecarInbound(snapshot, node);
        yield ResourceSet.builder()
            .add(
                XdsType.LISTENER,
                inbound.listeners().stream().map(memos.inboundListeners::get).toList())
            .add(
                XdsType.CLUSTER,
                inbound.clusters().stream().map(memos.inboundClusters::get).toList())
            .build();
      }
    };
  }

  /** How often a resource was made, and not remembered. */
  public long translations() {
    return memos.translations();
  }

  /** How many resources are in use, or were until the last garbage collection. */
  public long remembered() {
    return memos.size();
  }
}
