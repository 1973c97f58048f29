package dev.weft.translate;

import dev.weft.config.TrafficPolicy;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.OutboundListenerInputs.Kind;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.AppProtocol;
import dev.weft.types.HostPort;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ListenerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the listeners of a sidecar for its own calls depend on. */
final class SidecarListeners {
  private final ProxyView view;
  private final Outlet outlet;
  private final L4Routes l4;

  private SidecarListeners(ProxyView view, Outlet outlet) {
    this.view = view;
    this.outlet = outlet;
    this.l4 = new L4Routes(view, outlet.routes());
  }

  /** That of what is captured, and those that connections are handed to or come to. */
  static List<OutboundListenerInputs> outbound(
      ProxyView view, List<Outlet> outlets, Elsewhere elsewhere) {
    TelemetryInputs telemetry = view.telemetry();
    Patches patches = Patches.of(view);
    Map<String, OutboundListenerInputs> byName = new LinkedHashMap<>();
    for (Outlet outlet : outlets) {
      new SidecarListeners(view, outlet)
          .kinds()
          .forEach(
              (name, kind) ->
                  byName.putIfAbsent(
                      name, inputs(view, kind, outlet.socket(), elsewhere, telemetry, patches)));
    }
    List<OutboundListenerInputs> listeners = new ArrayList<>();
    List<String> beside =
        byName.entrySet().stream()
            .filter(entry -> entry.getValue().socket())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    listeners.add(inputs(view, new Kind.Capture(beside), true, elsewhere, telemetry, patches));
    listeners.addAll(byName.values());
    return listeners;
  }

  private static OutboundListenerInputs inputs(
      ProxyView view,
      Kind kind,
      boolean socket,
      Elsewhere elsewhere,
      TelemetryInputs telemetry,
      Patches patches) {
    return new OutboundListenerInputs(
        kind,
        socket,
        elsewhere,
        view.snapshot().settings().paths(),
        telemetry,
        switch (kind) {
          case Kind.Http http -> patches.of(name(http.address(), http.port()), http.port());
          case Kind.Sniffed sniffed ->
              patches.of(name(sniffed.address(), sniffed.port()), sniffed.port());
          case Kind.Tcp tcp -> List.of();
          case Kind.Capture capture -> List.of();
        },
        view.dialect());
  }

  private Map<String, Kind> kinds() {
    return outlet.address().isEmpty() ? atServices() : at(outlet.address());
  }

  /** At one address, for all services. */
  private Map<String, Kind> at(String address) {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (Visible visible : outlet.services()) {
      for (ServicePort port : outlet.ports(visible)) {
        Kind kind =
            port.protocol().isHttp()
                ? new Kind.Http(address, port.number(), List.of())
                : kind(visible, port, address, null);
        kinds.merge(name(address, port.number()), kind, SidecarListeners::together);
      }
    }
    return kinds;
  }

