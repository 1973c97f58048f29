package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Copies;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import dev.weft.types.SpiffeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Services of the same name in all clusters, as one. Ports are merged by number and name; what
 * contradicts is reported with both clusters named. Reference 2.5.2.
 */
final class ServiceMerge {
  private static final String EXPORT_TO = "networking.istio.io/exportTo";

  private final MeshSettings settings;
  private final ClusterLocality clusterLocality;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  private ServiceMerge(MeshSettings settings) {
    this.settings = settings;
    this.clusterLocality = ClusterLocality.of(settings);
  }

  /** The services and what was noticed. */
  record Merged(Map<ServiceId, MeshService> services, List<Diagnostic> diagnostics) {}

  private record Declared(ClusterId cluster, KubeService service) {}

  static Merged merge(
      ConfigSet config,
      Networks networks,
      Map<WorkloadKey, Workload> workloads,
      Map<ServiceId, MeshService> previous) {
    ServiceMerge merge = new ServiceMerge(config.settings());
    Map<ServiceId, List<Declared>> declared = new TreeMap<>();
    for (ClusterFacts facts : config.clusters().values()) {
      for (KubeService service : facts.services().values()) {
        declared
            .computeIfAbsent(service.id(), id -> new ArrayList<>())
            .add(new Declared(facts.id(), service));
      }
    }
    // The oldest defines the service, so that a cluster that joins later changes nothing in it.
    declared
        .values()
        .forEach(
            list ->
                list.sort(
                    Comparator.comparing((Declared d) -> d.service().created())
                        .thenComparing(Declared::cluster)));
    Map<ServiceId, String> vips = merge.vips(declared, previous);
    Endpoints endpoints = Endpoints.of(config, networks, workloads);
    Map<ServiceId, MeshService> services = new LinkedHashMap<>();
    declared.forEach(
        (id, list) ->
            services.put(
                id,
                merge.service(
                    id,
                    list,
                    vips.getOrDefault(id, ""),
                    endpoints.of(id, list.stream().map(Declared::cluster).toList()))));
    return new Merged(services, merge.diagnostics);
  }

  private Map<ServiceId, String> vips(
      Map<ServiceId, List<Declared>> declared, Map<ServiceId, MeshService> previous) {
    Map<ServiceId, String> taken = new TreeMap<>();
    previous.forEach(
        (id, service) -> {
          if (!service.meshVip().isEmpty()) {
            taken.put(id, service.meshVip());
          }
        });
    List<ServiceId> byAge =
        declared.entrySet().stream()
            .sorted(
                Comparator.comparing(
                        (Map.Entry<ServiceId, List<Declared>> e) ->
                            e.getValue().getFirst().service().created())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .toList();
    try {
      return MeshVips.in(settings.meshVipRange()).assign(byAge, taken);
    } catch (IllegalArgumentException e) {
      diagnostics.add(
          Diagnostic.error(
              "bad-vip-range",
              "ConfigMap " + settings.rootNamespace() + "/istio",
              "mesh",
              "services of other clusters get no address: " + e.getMessage()));
      return Map.of();
    }
  }

  private MeshService service(
      ServiceId id, List<Declared> declared, String meshVip, List<ServiceEndpoint> endpoints) {
    KubeService first = declared.getFirst().service();
    Map<ClusterId, List<String>> vips = new TreeMap<>();
    Map<ClusterId, Map<String, String>> selectors = new TreeMap<>();
    for (Declared d : declared) {
      if (!d.service().clusterIps().isEmpty()) {
        vips.put(d.cluster(), d.service().clusterIps());
      }
      selectors.put(d.cluster(), d.service().selector());
    }
    Map<String, SpiffeId> identities = new TreeMap<>();
    for (ServiceEndpoint endpoint : endpoints) {
      Workload workload = endpoint.workload();
      if (workload != null) {
        identities.put(workload.identity().uri(), workload.identity());
      }
    }
    String hostname = id.hostname(settings.domainSuffix());
    return new MeshService(
        id,
        hostname,
        declared.stream().map(Declared::cluster).sorted().toList(),
        ports(id, declared),
        vips,
        first.type() == KubeService.Type.EXTERNAL_NAME ? "" : meshVip,
        first.headless(),
        first.externalName(),
        clusterLocality.clusterLocal(hostname),
        first.nodeLocal(),
        first.publishNotReadyAddresses(),
        Copies.set(identities.values()),
        exportTo(first),
        first.labels(),
        first.annotations(),
        selectors,
        endpoints);
  }

  private record Defined(ClusterId cluster, ServicePort port) {}

  private List<ServicePort> ports(ServiceId id, List<Declared> declared) {
    Map<Integer, Defined> byNumber = new TreeMap<>();
    for (Declared d : declared) {
      for (KubeService.Port written : d.service().ports()) {
        AppProtocol protocol =
            AppProtocol.of(
                written.protocol(), written.appProtocol(), written.name(), written.port());
        Defined mine =
            new Defined(d.cluster(), new ServicePort(written.port(), written.name(), protocol));
        Defined known = byNumber.get(written.port());
        if (known == null) {
          byNumber.values().stream()
              .filter(p -> p.port().name().equals(written.name()))
              .findFirst()
              .ifPresent(p -> twoNumbers(id, p, mine));
          byNumber.put(written.port(), mine);
        } else if (known.port().protocol() == AppProtocol.UDP) {
          // One number for both transports, as DNS has it: only the TCP side can be proxied.
          byNumber.put(written.port(), mine);
        } else if (protocol != AppProtocol.UDP) {
          contradiction(id, known, mine);
        }
      }
    }
    return byNumber.values().stream().map(Defined::port).toList();
  }

  private void twoNumbers(ServiceId id, Defined a, Defined b) {
    conflict(
        id,
        "port '%s' is %d in cluster %s and %d in cluster %s: both numbers lead to the endpoints of both; use one number"
            .formatted(
                a.port().name(), a.port().number(), a.cluster(), b.port().number(), b.cluster()));
  }

  private void contradiction(ServiceId id, Defined first, Defined other) {
    if (!first.port().name().equals(other.port().name())) {
      conflict(
          id,
          "port %d is named '%s' in cluster %s and '%s' in cluster %s: endpoints are matched by port name, so those of cluster %s get no traffic on it; use one name"
              .formatted(
                  first.port().number(),
                  first.port().name(),
                  first.cluster(),
                  other.port().name(),
                  other.cluster(),
                  other.cluster()));
    } else if (first.port().protocol() != other.port().protocol()) {
      conflict(
          id,
          "port %d is %s in cluster %s and %s in cluster %s: the former is used everywhere; set the same appProtocol"
              .formatted(
                  first.port().number(),
                  first.port().protocol(),
                  first.cluster(),
                  other.port().protocol(),
                  other.cluster()));
    }
  }

  private void conflict(ServiceId id, String message) {
    diagnostics.add(
        Diagnostic.warning(FindingCode.CLUSTERS_DIFFER, "Service " + id, "spec.ports", message));
  }

  private static List<String> exportTo(KubeService service) {
    String annotation = service.annotations().getOrDefault(EXPORT_TO, "");
    if (annotation.isBlank()) {
      return List.of();
    }
    List<String> namespaces = new ArrayList<>();
    for (String part : annotation.split(",", -1)) {
      if (!part.isBlank()) {
        namespaces.add(part.strip());
      }
    }
    return namespaces;
  }
}
