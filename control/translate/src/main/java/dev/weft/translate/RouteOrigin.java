package dev.weft.translate;

import dev.weft.config.ObjectRef;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.Delegates;
import dev.weft.snapshot.Delegates.Routed;
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
 * @param root the VirtualService that delegates to it; where none does, it itself
 */
public record RouteOrigin(ObjectRef object, int http, int match, ObjectRef root) {

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
    List<RouteTableInputs> tables =
        switch (node.role()) {
          case SIDECAR -> {
            List<Outlet> outlets = Outlet.of(view);
            yield new SidecarRoutes(
                    view,
                    outlets,
                    Elsewhere.of(view, outlets.getFirst().routes().aliases()),
                    new SharedTables(),
                    new Interner<>())
                .tables();
          }
          case ROUTER ->
              new GatewayTraffic(view, new ServiceClusters(view))
                  .routeTables(new VirtualServices(view));
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
      case Rule.Configured configured -> origin(snapshot, configured.rule());
      case Rule.Written written -> {
        Delegates delegates = Delegates.of(snapshot);
        yield snapshot.virtualServices().stream()
            .flatMap(
                root ->
                    delegates.http(root).stream()
                        .filter(r -> ObjectPath.of(r.by().ref()).equals(written.source()))
                        .filter(r -> r.route().equals(written.route()))
                        .map(r -> origin(root, r, written)))
            .findFirst();
      }
    };
  }

  private static RouteOrigin origin(VirtualService root, Routed routed, Rule.Written rule) {
    int match = rule.match() == null ? -1 : routed.route().matches().indexOf(rule.match());
    return new RouteOrigin(
        routed.by().ref(),
        routed.http(),
        match < 0 ? match : routed.matches().get(match),
        root.ref());
  }
}
