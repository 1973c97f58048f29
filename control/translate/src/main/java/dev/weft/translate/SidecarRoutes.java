package dev.weft.translate;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RouteTableInputs.Fallback;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.types.AppProtocol;
import dev.weft.xds.RouteName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The route tables of a sidecar. Istio: pilot/pkg/networking/core/httproute.go. */
final class SidecarRoutes {
  private static final int HTTP = 80;
  private static final List<String> ANY = List.of("*");

  private final ProxyView view;
  private final List<Outlet> outlets;
  private final Elsewhere elsewhere;
  private final SharedTables shared;
  private final Interner<Host> hosts;

  /**
   * @param shared with viewpoints like this one
   * @param hosts gives one object for all that are equal
   */
  SidecarRoutes(
      ProxyView view,
      List<Outlet> outlets,
      Elsewhere elsewhere,
      SharedTables shared,
      Interner<Host> hosts) {
    this.view = view;
    this.outlets = outlets;
    this.elsewhere = elsewhere;
    this.shared = shared;
    this.hosts = hosts;
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

  /** What the proxy is told. */
  Told told() {
    List<RouteTableInputs> all = tables();
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

  /**
   * With all their hosts; what is said of a port or a service twice is as the first outlet has it.
   */
  List<RouteTableInputs> tables() {
    SortedMap<Integer, List<Host>> byPort = new TreeMap<>();
    Map<String, RouteTableInputs> sniffed = new LinkedHashMap<>();
    for (Outlet outlet : outlets) {
      SidecarHosts of = new SidecarHosts(view, outlet.routes(), shared, hosts);
      byPort(outlet, of).forEach(byPort::putIfAbsent);
      sniffed(outlet, of).forEach(table -> sniffed.putIfAbsent(table.name(), table));
    }
    List<RouteTableInputs> tables = new ArrayList<>();
    byPort.forEach(
        (port, all) ->
            tables.add(
                new RouteTableInputs(
                    new RouteName.Port(port).format(),
                    unique(all),
                    new Fallback.Outbound(elsewhere),
                    false)));
    tables.addAll(sniffed.values());
    List<RoutePatch> patches = Patches.of(view).routes();
    return tables.stream().map(table -> RoutePatch.apply(table, patches, hosts::intern)).toList();
  }

  private static SortedMap<Integer, List<Host>> byPort(Outlet outlet, SidecarHosts of) {
    SortedMap<Integer, List<Host>> byPort = new TreeMap<>();
    for (Visible visible : outlet.services()) {
      for (ServicePort port : outlet.ports(visible)) {
        if (port.protocol().isHttp()) {
          byPort
              .computeIfAbsent(port.number(), p -> new ArrayList<>())
              .addAll(of.hosts(visible, port));
        }
      }
    }
    List<Host> known = byPort.get(HTTP);
    if (known != null) {
      known.addAll(of.withoutService());
    }
    return byPort;
  }

  private List<RouteTableInputs> sniffed(Outlet outlet, SidecarHosts of) {
    List<RouteTableInputs> sniffed = new ArrayList<>();
    for (Visible visible : outlet.services()) {
      MeshService service = visible.service();
      for (ServicePort port : outlet.ports(visible)) {
        if (port.protocol().isHttp()) {
          if (!Called.atTargetPorts(view, service, port).isEmpty()) {
            sniffed.add(alone(service.hostname(), port, of.host(service, port, ANY)));
          }
        } else if (port.protocol() == AppProtocol.AUTO) {
          Host all = of.host(service, port, ANY);
          sniffed.add(alone(service.hostname(), port, all));
          Called.pods(view, service)
              .forEach(
                  pod ->
                      sniffed.add(
                          alone(pod.host(), port, SidecarHosts.ofPod(all, pod, port, ANY))));
        }
      }
    }
    return sniffed;
  }

  /** Nobody can ask for it by the name that a request has. */
  private static boolean wildcard(Host host) {
    return host.domains().stream().anyMatch(domain -> domain.contains("*"));
  }

  private static RouteTableInputs alone(String hostname, ServicePort port, Host host) {
    return new RouteTableInputs(
        SidecarHosts.sniffedName(hostname, port), List.of(host), new Fallback.None(), false);
  }

  /** Envoy refuses a table in which a domain occurs twice: the first host keeps it. */
  private static List<Host> unique(List<Host> hosts) {
    Set<String> seen = new HashSet<>();
    seen.add("*");
    List<Host> result = new ArrayList<>();
    for (Host host : hosts) {
      List<String> domains = unseen(host.domains(), seen);
      if (!domains.isEmpty()) {
        result.add(
            domains == host.domains()
                ? host
                : new Host(host.name(), domains, host.rules(), host.tlsOnly(), host.configs()));
      }
    }
    return result;
  }

  /**
   * Those that were not seen yet; the list itself where it is all of them, as it nearly always is.
   */
  private static List<String> unseen(List<String> domains, Set<String> seen) {
    @Nullable List<String> kept = null;
    for (int i = 0; i < domains.size(); i++) {
      String domain = domains.get(i);
      boolean first = seen.add(domain);
      if (!first && kept == null) {
        kept = new ArrayList<>(domains.subList(0, i));
      } else if (first && kept != null) {
        kept.add(domain);
      }
    }
    return kept == null ? domains : kept;
  }
}
