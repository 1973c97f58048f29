package dev.weft.translate;

import dev.weft.config.SidecarSpec;
import dev.weft.config.SidecarSpec.Egress;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.AppProtocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Where a sidecar listens for some of what its pod calls: by an entry of its Sidecar, or for all at
 * the addresses of services. Istio: pilot/pkg/networking/core/listener.go
 * buildSidecarOutboundListeners.
 *
 * @param services that are called there, in the order of their names
 * @param routes that hold there
 */
record Outlet(Egress egress, Collection<Visible> services, VirtualServices routes) {
  private static final Egress EVERYWHERE = new Egress(null, "", false, List.of());

  /** Those of a sidecar; where two would listen at one place, the first one does. */
  static List<Outlet> of(ProxyView view) {
    Scope scope = view.scope();
    List<Egress> entries = scope.egress();
    if (entries.stream().allMatch(each -> each.port() == null && each.address().isEmpty())) {
      return List.of(new Outlet(EVERYWHERE, view.services(), new VirtualServices(view)));
    }
    List<Outlet> outlets = new ArrayList<>();
    for (Egress each : entries) {
      boolean others = each.port() == null;
      outlets.add(
          new Outlet(
              each,
              view.services().stream()
                  .filter(
                      visible ->
                          scope.imports(each, visible.service())
                              || (others && scope.routesTo(visible.service())))
                  .toList(),
              new VirtualServices(view, routes -> scope.imports(each, routes))));
    }
    return outlets;
  }

  /** Where it listens, whatever the addresses of services are; empty for these. */
  String address() {
    return egress.address();
  }

  /** Whether it has sockets of its own. */
  boolean socket() {
    return egress.socket();
  }

  /**
   * The ports of a service that are called there; an entry for a port says what is spoken on it.
   */
  List<ServicePort> ports(Visible visible) {
    SidecarSpec.Port own = egress.port();
    return own == null
        ? visible.ports()
        : visible.service().port(own.number()).stream()
            .filter(port -> port.protocol() != AppProtocol.UDP)
            .map(port -> new ServicePort(port.number(), port.name(), own.protocol()))
            .toList();
  }
}
