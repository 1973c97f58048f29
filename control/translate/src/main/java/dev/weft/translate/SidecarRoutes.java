package dev.weft.translate;

import dev.weft.config.VirtualService;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RouteTableInputs.Fallback;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.RouteTableInputs.Rule;
import dev.weft.types.AppProtocol;
import dev.weft.xds.ClusterName;
import dev.weft.xds.RouteName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The route tables of a sidecar. Istio: pilot/pkg/networking/core/httproute.go. */
final class SidecarRoutes {
  private static final int HTTP = 80;

  private final ProxyView view;
  private final VirtualServices virtualServices;

  SidecarRoutes(ProxyView view, VirtualServices virtualServices) {
    this.view = view;
    this.virtualServices = virtualServices;
  }

  /**
   * What a proxy is told of HTTP.
   *
   * @param byName hosts that are not in their tables, because proxies ask for them
   */
  record Told(List<RouteTableInputs> tables, VirtualHostsByName byName) {
    Told {
      tables = List.copyOf(tables);
    }
  }

  /**
   * What the proxy is told.
   *
   * @param shared gives one object for all hosts that are equal
   */
  Told told(UnaryOperator<Host> shared) {
    List<RouteTableInputs> all =
        tables().stream().map(t -> t.withHosts(t.hosts().stream().map(shared).toList())).toList();
    if (!view.at().onDemand()) {
      return new Told(all, VirtualHostsByName.NONE);
    }
    List<RouteTableInputs> told = new ArrayList<>();
    SortedMap<String, List<Host>> asked = new TreeMap<>();
    for (RouteTableInputs table : all) {
      switch (table.fallback()) {
        // It is one service's.
        case Fallback.None none -> told.add(table);
        case Fallback.Outbound outbound -> {
          Map<Boolean, List<Host>> byWildcard =
              table.hosts().stream().collect(Collectors.partitioningBy(SidecarRoutes::wildcard));
          told.add(
              new RouteTableInputs(
                  table.name(), byWildcard.getOrDefault(true, List.of()), outbound, true));
          asked.put(table.name(), byWildcard.getOrDefault(false, List.of()));
        }
      }
    }
    return new Told(told, VirtualHostsByName.of(asked));
  }

  /** With all their hosts. */
  List<RouteTableInputs> tables() {
    SortedMap<Integer, List<Host>> byPort = new TreeMap<>();
    List<RouteTableInputs> sniffed = new ArrayList<>();
    for (Visible visible : view.services()) {
      for (ServicePort port : visible.ports()) {
        if (port.protocol().isHttp()) {
          byPort
              .computeIfAbsent(port.number(), p -> new ArrayList<>())
              .add(host(visible.service(), port, domains(visible.service())));
        } else if (port.protocol() == AppProtocol.AUTO) {
          sniffed.add(
              new RouteTableInputs(
                  sniffedName(visible.service(), port),
                  List.of(host(visible.service(), port, List.of("*"))),
                  new Fallback.None(),
                  false));
        }
      }
    }
    hostsWithoutService(byPort);
    List<RouteTableInputs> tables = new ArrayList<>();
    byPort.forEach(
        (port, hosts) ->
            tables.add(
                new RouteTableInputs(
                    new RouteName.Port(port).format(),
                    unique(hosts),
                    new Fallback.Outbound(view.snapshot().settings().outboundPolicy()),
                    false)));
    tables.addAll(sniffed);
    return tables;
  }

  /** Nobody can ask for it by the name that a request has. */
  private static boolean wildcard(Host host) {
    return host.domains().stream().anyMatch(domain -> domain.contains("*"));
  }

  static String sniffedName(MeshService service, ServicePort port) {
    return new RouteName.Service(service.hostname(), port.number()).format();
  }

  private Host host(MeshService service, ServicePort port, List<String> domains) {
    String host = service.hostname();
    int number = port.number();
    Optional<VirtualService> written = virtualServices.forHost(host);
    List<Rule> rules =
        written.isPresent()
            ? virtualServices.rules(written.get(), host, number, VirtualServices.MESH)
            : List.of(
                new Rule.Plain(
                    new ClusterName.Outbound(number, "", host).format(),
                    host + ":" + number + "/*",
                    true,
                    virtualServices.hash(host, "", number)));
    return new Host(host + ":" + number, domains, rules, false);
  }

  /** Hosts that only a VirtualService knows are served on port 80. */
  private void hostsWithoutService(SortedMap<Integer, List<Host>> byPort) {
    List<Host> known = byPort.get(HTTP);
    if (known == null) {
      return;
    }
    for (VirtualService service : virtualServices.of(VirtualServices.MESH)) {
      for (String host : virtualServices.hosts(service)) {
        if (!service.http().isEmpty() && !virtualServices.servesAny(host)) {
          known.add(
              new Host(
                  host + ":" + HTTP,
                  List.of(host),
                  virtualServices.rules(service, host, HTTP, VirtualServices.MESH),
                  false));
        }
      }
    }
  }

  private List<String> domains(MeshService service) {
    String suffix = "." + view.snapshot().settings().domainSuffix();
    String name = service.id().name();
    String namespace = service.id().namespace();
    List<String> domains = new ArrayList<>();
    domains.add(service.hostname());
    if (namespace.equals(view.namespace())) {
      domains.add(name);
    }
    domains.add(
        service.hostname().endsWith(suffix)
            ? service.hostname().substring(0, service.hostname().length() - suffix.length())
            : service.hostname());
    domains.add(name + "." + namespace);
    for (String address : service.addressesFor(view.cluster())) {
      domains.add(address.indexOf(':') >= 0 ? "[" + address + "]" : address);
    }
    return domains.stream().distinct().toList();
  }

  /** Envoy refuses a table in which a domain occurs twice: the first host keeps it. */
  private static List<Host> unique(List<Host> hosts) {
    Set<String> seen = new HashSet<>();
    seen.add("*");
    List<Host> result = new ArrayList<>();
    for (Host host : hosts) {
      List<String> domains = host.domains().stream().filter(seen::add).toList();
      if (!domains.isEmpty()) {
        result.add(new Host(host.name(), domains, host.rules(), host.tlsOnly()));
      }
    }
    return result;
  }
}
