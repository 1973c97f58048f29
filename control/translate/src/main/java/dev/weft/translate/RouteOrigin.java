package dev.weft.translate;

import dev.weft.config.ObjectRef;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.RouteTableInputs.Rule;
import java.util.List;
import java.util.Optional;

/**
 * Which part of a VirtualService a route was made of.
 *
 * @param object the VirtualService
 * @param http which of its HTTP routes, from 0
 * @param match which of that route's matches, from 0; -1 where it has none and takes every request
 */
public record RouteOrigin(ObjectRef object, int http, int match) {

  /**
   * Of a route that a proxy was sent.
   *
   * @param table the name of its route configuration
   * @param host the name of its virtual host there
   * @param route its place among the routes of the virtual host, from 0
   * @return empty where nobody wrote the route
   */
  public static Optional<RouteOrigin> of(
      MeshSnapshot snapshot, ProxyNode node, String table, String host, int route) {
    ProxyView view = ProxyView.of(snapshot, node);
    VirtualServices virtualServices = new VirtualServices(view);
    List<RouteTableInputs> tables =
        switch (node.role()) {
          case SIDECAR -> new SidecarRoutes(view, virtualServices).tables();
          case ROUTER ->
              new GatewayTraffic(view, new ServiceClusters(view)).routeTables(virtualServices);
        };
    return tables.stream()
        .filter(t -> t.name().equals(table))
        .flatMap(t -> t.hosts().stream())
        .filter(h -> h.name().equals(host))
        .map(Host::rules)
        .filter(rules -> route < rules.size())
        .map(rules -> rules.get(route))
        .findFirst()
        .flatMap(rule -> origin(snapshot, rule));
  }

  private static Optional<RouteOrigin> origin(MeshSnapshot snapshot, Rule rule) {
    return switch (rule) {
      case Rule.Plain plain -> Optional.empty();
      case Rule.Written written ->
          snapshot.virtualServices().stream()
              .filter(v -> ServiceClusters.path(v.meta().ref()).equals(written.source()))
              .findFirst()
              .map(v -> origin(v, written));
    };
  }

  private static RouteOrigin origin(VirtualService service, Rule.Written rule) {
    return new RouteOrigin(
        service.meta().ref(),
        service.http().indexOf(rule.route()),
        rule.match() == null ? -1 : rule.route().matches().indexOf(rule.match()));
  }
}
