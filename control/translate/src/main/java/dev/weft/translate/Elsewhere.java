package dev.weft.translate;

import dev.weft.config.SidecarSpec.Unknown;
import dev.weft.config.VirtualService.Destination;
import dev.weft.xds.ClusterName;

/** What becomes of what a sidecar's pod sends to hosts that the sidecar does not know. */
sealed interface Elsewhere {
  /** It goes to this cluster. */
  record Forwarded(ClusterName to) implements Elsewhere {}

  /** It goes nowhere. */
  record Refused() implements Elsewhere {}

  /**
   * As the Sidecar or the mesh says. Istio: pilot/pkg/networking/core/httproute.go
   * buildCatchAllVirtualHost.
   */
  static Elsewhere of(ProxyView view, Aliases aliases) {
    Unknown unknown = view.scope().unknown();
    Destination proxy = unknown.proxy();
    return switch (unknown.policy()) {
      case REGISTRY_ONLY -> new Refused();
      case ALLOW_ANY ->
          new Forwarded(
              proxy == null
                  ? ClusterName.Special.PASSTHROUGH
                  : new ClusterName.Outbound(
                      proxy.port(),
                      proxy.subset(),
                      aliases.target(view.scope().proxyHost().orElse(proxy.host()))));
    };
  }
}
