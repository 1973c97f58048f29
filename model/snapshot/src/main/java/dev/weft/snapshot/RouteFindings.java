package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectRef;
import dev.weft.config.SidecarSpec;
import dev.weft.config.VirtualService;
import dev.weft.config.VirtualService.Destination;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Routes that lead nowhere. */
final class RouteFindings {
  private RouteFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (VirtualService routes : snapshot.virtualServices()) {
      Leads by = new Leads(routes.ref(), "spec", "a route leads to ");
      destinations(routes).forEach(d -> destination(snapshot, by, d, findings));
    }
    for (SidecarSpec sidecar : snapshot.sidecars().all()) {
      Destination proxy = sidecar.unknown() == null ? null : sidecar.unknown().proxy();
      if (proxy != null) {
        Leads by =
            new Leads(
                sidecar.ref(),
                "spec.outboundTrafficPolicy.egressProxy",
                "what is for unknown hosts is sent to ");
        destination(snapshot, by, proxy, findings);
      }
    }
  }

  /**
   * What leads somewhere.
   *
   * @param words before the name of where it leads
   */
  private record Leads(ObjectRef object, String path, String words) {}

  private static void destination(
      MeshSnapshot snapshot, Leads by, Destination d, List<Diagnostic> findings) {
    String namespace = by.object().namespace();
    String written = HostNames.full(d.host(), namespace, snapshot.settings().domainSuffix());
    Optional<MeshService> service = AliasTarget.of(snapshot, written);
    String host = service.map(MeshService::hostname).orElse(written);
    if (service.isEmpty()) {
      findings.add(
          Diagnostic.error(
              FindingCode.MISSING_REFERENCE,
              by.object().toString(),
              by.path(),
              by.words() + host + ", which no cluster has; its requests get 503 NC"));
      return;
    }
    if (d.port() != 0 && service.get().port(d.port()).isEmpty()) {
      findings.add(
          Diagnostic.error(
              FindingCode.MISSING_REFERENCE,
              by.object().toString(),
              by.path(),
              by.words()
                  + "port "
                  + d.port()
                  + " of "
                  + host
                  + ", which has only "
                  + service.get().ports().stream().map(ServicePort::number).toList()
                  + "; its requests get 503 NC"));
    }
    if (d.port() == 0 && service.get().ports().size() > 1) {
      findings.add(
          Diagnostic.warning(
              FindingCode.PORT_NEEDED,
              by.object().toString(),
              by.path(),
              by.words()
                  + host
                  + ", which has several ports: name one by destination.port.number"));
    }
    boolean defined =
        d.subset().isEmpty()
            || snapshot
                .destinationRules()
                .find(namespace, Map.of(), service.get().id(), host)
                .flatMap(r -> r.subset(d.subset()))
                .isPresent();
    if (!defined) {
      findings.add(
          Diagnostic.error(
              FindingCode.MISSING_REFERENCE,
              by.object().toString(),
              by.path(),
              by.words()
                  + "subset "
                  + d.subset()
                  + " of "
                  + host
                  + ", which no DestinationRule defines; its requests get 503 NC"));
    }
  }

  private static Set<Destination> destinations(VirtualService routes) {
    Set<Destination> all = new LinkedHashSet<>();
    routes.http().forEach(route -> all.addAll(route.destinations()));
    all.addAll(routes.bytesDestinations());
    return all;
  }
}
