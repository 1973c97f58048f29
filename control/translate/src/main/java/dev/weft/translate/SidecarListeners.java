package dev.weft.translate;

import dev.weft.config.MeshSettings;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.OutboundListenerInputs.Kind;
import dev.weft.translate.OutboundListenerInputs.Target;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.AppProtocol;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ListenerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the listeners of a sidecar for its own calls depend on. */
final class SidecarListeners {
  private final ProxyView view;
  private final MeshSettings settings;
  private final VirtualServices virtualServices;

  SidecarListeners(ProxyView view, VirtualServices virtualServices) {
    this.view = view;
    this.settings = view.snapshot().settings();
    this.virtualServices = virtualServices;
  }

  List<OutboundListenerInputs> outbound() {
    // The first service that has an address and port keeps them.
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (Visible visible : view.services()) {
      for (ServicePort port : visible.ports()) {
        if (port.protocol().isHttp()) {
          kinds.putIfAbsent(
              name(OutboundListenerTranslator.ANY, port), new Kind.Http(port.number()));
          continue;
        }
        for (String address : addresses(visible.service())) {
          kinds.putIfAbsent(name(address, port), kind(visible, port, address));
        }
      }
    }
    List<OutboundListenerInputs> listeners = new ArrayList<>();
    listeners.add(inputs(new Kind.Capture()));
    kinds.values().forEach(kind -> listeners.add(inputs(kind)));
    return listeners;
  }

  private OutboundListenerInputs inputs(Kind kind) {
    return new OutboundListenerInputs(
        kind, settings.outboundPolicy(), settings.accessLog(), view.dialect());
  }

  private static String name(String address, ServicePort port) {
    return new ListenerName.Bound(address, port.number()).format();
  }

  private Kind kind(Visible visible, ServicePort port, String address) {
    MeshService service = visible.service();
    String cluster = new ClusterName.Outbound(port.number(), "", service.hostname()).format();
    if (port.protocol() == AppProtocol.AUTO && !service.headless()) {
      return new Kind.Sniffed(
          address, port.number(), SidecarRoutes.sniffedName(service, port), cluster);
    }
    List<Target> targets =
        virtualServices
            .forHost(service.hostname())
            .map((VirtualService v) -> virtualServices.tcp(v, port.number(), VirtualServices.MESH))
            .filter(found -> !found.isEmpty())
            .orElse(List.of(new Target(cluster, 1)));
    TrafficPolicy.@Nullable ConnectionPool pool =
        visible.policy("", port.number()).connectionPool();
    Duration idle =
        pool == null || pool.tcpIdleTimeout() == null ? Duration.ZERO : pool.tcpIdleTimeout();
    return new Kind.Tcp(address, port.number(), targets, idle);
  }

  /** Of a headless service, its pods: clients that resolved its name dial them. */
  private List<String> addresses(MeshService service) {
    return service.headless()
        ? service.endpoints().stream()
            .filter(e -> e.cluster().equals(view.cluster()))
            .map(ServiceEndpoint::address)
            .distinct()
            .toList()
        : service.addressesFor(view.cluster());
  }
}
