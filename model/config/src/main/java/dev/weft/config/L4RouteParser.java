package dev.weft.config;

import dev.weft.config.VirtualService.L4Match;
import dev.weft.config.VirtualService.TcpRoute;
import dev.weft.config.VirtualService.TlsRoute;
import dev.weft.config.VirtualService.WeightedDestination;
import dev.weft.types.Cidr;
import java.util.List;

/** {@code tcp} and {@code tls} routes of a VirtualService. */
final class L4RouteParser {
  private L4RouteParser() {}

  static TcpRoute tcp(TreeReader r) {
    return new TcpRoute(
        r.objects(
            "match",
            m -> {
              m.unsupported("sourceSubnet", Shape.TEXT, "the match holds for every source");
              return match(m, List.of());
            }),
        route(r));
  }

  /**
   * @param hosts of the object, which the server names have to lie within
   */
  static TlsRoute tls(TreeReader r, List<String> hosts) {
    List<L4Match> matches =
        r.objects(
            "match",
            m -> {
              List<String> names = RouteChecks.hosts(m, "sniHosts");
              if (names.isEmpty()) {
                m.error("sniHosts", "a TLS route holds for server names: name at least one");
              }
              for (String name : names) {
                if (hosts.stream().noneMatch(host -> RouteChecks.covers(host, name))) {
                  m.error("sniHosts", "'" + name + "' is none of the hosts of this object");
                }
              }
              return match(m, names);
            });
    if (matches.isEmpty()) {
      r.error("match", "a TLS route holds for server names: name them in match.sniHosts");
    }
    return new TlsRoute(matches, route(r));
  }

  private static L4Match match(TreeReader r, List<String> serverNames) {
    List<String> subnets = r.strings("destinationSubnets");
    for (String subnet : subnets) {
      if (!Cidr.isAddress(subnet) && Cidr.parse(subnet).isEmpty()) {
        r.error("destinationSubnets", "'" + subnet + "' is neither an address nor ADDRESS/LENGTH");
      }
    }
    String namespace = r.string("sourceNamespace");
    NameChecks.namespace(r, "sourceNamespace", namespace);
    List<String> gateways = r.strings("gateways");
    NameChecks.gateways(r, "gateways", gateways);
    return new L4Match(
        serverNames,
        subnets,
        r.integer("port", 0, 1, 65535),
        NameChecks.labels(r, "sourceLabels"),
        namespace,
        gateways);
  }

  private static List<WeightedDestination> route(TreeReader r) {
    List<WeightedDestination> route = r.objects("route", VirtualServiceParser::ofBytes);
    if (route.isEmpty()) {
      r.error("route", "at least one destination is needed");
    }
    VirtualServiceParser.checkWeights(r, route);
    return route;
  }
}
