package dev.weft.translate;

import dev.weft.config.MeshSettings;
import dev.weft.config.TrafficPolicy;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.OutboundListenerInputs.Kind;
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
  private final L4Routes l4;

  SidecarListeners(ProxyView view, VirtualServices virtualServices) {
    this.view = view;
    this.settings = view.snapshot().settings();
    this.l4 = new L4Routes(view, virtualServices);
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
    List<L4Route> routes = routes(service, port);
    if (port.protocol() == AppProtocol.AUTO) {
      return new Kind.Sniffed(
          address, port.number(), SidecarRoutes.sniffedName(service, port), routes.getLast());
    }
    TrafficPolicy.@Nullable ConnectionPool pool =
        visible.policy("", port.number()).connectionPool();
    Duration idle =
        pool == null || pool.tcpIdleTimeout() == null ? Duration.ZERO : pool.tcpIdleTimeout();
    return new Kind.Tcp(address, port.number(), routes, idle);
  }

  /**
   * As VirtualServices say, and the service itself for what they leave. On a port of TLS they speak
   * by server names, and where they do, nothing is left: as with HTTP, they have the whole port.
   */
  private List<L4Route> routes(MeshService service, ServicePort port) {
    boolean tls =
        switch (port.protocol()) {
          case HTTPS, TLS -> true;
          case HTTP, HTTP2, GRPC, GRPC_WEB, TCP, MONGO, MYSQL, REDIS, UDP, HBONE, AUTO -> false;
        };
    List<L4Route> routes = new ArrayList<>();
    l4.of(service.hostname())
        .forEach(
            v ->
                routes.addAll(
                    tls
                        ? l4.tls(v, port.number(), VirtualServices.MESH)
                        : l4.tcp(v, port.number(), VirtualServices.MESH)));
    if (routes.isEmpty() || (!tls && routes.stream().noneMatch(L4Routes::takesAny))) {
      routes.add(l4.plain(new ClusterName.Outbound(port.number(), "", service.hostname())));
    }
    return routes;
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
