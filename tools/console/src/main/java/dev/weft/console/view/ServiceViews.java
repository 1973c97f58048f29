package dev.weft.console.view;

import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.Diagnostic;
import dev.weft.console.api.ObjectRef;
import dev.weft.console.api.ServiceDetail;
import dev.weft.console.api.ServiceDetail.EndpointRow;
import dev.weft.console.api.ServiceDetail.SubsetView;
import dev.weft.console.api.ServiceRow;
import dev.weft.console.api.ServiceRow.EndpointCount;
import dev.weft.console.api.ServiceRow.PortView;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.topology.picture.PictureEdge;
import dev.weft.types.ClusterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The services of the mesh. */
public final class ServiceViews {
  private ServiceViews() {}

  /**
   * All of them, in order.
   *
   * @param namespace empty for all
   */
  public static List<ServiceRow> rows(Moment moment, Flows flows, String namespace) {
    Rules rules = Rules.of(moment);
    Map<ObjectRef, List<Diagnostic>> findings = FindingViews.byObject(moment);
    return moment.snapshot().services().values().stream()
        .filter(s -> namespace.isEmpty() || s.id().namespace().equals(namespace))
        .map(s -> row(s, flows, FindingViews.of(findings, objects(s, rules)).size()))
        .toList();
  }

  /**
   * One of them.
   *
   * @param callers what was seen of its traffic
   */
  public static ServiceDetail detail(
      Moment moment, MeshService service, Flows flows, List<PictureEdge> callers) {
    Rules rules = Rules.of(moment);
    var findings = FindingViews.of(FindingViews.byObject(moment), objects(service, rules));
    Map<String, List<String>> addresses = new TreeMap<>();
    service.vips().forEach((cluster, vips) -> addresses.put(cluster.value(), vips));
    return new ServiceDetail(
        row(service, flows, findings.size()),
        addresses,
        service.meshVip(),
        endpoints(service),
        rules.about(service.hostname()),
        subsets(moment, service),
        callers,
        findings);
  }

  private static ObjectRef ref(MeshService service) {
    return new ObjectRef("Service", service.id().namespace(), service.id().name(), "");
  }

  private static List<ObjectRef> objects(MeshService service, Rules rules) {
    List<ObjectRef> objects = new ArrayList<>(List.of(ref(service)));
    objects.addAll(rules.about(service.hostname()));
    return objects;
  }

  private static ServiceRow row(MeshService service, Flows flows, int findings) {
    Flows.Sum sum = flows.toService(service.hostname());
    return new ServiceRow(
        service.id().namespace(),
        service.id().name(),
        service.hostname(),
        counts(service),
        service.ports().stream().map(ServiceViews::port).toList(),
        sum.rate(),
        sum.failed(),
        sum.meanMillis(),
        findings,
        sum.mutualTls());
  }

  private static PortView port(ServicePort port) {
    return new PortView(port.number(), port.name(), port.protocol().name());
  }

  private static List<EndpointCount> counts(MeshService service) {
    TreeSet<ClusterId> clusters = new TreeSet<>(service.clusters());
    service.endpoints().forEach(e -> clusters.add(e.cluster()));
    return clusters.stream()
        .map(
            cluster -> {
              List<ServiceEndpoint> own =
                  service.endpoints().stream().filter(e -> e.cluster().equals(cluster)).toList();
              return new EndpointCount(
                  cluster.value(),
                  (int) own.stream().filter(ServiceViews::ready).count(),
                  own.size());
            })
        .toList();
  }

  private static boolean ready(ServiceEndpoint endpoint) {
    return endpoint.health() == ServiceEndpoint.Health.READY;
  }

  private static List<EndpointRow> endpoints(MeshService service) {
    List<EndpointRow> rows = new ArrayList<>();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      Workload pod = endpoint.workload();
      new TreeSet<>(endpoint.ports().values())
          .forEach(
              port ->
                  rows.add(
                      new EndpointRow(
                          endpoint.cluster().value(),
                          endpoint.network().value(),
                          endpoint.locality().toString(),
                          endpoint.address(),
                          pod == null ? "" : pod.workloadName(),
                          pod == null ? "" : pod.key().pod(),
                          ready(endpoint),
                          port,
                          pod == null ? "" : pod.canonicalRevision())));
    }
    return rows;
  }

  /** Those of the rule that clients of the service's own namespace see. */
  private static List<SubsetView> subsets(Moment moment, MeshService service) {
    Optional<MergedDestinationRule> rule =
        moment
            .snapshot()
            .destinationRules()
            .find(service.id().namespace(), Map.of(), service.id(), service.hostname());
    return rule.map(r -> r.subsets().stream().map(s -> subset(s, service)).toList())
        .orElse(List.of());
  }

  private static SubsetView subset(Subset subset, MeshService service) {
    return new SubsetView(
        subset.name(),
        subset.labels(),
        (int)
            service.endpoints().stream()
                .filter(e -> e.labels().entrySet().containsAll(subset.labels().entrySet()))
                .count());
  }
}
