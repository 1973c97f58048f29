package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.DefaultExports;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ServiceEntry;
import dev.weft.config.WorkloadEntry;
import dev.weft.config.WorkloadSpec;
import dev.weft.snapshot.ServiceEndpoint.Health;
import dev.weft.types.Locality;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import dev.weft.types.SpiffeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Hosts of ServiceEntries as services, and workloads that somebody wrote down as endpoints. Istio:
 * pilot/pkg/serviceregistry/serviceentry/conversion.go.
 */
final class EntryServices {
  private final Entries entries;
  private final Networks networks;
  private final Map<WorkloadKey, Workload> pods;
  private final MeshSettings settings;

  EntryServices(
      Entries entries, Networks networks, Map<WorkloadKey, Workload> pods, MeshSettings settings) {
    this.entries = entries;
    this.networks = networks;
    this.pods = pods;
    this.settings = settings;
  }

  /** A service with its endpoints. */
  MeshService service(
      ServiceId id, ServiceEntry entry, String meshVip, List<ServiceEndpoint> endpoints) {
    ObjectMeta meta = entry.meta();
    return new MeshService(
        id,
        Entries.host(id),
        meta.created(),
        List.of(),
        entry.ports().stream()
            .map(p -> new ServicePort(p.number(), p.name(), p.protocol()))
            .toList(),
        Map.of(),
        Entries.allocates(id, entry) ? meshVip : "",
        Map.of(),
        false,
        "",
        false,
        false,
        false,
        identities(endpoints),
        DefaultExports.or(entry.exportTo(), settings.exports().services()),
        meta.labels(),
        meta.annotations(),
        Map.of(),
        new ServiceOrigin.Entry(
            meta.ref(),
            entry.addresses(),
            entry.resolution(),
            entry.location() == ServiceEntry.Location.MESH_EXTERNAL,
            entry.subjectAltNames()),
        endpoints);
  }

  /** Who may answer at some endpoints. */
  static Set<SpiffeId> identities(List<ServiceEndpoint> endpoints) {
    Map<String, SpiffeId> identities = new TreeMap<>();
    for (ServiceEndpoint endpoint : endpoints) {
      SpiffeId identity = endpoint.identity();
      if (identity != null) {
        identities.put(identity.uri(), identity);
      }
    }
    return Copies.set(identities.values());
  }

  /** Those that are written in a ServiceEntry, or that it selects, or its host itself. */
  List<ServiceEndpoint> endpoints(ServiceId id, ServiceEntry entry) {
    String namespace = id.namespace();
    List<ServiceEndpoint> found = new ArrayList<>();
    entry.endpoints().forEach(w -> found.add(endpoint(namespace, w, ports(entry, w))));
    if (!entry.selector().isEmpty()) {
      entries
          .workloads(namespace, entry.selector())
          .forEach(w -> found.add(endpoint(namespace, w.workload(), ports(entry, w.workload()))));
      for (Workload pod : pods.values()) {
        if (pod.key().namespace().equals(namespace)
            && !pod.ips().isEmpty()
            && Entries.has(pod.labels(), entry.selector())) {
          found.add(endpoint(pod, entry));
        }
      }
    }
    boolean byName =
        switch (entry.resolution()) {
          case DNS, DNS_ROUND_ROBIN -> entry.endpoints().isEmpty() && entry.selector().isEmpty();
          case NONE, STATIC -> false;
        };
    if (byName) {
      WorkloadSpec host =
          new WorkloadSpec(
              Entries.host(id), Map.of(), Map.of(), NetworkId.UNNAMED, Locality.UNKNOWN, 1, "");
      found.add(endpoint(namespace, host, ports(entry, host)));
    }
    return found;
  }

  /** The WorkloadEntries that a Service selects. */
  List<ServiceEndpoint> endpoints(KubeService service) {
    return entries.workloads(service.id().namespace(), service.selector()).stream()
        .map(WorkloadEntry::workload)
        .map(w -> endpoint(service.id().namespace(), w, ports(service, w)))
        .toList();
  }

  private ServiceEndpoint endpoint(
      String namespace, WorkloadSpec workload, Map<String, Integer> ports) {
    String label = workload.labels().getOrDefault(Networks.LABEL, "");
    NetworkId network =
        workload.network().isNamed()
            ? workload.network()
            : Names.isLabel(label)
                ? new NetworkId(label)
                : networks.of(ServiceEndpoint.NO_CLUSTER, workload.address());
    Locality locality =
        workload.locality().region().isEmpty()
            ? Workloads.written(workload.labels())
            : workload.locality();
    return new ServiceEndpoint(
        ServiceEndpoint.NO_CLUSTER,
        workload.address(),
        ports,
        Health.READY,
        network,
        locality,
        "",
        Workloads.withPlace(workload.labels(), locality, network),
        workload.mtls(),
        "",
        null,
        workload.weight(),
        workload.serviceAccount().isEmpty()
            ? null
            : new SpiffeId(settings.trustDomain(), namespace, workload.serviceAccount()));
  }

  private static ServiceEndpoint endpoint(Workload pod, ServiceEntry entry) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    entry.ports().forEach(p -> ports.put(p.name(), p.targetPort()));
    Health health =
        pod.terminating() ? Health.TERMINATING : pod.ready() ? Health.READY : Health.NOT_READY;
    return new ServiceEndpoint(
        pod.key().cluster(),
        pod.ips().getFirst(),
        ports,
        health,
        pod.network(),
        pod.locality(),
        pod.node(),
        pod.labels(),
        pod.mtls(),
        "",
        pod,
        1,
        pod.identity());
  }

  /** A port of the workload comes before that of the ServiceEntry. */
  private static Map<String, Integer> ports(ServiceEntry entry, WorkloadSpec workload) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    entry
        .ports()
        .forEach(p -> ports.put(p.name(), workload.ports().getOrDefault(p.name(), p.targetPort())));
    return ports;
  }

  /** A target port that is a name has to be one of the workload. */
  private static Map<String, Integer> ports(KubeService service, WorkloadSpec workload) {
    Map<String, Integer> ports = new LinkedHashMap<>();
    for (KubeService.Port port : service.ports()) {
      String target = port.targetPort();
      boolean number = target.chars().allMatch(Character::isDigit);
      Integer own = workload.ports().get(number ? port.name() : target);
      if (own != null) {
        ports.put(port.name(), own);
      } else if (number) {
        ports.put(port.name(), target.isEmpty() ? port.port() : Integer.parseInt(target));
      }
    }
    return ports;
  }
}
