package dev.weft.translate;

import dev.weft.config.TrafficPolicy.HashKey;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.L4Match;
import dev.weft.config.VirtualService.TcpRoute;
import dev.weft.config.VirtualService.TlsRoute;
import dev.weft.config.VirtualService.WeightedDestination;
import dev.weft.snapshot.HostNames;
import dev.weft.translate.OutboundListenerInputs.Target;
import dev.weft.xds.ClusterName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where bytes go, by the {@code tcp} and {@code tls} routes of VirtualServices. Istio:
 * pilot/pkg/networking/core/tls.go and gateway.go.
 */
final class L4Routes {
  private final ProxyView view;
  private final VirtualServices virtualServices;

  L4Routes(ProxyView view, VirtualServices virtualServices) {
    this.view = view;
    this.virtualServices = virtualServices;
  }

  /** To a cluster that no VirtualService speaks of. */
  L4Route plain(ClusterName.Outbound cluster) {
    return L4Route.any(List.of(new Target(cluster.format(), 1)), bySource(cluster));
  }

  /** The TCP routes on a port, in order; what comes after one for any destination is never used. */
  List<L4Route> tcp(VirtualService service, int port, String gateway) {
    List<L4Route> routes = new ArrayList<>();
    for (TcpRoute route : service.tcp()) {
      List<L4Match> matches =
          route.matches().stream().filter(m -> applies(m, service, port, gateway)).toList();
      boolean any = matches.stream().anyMatch(m -> m.destinationSubnets().isEmpty());
      if (route.matches().isEmpty() || any) {
        routes.add(route(List.of(), List.of(), route.route(), service, port));
        return routes;
      }
      List<String> subnets =
          matches.stream().flatMap(m -> m.destinationSubnets().stream()).distinct().toList();
      if (!subnets.isEmpty()) {
        routes.add(route(List.of(), subnets, route.route(), service, port));
      }
    }
    return routes;
  }

  /** The routes by server name on a port, in order. */
  List<L4Route> tls(VirtualService service, int port, String gateway) {
    List<L4Route> routes = new ArrayList<>();
    for (TlsRoute route : service.tls()) {
      for (L4Match match : route.matches()) {
        if (applies(match, service, port, gateway)) {
          routes.add(
              route(match.sniHosts(), match.destinationSubnets(), route.route(), service, port));
        }
      }
    }
    return routes;
  }

  /** Whether a route takes every connection. */
  static boolean takesAny(L4Route route) {
    return route.serverNames().isEmpty() && route.subnets().isEmpty();
  }

  private L4Route route(
      List<String> serverNames,
      List<String> subnets,
      List<WeightedDestination> route,
      VirtualService service,
      int port) {
    List<WeightedDestination> used =
        route.stream().filter(d -> d.weight() > 0 || route.size() == 1).toList();
    return new L4Route(
        serverNames.contains("*") ? List.of() : serverNames,
        subnets,
        used.stream().map(d -> new Target(cluster(d, service, port).format(), d.weight())).toList(),
        used.stream().anyMatch(d -> bySource(cluster(d, service, port))));
  }

  private ClusterName.Outbound cluster(WeightedDestination to, VirtualService service, int port) {
    return virtualServices.cluster(to.destination(), service, port);
  }

  /** Of all that can be hashed, bytes have their client's address alone. */
  private boolean bySource(ClusterName.Outbound cluster) {
    return virtualServices.hash(cluster.host(), cluster.subset(), cluster.port())
        instanceof HashKey.SourceIp;
  }

  /** Whom the client is, a gateway does not know. */
  private boolean applies(L4Match match, VirtualService service, int port, String gateway) {
    return (match.port() == 0 || match.port() == port)
        && VirtualServices.names(match.gateways(), service, gateway)
        && (!gateway.equals(VirtualService.MESH)
            || view.hasLabels(match.sourceLabels(), match.sourceNamespace()));
  }

  /** Of all VirtualServices that have a host, the oldest first. */
  Stream<VirtualService> of(String hostname) {
    return virtualServices.withBytes().stream()
        .filter(
            v -> virtualServices.hosts(v).stream().anyMatch(h -> HostNames.matches(h, hostname)));
  }
}
