package dev.weft.console.view;

import dev.weft.config.DestinationRule;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.Destination;
import dev.weft.config.VirtualService.HttpAction;
import dev.weft.config.VirtualService.Mirror;
import dev.weft.config.VirtualService.WeightedDestination;
import dev.weft.console.api.ObjectRef;
import dev.weft.snapshot.HostNames;
import dev.weft.snapshot.MeshSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which objects say something about which hosts: VirtualServices for a host or to it, and
 * DestinationRules. Hosts are full names; patterns are kept apart.
 */
record Rules(Map<String, Set<ObjectRef>> byHost, Map<String, Set<ObjectRef>> byPattern) {

  static Rules of(Moment moment) {
    Rules rules = new Rules(new HashMap<>(), new HashMap<>());
    String suffix = moment.snapshot().settings().domainSuffix();
    for (VirtualService each : moment.snapshot().virtualServices()) {
      ObjectRef ref = FindingViews.ref(each.ref());
      Stream.concat(each.hosts().stream(), destinations(each).stream().map(Destination::host))
          .forEach(host -> rules.add(host, each.meta().namespace(), suffix, ref));
    }
    for (DestinationRule each : moment.config().all(DestinationRule.class)) {
      rules.add(each.host(), each.meta().namespace(), suffix, FindingViews.ref(each.ref()));
    }
    return rules;
  }

  private void add(String host, String namespace, String suffix, ObjectRef ref) {
    String full = HostNames.full(host, namespace, suffix);
    (full.startsWith("*") ? byPattern : byHost)
        .computeIfAbsent(full, h -> new LinkedHashSet<>())
        .add(ref);
  }

  /** The objects that speak of a host, by its name first. */
  List<ObjectRef> about(String host) {
    Set<ObjectRef> found = new LinkedHashSet<>(byHost.getOrDefault(host, Set.of()));
    byPattern.forEach(
        (pattern, refs) -> {
          if (host.endsWith(pattern.substring(1))) {
            found.addAll(refs);
          }
        });
    return List.copyOf(found);
  }

  /** Where a VirtualService sends requests, copies included, in its order. */
  static List<Destination> destinations(VirtualService service) {
    List<Destination> all = new ArrayList<>();
    for (VirtualService.HttpRoute route : service.http()) {
      if (route.action() instanceof HttpAction.Forward(List<WeightedDestination> targets)) {
        targets.forEach(t -> all.add(t.destination()));
      }
      route.mirrors().stream().map(Mirror::destination).forEach(all::add);
    }
    service.tls().forEach(r -> r.route().forEach(t -> all.add(t.destination())));
    service.tcp().forEach(r -> r.route().forEach(t -> all.add(t.destination())));
    return all;
  }

  /** The services of the mesh that an object speaks of. */
  static List<ObjectRef> services(MeshSnapshot snapshot, Stream<String> hosts, String namespace) {
    return hosts
        .map(h -> HostNames.full(h, namespace, snapshot.settings().domainSuffix()))
        .flatMap(h -> snapshot.serviceByHostname(h).stream())
        .map(s -> new ObjectRef("Service", s.id().namespace(), s.id().name(), ""))
        .distinct()
        .toList();
  }
}
