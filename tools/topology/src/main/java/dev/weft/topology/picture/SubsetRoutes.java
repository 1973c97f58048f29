package dev.weft.topology.picture;

import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.Destination;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.config.VirtualService.WeightedDestination;
import dev.weft.snapshot.HostNames;
import dev.weft.snapshot.MeshSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which subsets routes lead to. */
final class SubsetRoutes {
  private SubsetRoutes() {}

  /**
   * @param host full
   */
  record Subset(String host, String name) {}

  static Set<Subset> of(MeshSnapshot snapshot) {
    Set<Subset> found = new HashSet<>();
    for (VirtualService routes : snapshot.virtualServices()) {
      destinations(routes)
          .filter(d -> !d.subset().isEmpty())
          .forEach(
              d ->
                  found.add(
                      new Subset(
                          HostNames.full(
                              d.host(),
                              routes.meta().namespace(),
                              snapshot.settings().domainSuffix()),
                          d.subset())));
    }
    return found;
  }

  private static Stream<Destination> destinations(VirtualService routes) {
    Stream<WeightedDestination> weighted =
        Stream.of(
                routes.http().stream().flatMap(route -> forwarded(route).stream()),
                routes.tls().stream().flatMap(route -> route.route().stream()),
                routes.tcp().stream().flatMap(route -> route.route().stream()))
            .flatMap(destinations -> destinations);
    return weighted.map(WeightedDestination::destination);
  }

  private static List<WeightedDestination> forwarded(HttpRoute route) {
    return switch (route.action()) {
      case HttpAction.Forward forward -> forward.destinations();
      case HttpAction.Redirect redirect -> List.of();
      case HttpAction.DirectResponse response -> List.of();
      case HttpAction.Delegate delegate -> List.of();
    };
  }
}
