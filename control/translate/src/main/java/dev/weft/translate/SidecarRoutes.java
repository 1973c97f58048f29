package dev.weft.translate;

import dev.weft.config.VirtualService;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RouteTableInputs.Fallback;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.RouteTableInputs.Rule;
import dev.weft.types.AppProtocol;
import dev.weft.types.ServiceId;
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
import java.util.stream.Collectors;

/** The route tables of a sidecar. Istio: pilot/pkg/networking/core/httproute.go. */
final class SidecarRoutes {
  private static final int HTTP = 80;
  private static final List<String> ANY = List.of("*");

  private final ProxyView view;
  private final VirtualServices virtualServices;
  private final SharedTables shared;
  private final Interner<Host> hosts;

  /**
   * @param shared with viewpoints like this one
   * @param hosts gives one object for all that are equal
   */
  SidecarRoutes(
      ProxyView view, VirtualServices virtualServices, SharedTables shared, Interner<Host> hosts) {
    this.view = view;
    this.virtualServices = virtualServices;
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

  /** With all their hosts. */
  List<RouteTableInputs> tables() {
    SortedMap<Integer, List<Host>> byPort = new TreeMap<>();
    List<RouteTableInputs> sniffed = new ArrayList<>();
    for (Visible visible : view.services()) {
      for (ServicePort port : visible.ports()) {
        if (port.protocol().isHttp()) {
          byPort
              .computeIfAbsent(port.number(), p -> new ArrayList<>())
              .addAll(hosts(visible, port));
          if (!Called.atTargetPorts(view, visible.service(), port).isEmpty()) {
            sniffed.add(
                alone(visible.service().hostname(), port, host(visible.service(), port, ANY)));
          }
        } else if (port.protocol() == AppProtocol.AUTO) {
          Host all = host(visible.service(), port, ANY);
          sniffed.add(alone(visible.service().hostname(), port, all));
          Called.pods(view, visible.service())
              .forEach(pod -> sniffed.add(alone(pod.host(), port, ofPod(all, pod, port, ANY))));
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
                    new Fallback.Outbound(view.scope().outboundPolicy()),
                    false)));
    tables.addAll(sniffed);
    return tables;
  }

  /** Nobody can ask for it by the name that a request has. */
  private static boolean wildcard(Host host) {
    return host.domains().stream().anyMatch(domain -> domain.contains("*"));
  }

  static String sniffedName(String hostname, ServicePort port) {
    return new RouteName.Service(hostname, port.number()).format();
  }

  private static RouteTableInputs alone(String hostname, ServicePort port, Host host) {
    return new RouteTableInputs(
        sniffedName(hostname, port), List.of(host), new Fallback.None(), false);
  }

  /** The routes of a service, which lead to one of its pods alone. */
  private static Host ofPod(Host all, CalledPod pod, ServicePort port, List<String> domains) {
    return new Host(
        pod.host() + ":" + port.number(),
        domains,
        all.rules().stream().map(rule -> rule.to(pod::instead)).toList(),
        all.tlsOnly());
  }

  private List<Host> hosts(Visible visible, ServicePort port) {
    MeshService service = visible.service();
    return sameFromEverywhere(visible)
        ? List.of(
            shared.host(
                service.id(),
                port.number(),
                () -> hosts.intern(host(service, port, domains(service)))))
        : hosts(service, port).stream().map(hosts::intern).toList();
  }

  /** Whether its host is the same for all with whom this viewpoint shares what there is of it. */
  private boolean sameFromEverywhere(Visible visible) {
    MeshService service = visible.service();
    return visible.rule() == null
        && service.entry().isEmpty()
        && !service.id().namespace().equals(view.namespace())
        && !service.headlessFor(view.cluster())
        && virtualServices.aliases().of(service.hostname()).isEmpty()
        && virtualServices.forHost(service.hostname()).isEmpty();
  }

  /** The service under all its names, and pods that are behind a gateway under theirs. */
  private List<Host> hosts(MeshService service, ServicePort port) {
    List<Host> all = new ArrayList<>();
    List<String> domains = new ArrayList<>(domains(service));
    domains.addAll(aliases(service.hostname(), port, all));
    for (String pod : Called.podsWithinReach(view, service)) {
      domains.addAll(aliases(service.podHost(pod), port, all));
    }
    Host proper = host(service, port, domains);
    all.addFirst(proper);
    for (CalledPod pod : Called.pods(view, service)) {
      List<String> own = new ArrayList<>(names(pod.name() + ".", service));
      own.add(pod.address());
      own.addAll(aliases(pod.host(), port, all));
      all.add(ofPod(proper, pod, port, own));
    }
    return all;
  }

  /**
   * The domains of a host's aliases.
   *
   * @param apart gets the aliases for which somebody wrote routes
   */
  private List<String> aliases(String host, ServicePort port, List<Host> apart) {
    List<String> domains = new ArrayList<>();
    for (MeshService alias : virtualServices.aliases().of(host)) {
      String name = alias.hostname();
      Optional<VirtualService> written = virtualServices.forExactHost(name);
      if (written.isEmpty()) {
        domains.addAll(names("", alias));
        continue;
      }
      List<Rule> rules =
          virtualServices.rules(written.get(), name, port.number(), VirtualService.MESH);
      apart.add(new Host(name + ":" + port.number(), names("", alias), rules, false));
    }
    return domains;
  }

  private Host host(MeshService service, ServicePort port, List<String> domains) {
    String host = service.hostname();
    int number = port.number();
    Optional<VirtualService> written = virtualServices.forHost(host);
    List<Rule> rules =
        written.isPresent()
            ? virtualServices.rules(written.get(), host, number, VirtualService.MESH)
            : List.of(
                new Rule.Plain(
                    new ClusterName.Outbound(number, "", host).format(),
                    host + ":" + number + "/*",
                    view.snapshot().settings().retries(),
                    virtualServices.hash(host, "", number)));
    return new Host(host + ":" + number, domains, rules, false);
  }

  /** Hosts that only a VirtualService knows are served on port 80. */
  private void hostsWithoutService(SortedMap<Integer, List<Host>> byPort) {
    List<Host> known = byPort.get(HTTP);
    if (known == null) {
      return;
    }
    for (VirtualService service : virtualServices.of(VirtualService.MESH)) {
      for (String host : virtualServices.hosts(service)) {
        if (!service.http().isEmpty() && !virtualServices.servesAny(host)) {
          known.add(
              new Host(
                  host + ":" + HTTP,
                  List.of(host),
                  virtualServices.rules(service, host, HTTP, VirtualService.MESH),
                  false));
        }
      }
    }
  }

  /** Names and addresses; of a headless service those of its pods, too. */
  private List<String> domains(MeshService service) {
    List<String> names = names("", service);
    List<String> domains = new ArrayList<>(names);
    for (String address : Called.addresses(view, service)) {
      domains.add(address.indexOf(':') >= 0 ? "[" + address + "]" : address);
    }
    if (service.headlessFor(view.cluster())) {
      names.forEach(name -> domains.add("*." + name));
    }
    return domains;
  }

  /**
   * All that a service may be called from the pod's namespace.
   *
   * @param pod the name of a pod and a dot; empty for the service itself
   */
  private List<String> names(String pod, MeshService service) {
    String suffix = "." + view.snapshot().settings().domainSuffix();
    String full = pod + service.hostname();
    List<String> domains = new ArrayList<>();
    domains.add(full);
    Optional<ServiceId> parts = view.snapshot().clusterName(service.hostname());
    if (parts.isEmpty()) {
      // A pattern is its own absolute form.
      return full.startsWith("*") ? domains : List.of(full, full + ".");
    }
    String name = pod + parts.get().name();
    String namespace = parts.get().namespace();
    if (namespace.equals(view.namespace())) {
      domains.add(name);
    }
    domains.add(full.endsWith(suffix) ? full.substring(0, full.length() - suffix.length()) : full);
    domains.add(name + "." + namespace);
    // An absolute name. Istio: ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN.
    domains.add(full + ".");
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
        result.add(
            domains.size() == host.domains().size()
                ? host
                : new Host(host.name(), domains, host.rules(), host.tlsOnly()));
      }
    }
    return result;
  }
}
