package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.DefaultExports;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeService;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
   * that joins later changes nothing in it; an ExternalName only where there is nothing else.
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
        Comparator.comparing((Declared d) -> external(d.service()))
            .thenComparing(d -> d.service().created())
            .thenComparing(Declared::cluster));
    return declared;
  }

  /** The host names of pods that DNS knows: where a Service of the name is headless. */
  static Set<String> podNames(List<Declared> declared, List<ServiceEndpoint> endpoints) {
    Set<String> names = new TreeSet<>();
    if (declared.stream().anyMatch(d -> d.service().headless())) {
      for (ServiceEndpoint endpoint : endpoints) {
        if (!endpoint.hostname().isEmpty()) {
          names.add(endpoint.hostname());
        }
      }
    }
    return names;
  }

  /** What contradicts in the Services of a name. */
  List<Diagnostic> conflicts(ServiceId id) {
    List<Diagnostic> conflicts = new ArrayList<>();
    List<Declared> declared = declared(id);
    ports(id, declared, conflicts);
    types(id, declared, conflicts);
    return conflicts;
  }

  private static boolean external(KubeService service) {
    return service.type() == KubeService.Type.EXTERNAL_NAME;
  }

  private static void types(ServiceId id, List<Declared> declared, List<Diagnostic> conflicts) {
    for (Declared other : declared) {
      Declared first = declared.getFirst();
      boolean same =
          external(first.service())
              ? AliasTarget.canonical(first.service().externalName())
                  .equals(AliasTarget.canonical(other.service().externalName()))
              : !external(other.service());
      if (!same) {
        conflicts.add(
            Diagnostic.warning(
                FindingCode.CLUSTERS_DIFFER,
                "Service " + id,
                "spec.externalName",
                "cluster %s says that it is %s; cluster %s, which counts everywhere, says %s"
                    .formatted(other.cluster(), words(other), first.cluster(), words(first))));
      }
    }
  }

  private static String words(Declared declared) {
    return external(declared.service())
        ? "another name of " + declared.service().externalName()
        : "a service of its own";
  }

  /**
   * The service.
   *
   * @param declared at least one
   * @param meshVip its address of the mesh; empty for none
   * @param podVips those of its pods, by their host names
   */
  MeshService service(
      ServiceId id,
      List<Declared> declared,
      String meshVip,
      Map<String, String> podVips,
      List<ServiceEndpoint> endpoints) {
    KubeService first = declared.getFirst().service();
    Map<ClusterId, List<String>> vips = new TreeMap<>();
    Map<ClusterId, Map<String, String>> selectors = new TreeMap<>();
    for (Declared d : declared) {
      if (!d.service().clusterIps().isEmpty()) {
        vips.put(d.cluster(), d.service().clusterIps());
      }
      selectors.put(d.cluster(), d.service().selector());
    }
    String hostname = id.hostname(config.settings().domainSuffix());
    return new MeshService(
        id,
        hostname,
        first.created(),
        declared.stream().map(Declared::cluster).sorted().toList(),
        ports(id, declared, new ArrayList<>()),
        vips,
        external(first) ? "" : meshVip,
        podVips,
        first.headless(),
        external(first) ? AliasTarget.canonical(first.externalName()) : "",
        clusterLocality.clusterLocal(hostname),
        first.nodeLocal(),
        first.publishNotReadyAddresses(),
        EntryServices.identities(endpoints),
        DefaultExports.or(exportTo(first), config.settings().exports().services()),
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
