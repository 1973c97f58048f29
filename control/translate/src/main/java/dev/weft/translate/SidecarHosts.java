package dev.weft.translate;

import dev.weft.config.VirtualService;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.RouteTableInputs.Rule;
import dev.weft.types.ServiceId;
import dev.weft.xds.ClusterName;
import dev.weft.xds.RouteName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The virtual hosts of services in the route tables of a sidecar. */
final class SidecarHosts {
  private static final int HTTP = 80;

  private final ProxyView view;
  private final VirtualServices virtualServices;
  private final SharedTables shared;
  private final Interner<Host> hosts;

  /**
   * @param shared with viewpoints like this one
   * @param hosts gives one object for all that are equal
   */
  SidecarHosts(
      ProxyView view, VirtualServices virtualServices, SharedTables shared, Interner<Host> hosts) {
    this.view = view;
    this.virtualServices = virtualServices;
    this.shared = shared;
    this.hosts = hosts;
  }

  static String sniffedName(String hostname, ServicePort port) {
    return new RouteName.Service(hostname, port.number()).format();
  }

  /** The routes of a service, which lead to one of its pods alone. */
  static Host ofPod(Host all, CalledPod pod, ServicePort port, List<String> domains) {
    return new Host(
        pod.host() + ":" + port.number(),
        domains,
        all.rules().stream().map(rule -> rule.to(pod::instead)).toList(),
        all.tlsOnly());
  }

  List<Host> hosts(Visible visible, ServicePort port) {
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

  Host host(MeshService service, ServicePort port, List<String> domains) {
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
    Optional<ServiceId> parts = view.snapshot().clusterName(service.hostname());
    if (parts.isEmpty()) {
      // A pattern is its own absolute form.
      return full.startsWith("*") ? List.of(full) : List.of(full, full + ".");
    }
    String name = pod + parts.get().name();
    String namespace = parts.get().namespace();
    // Each once, in this order.
    Set<String> domains = new LinkedHashSet<>();
    domains.add(full);
    if (namespace.equals(view.namespace())) {
      domains.add(name);
    }
    domains.add(full.endsWith(suffix) ? full.substring(0, full.length() - suffix.length()) : full);
    domains.add(name + "." + namespace);
    // An absolute name. Istio: ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN.
    domains.add(full + ".");
    return List.copyOf(domains);
  }

  /** Hosts that only a VirtualService knows, which are served on port 80. */
  List<Host> withoutService() {
    List<Host> all = new ArrayList<>();
    for (VirtualService service : virtualServices.of(VirtualService.MESH)) {
      for (String host : virtualServices.hosts(service)) {
        if (!service.http().isEmpty() && !virtualServices.servesAny(host)) {
          all.add(
              new Host(
                  host + ":" + HTTP,
                  List.of(host),
                  virtualServices.rules(service, host, HTTP, VirtualService.MESH),
                  false));
        }
      }
    }
    return all;
  }
}