  /** At the addresses of services; the first service that has an address and port keeps them. */
  private Map<String, Kind> atServices() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    Set<Integer> http = new HashSet<>();
    for (Visible visible : outlet.services()) {
      for (ServicePort port : outlet.ports(visible)) {
        if (port.protocol().isHttp()) {
          // All but the first of a port leave what is there as it is.
          if (http.add(port.number())) {
            kinds.merge(
                name(OutboundListenerTranslator.ANY, port.number()),
                new Kind.Http(OutboundListenerTranslator.ANY, port.number(), List.of()),
                SidecarListeners::together);
          }
          continue;
        }
        if (anywhere(visible.service())) {
          kinds.merge(
              name(OutboundListenerTranslator.ANY, port.number()),
              anywhere(visible, port),
              SidecarListeners::together);
        }
        for (String address : Called.addresses(view, visible.service())) {
          kinds.putIfAbsent(name(address, port.number()), kind(visible, port, address, null));
        }
        for (CalledPod pod : Called.pods(view, visible.service())) {
          kinds.putIfAbsent(
              name(pod.address(), port.number()), kind(visible, port, pod.address(), pod));
        }
      }
    }
    outlet.services().forEach(visible -> atTargetPorts(visible, kinds));
    return kinds;
  }

  /** Whether connections to the service are known by something else than one address. */
  private boolean anywhere(MeshService service) {
    return service.entry().isPresent()
        && (Called.addresses(view, service).isEmpty() || !service.ranges().isEmpty());
  }

  /**
   * One that listens for every address. Of TLS, clients name the host. Istio:
   * pilot/pkg/networking/core/tls.go.
   */
  private Kind anywhere(Visible visible, ServicePort port) {
    MeshService service = visible.service();
    Kind kind = kind(visible, port, OutboundListenerTranslator.ANY, null);
    if (!(kind instanceof Kind.Tcp tcp)) {
      return kind;
    }
    List<L4Route> routes =
        tcp.routes().stream()
            .map(
                route ->
                    new L4Route(
                        route.serverNames().isEmpty() && tls(port)
                            ? List.of(service.hostname())
                            : route.serverNames(),
                        route.subnets().isEmpty() ? service.ranges() : route.subnets(),
                        route.targets(),
                        route.bySource()))
            .toList();
    return new Kind.Tcp(tcp.address(), tcp.port(), routes, tcp.idleTimeout());
  }

  /** What two services without an address make of one port: the first one keeps what both want. */
  private static Kind together(Kind first, Kind other) {
    return switch (first) {
      case Kind.Tcp tcp when other instanceof Kind.Tcp more ->
          new Kind.Tcp(tcp.address(), tcp.port(), joined(tcp.routes(), more), tcp.idleTimeout());
      case Kind.Tcp tcp when other instanceof Kind.Http http ->
          new Kind.Http(http.address(), http.port(), tcp.routes());
      case Kind.Http http when other instanceof Kind.Tcp more ->
          new Kind.Http(http.address(), http.port(), joined(http.bytes(), more));
      case Kind.Tcp tcp -> tcp;
      case Kind.Http http -> http;
      case Kind.Sniffed sniffed -> sniffed;
      case Kind.Capture capture -> capture;
    };
  }

  private static List<L4Route> joined(List<L4Route> first, Kind.Tcp other) {
    return Stream.concat(first.stream(), other.routes().stream()).toList();
  }

  private void atTargetPorts(Visible visible, Map<String, Kind> kinds) {
    for (ServicePort port : outlet.ports(visible)) {
      for (HostPort at : Called.atTargetPorts(view, visible.service(), port)) {
        kinds.putIfAbsent(name(at.host(), at.port()), kind(visible, port, at, null));
      }
    }
  }

  private static String name(String address, int port) {
    return new ListenerName.Bound(address, port).format();
  }

  /**
   * @param pod whose address it is; null where it is the service's, or that of a pod within reach
   */
  private Kind kind(Visible visible, ServicePort port, String address, @Nullable CalledPod pod) {
    return kind(visible, port, new HostPort(address, port.number()), pod);
  }

  private Kind kind(Visible visible, ServicePort port, HostPort at, @Nullable CalledPod pod) {
    MeshService service = visible.service();
    List<L4Route> routes = routes(service, port);
    if (pod != null) {
      routes.replaceAll(route -> route.aimed(pod));
    }
    if (port.protocol() == AppProtocol.AUTO || port.protocol().isHttp()) {
      String host = pod == null ? service.hostname() : pod.host();
      return new Kind.Sniffed(
          at.host(), at.port(), SidecarHosts.sniffedName(host, port), routes.getLast());
    }
    TrafficPolicy.@Nullable ConnectionPool pool =
        visible.policy("", port.number()).connectionPool();
    Duration idle =
        pool == null || pool.tcpIdleTimeout() == null ? Duration.ZERO : pool.tcpIdleTimeout();
    return new Kind.Tcp(at.host(), at.port(), routes, idle);
  }

  /**
   * As VirtualServices say, and the service itself for what they leave. On a port of TLS they speak
   * by server names, and where they do, nothing is left: as with HTTP, they have the whole port.
   */
  private List<L4Route> routes(MeshService service, ServicePort port) {
    boolean tls = tls(port);
    List<L4Route> routes = new ArrayList<>();
    l4.of(service.hostname())
        .forEach(
            v ->
                routes.addAll(
                    tls
                        ? l4.tls(v, port.number(), VirtualService.MESH)
                        : l4.tcp(v, port.number(), VirtualService.MESH)));
    if (routes.isEmpty() || (!tls && routes.stream().noneMatch(L4Routes::takesAny))) {
      routes.add(l4.plain(new ClusterName.Outbound(port.number(), "", service.hostname())));
    }
    return routes;
  }

  private static boolean tls(ServicePort port) {
    return switch (port.protocol()) {
      case HTTPS, TLS -> true;
      case HTTP, HTTP2, GRPC, GRPC_WEB, TCP, MONGO, MYSQL, REDIS, UDP, HBONE, AUTO -> false;
    };
  }
}
