package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Copies;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeService;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import dev.weft.types.SpiffeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Services of the same name in all clusters, as one. Ports are merged by number and name; what
 * contradicts is reported with both clusters named. Istio, which keeps the first one's ports:
 * pilot/pkg/serviceregistry/aggregate/controller.go.
 */
final class ServiceMerge {
  private static final String EXPORT_TO = "networking.istio.io/exportTo";

  private final ConfigSet config;
  private final ClusterLocality clusterLocality;

  ServiceMerge(ConfigSet config) {
    this.config = config;
    this.clusterLocality = ClusterLocality.of(config.settings());
  }

  /** A Service and where it is. */
  record Declared(ClusterId cluster, KubeService service) {}

  /**
   * The Services of a name, that which defines the service first: the oldest, so that a cluster
   * that joins later changes nothing in it.
   */
  List<Declared> declared(ServiceId id) {
    KubeFact.Key key = new KubeFact.Key(KubeFact.Kind.SERVICE, id.namespace(), id.name());
    List<Declared> declared = new ArrayList<>();
    for (ClusterFacts facts : config.clusters().values()) {
      KubeService service = facts.services().get(key);
      if (service != null) {
        declared.add(new Declared(facts.id(), service));
      }
    }
    declared.sort(
        Comparator.comparing((Declared d) -> d.service().created())
            .thenComparing(Declared::cluster));
    return declared;
  }

  /** What contradicts in the Services of a name. */
  List<Diagnostic> conflicts(ServiceId id) {
    List<Diagnostic> conflicts = new ArrayList<>();
    ports(id, declared(id), conflicts);
    return conflicts;
  }

  /**
   * The service.
   *
   * @param declared at least one
   * @param meshVip its address of the mesh; empty for none
   */
  MeshService service(
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
    String hostname = id.hostname(config.settings().domainSuffix());
    return new MeshService(
        id,
        hostname,
        first.created(),
        declared.stream().map(Declared::cluster).sorted().toList(),
        ports(id, declared, new ArrayList<>()),
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

  private static List<ServicePort> ports(
      ServiceId id, List<Declared> declared, List<Diagnostic> conflicts) {
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
              .ifPresent(p -> twoNumbers(id, p, mine, conflicts));
          byNumber.put(written.port(), mine);
        } else if (known.port().protocol() == AppProtocol.UDP) {
          // One number for both transports, as DNS has it: only the TCP side can be proxied.
          byNumber.put(written.port(), mine);
        } else if (protocol != AppProtocol.UDP) {
          contradiction(id, known, mine, conflicts);
        }
      }
    }
    return byNumber.values().stream().map(Defined::port).toList();
  }

  private static void twoNumbers(ServiceId id, Defined a, Defined b, List<Diagnostic> conflicts) {
    conflicts.add(
        conflict(
            id,
            "port '%s' is %d in cluster %s and %d in cluster %s: both numbers lead to the endpoints of both; use one number"
                .formatted(
                    a.port().name(),
                    a.port().number(),
                    a.cluster(),
                    b.port().number(),
                    b.cluster())));
  }

  private static void contradiction(
      ServiceId id, Defined first, Defined other, List<Diagnostic> conflicts) {
    if (!first.port().name().equals(other.port().name())) {
      conflicts.add(
          conflict(
              id,
              "port %d is named '%s' in cluster %s and '%s' in cluster %s: endpoints are matched by port name, so those of cluster %s get no traffic on it; use one name"
                  .formatted(
                      first.port().number(),
                      first.port().name(),
                      first.cluster(),
                      other.port().name(),
                      other.cluster(),
                      other.cluster())));
    } else if (first.port().protocol() != other.port().protocol()) {
      conflicts.add(
          conflict(
              id,
              "port %d is %s in cluster %s and %s in cluster %s: the former is used everywhere; set the same appProtocol"
                  .formatted(
                      first.port().number(),
                      first.port().protocol(),
                      first.cluster(),
                      other.port().protocol(),
                      other.cluster())));
    }
  }

  private static Diagnostic conflict(ServiceId id, String message) {
    return Diagnostic.warning(FindingCode.CLUSTERS_DIFFER, "Service " + id, "spec.ports", message);
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
