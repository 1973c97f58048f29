package dev.weft.translate;

import dev.weft.config.EnvoyFilter.Action;
import dev.weft.config.EnvoyFilter.Level;
import dev.weft.config.EnvoyFilter.RouteMatch;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.translate.RouteTableInputs.Fallback;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.RouteTableInputs.Rule;
import dev.weft.xds.ClusterName;
import dev.weft.xds.RouteName;
import java.util.List;
import java.util.function.UnaryOperator;

/** Configuration for some routes. */
record RoutePatch(RouteMatch at, Level level, RouteConfigs configs) {
  private static final List<String> ANY = List.of("*");

  /**
   * A table with what is configured for it. What is for all of a table is said of its virtual
   * hosts.
   *
   * @param kept gives one object for all hosts that are equal
   */
  static RouteTableInputs apply(
      RouteTableInputs in, List<RoutePatch> patches, UnaryOperator<Host> kept) {
    List<RoutePatch> concerning = of(patches, in.name());
    if (concerning.isEmpty()) {
      return in;
    }
    return new RouteTableInputs(
        in.name(),
        in.hosts().stream()
            .map(
                host -> {
                  Host patched = host(host, concerning);
                  return patched.equals(host) ? host : kept.apply(patched);
                })
            .toList(),
        switch (in.fallback()) {
          case Fallback.None none -> none;
          case Fallback.Outbound outbound -> fallback(outbound, concerning);
        },
        in.onDemand());
  }

  /** Those that are for something in a table. */
  static List<RoutePatch> of(List<RoutePatch> patches, String table) {
    return patches.stream().filter(patch -> patch.concerns(table)).toList();
  }

  private static Host host(Host host, List<RoutePatch> patches) {
    return new Host(
        host.name(),
        host.domains(),
        host.rules().stream().map(rule -> rule(host, rule, patches)).toList(),
        host.tlsOnly(),
        ofHost(patches, host.name(), host.domains()));
  }

  private static Rule rule(Host host, Rule rule, List<RoutePatch> patches) {
    RouteConfigs configs =
        switch (rule) {
          case Rule.Plain plain ->
              ofRoute(patches, host.name(), host.domains(), Rule.Plain.NAME, Action.ROUTE);
          case Rule.Written written ->
              ofRoute(patches, host.name(), host.domains(), written.name(), action(written));
          case Rule.Configured configured -> configured.configs();
        };
    return configs.isEmpty() ? rule : new Rule.Configured(rule, configs);
  }

  private static Action action(Rule.Written written) {
    return switch (written.route().action()) {
      case HttpAction.Forward forward -> Action.ROUTE;
      case HttpAction.Redirect redirect -> Action.REDIRECT;
      case HttpAction.DirectResponse direct -> Action.DIRECT_RESPONSE;
      case HttpAction.Delegate delegate -> Action.ANY;
    };
  }

  private static Fallback fallback(Fallback.Outbound outbound, List<RoutePatch> patches) {
    String name = outbound.name();
    Action action =
        switch (outbound.elsewhere()) {
          case Elsewhere.Forwarded forwarded -> Action.ROUTE;
          case Elsewhere.Refused refused -> Action.DIRECT_RESPONSE;
        };
    return new Fallback.Outbound(
        outbound.elsewhere(),
        ofHost(patches, name, ANY),
        ofRoute(patches, name, ANY, name, action));
  }

  /** What is configured for a virtual host; what is for it alone comes before what is for all. */
  static RouteConfigs ofHost(List<RoutePatch> patches, String host, List<String> domains) {
    RouteConfigs configs = RouteConfigs.NONE;
    for (Level level : List.of(Level.TABLE, Level.HOST)) {
      for (RoutePatch patch : patches) {
        if (patch.level == level && (level == Level.TABLE || patch.isFor(host, domains))) {
          configs = configs.with(patch.configs);
        }
      }
    }
    return configs;
  }

  /** What is configured for a route. */
  static RouteConfigs ofRoute(
      List<RoutePatch> patches, String host, List<String> domains, String route, Action action) {
    return patches.stream()
        .filter(patch -> patch.level == Level.ROUTE)
        .filter(patch -> patch.isFor(host, domains))
        .filter(patch -> patch.at.route().isEmpty() || patch.at.route().equals(route))
        .filter(patch -> patch.at.action() == Action.ANY || patch.at.action() == action)
        .map(RoutePatch::configs)
        .reduce(RouteConfigs.NONE, RouteConfigs::with);
  }

  private boolean isFor(String host, List<String> domains) {
    return (at.host().isEmpty() || at.host().equals(host))
        && (at.domain().isEmpty() || domains.contains(at.domain()));
  }

  private boolean concerns(String table) {
    String portName = "";
    String gateway = "";
    if (RouteName.parse(table).orElse(null)
        instanceof RouteName.GatewayHttps(int number, String name, String object, String in)) {
      portName = name;
      gateway = in + "/" + object;
    }
    return (at.table().isEmpty() || at.table().equals(table))
        && (at.port() == 0 || at.port() == port(table))
        && (at.portName().isEmpty() || at.portName().equals(portName))
        && (at.gateway().isEmpty() || at.gateway().equals(gateway));
  }

  /** 0 where the table is for no port alone. */
  private static int port(String table) {
    if (ClusterName.parse(table).orElse(null) instanceof ClusterName.Inbound inbound) {
      return inbound.port();
    }
    return RouteName.parse(table)
        .map(
            name ->
                switch (name) {
                  case RouteName.Port port -> port.port();
                  case RouteName.Service service -> service.port();
                  case RouteName.GatewayHttp http -> http.port();
                  case RouteName.GatewayHttps https -> https.port();
                })
        .orElse(0);
  }
}
