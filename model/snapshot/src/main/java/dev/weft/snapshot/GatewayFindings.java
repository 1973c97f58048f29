package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.Discovery;
import dev.weft.config.GatewayConfig;
import dev.weft.config.GatewayConfig.Server;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.VirtualService;
import dev.weft.types.ClusterId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Gateways that nobody reaches, and routes for gateways that are not there. */
final class GatewayFindings {
  private static final String MESH = "mesh";

  private final ConfigSet config;
  private final MeshSnapshot snapshot;
  private final List<Diagnostic> findings;
  private final Map<ClusterId, ServiceSelectors> selectors = new HashMap<>();

  private GatewayFindings(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    this.config = config;
    this.snapshot = snapshot;
    this.findings = findings;
  }

  static void add(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    GatewayFindings all = new GatewayFindings(config, snapshot, findings);
    snapshot.gateways().forEach(all::pods);
    snapshot.virtualServices().forEach(all::references);
    all.conflicts();
    config.all(IstioGatewaySpec.class).forEach(all::unseen);
  }

  /** A gateway that names no cluster runs in those that are there for such gateways. */
  private void unseen(IstioGatewaySpec gateway) {
    List<ClusterId> places =
        gateway.serverless()
            ? config.all(MemberClusterSpec.class).stream()
                .filter(MemberClusterSpec::serverlessGateways)
                .map(MemberClusterSpec::cluster)
                .toList()
            : gateway.clusters();
    String root = config.settings().rootNamespace();
    for (ClusterId place : places) {
      ClusterFacts cluster = config.clusters().get(place);
      if (cluster != null && config.settings().discovery().leavesOut(cluster, root)) {
        findings.add(
            Diagnostic.warning(
                FindingCode.UNSEEN_GATEWAY,
                gateway.ref().toString(),
                "spec.clusterIds",
                Discovery.unseenGateway(place, root)));
      }
    }
  }

  private void pods(GatewayConfig gateway) {
    if (gateway.selector().isEmpty()) {
      return;
    }
    List<Workload> pods =
        snapshot.workloads().values().stream()
            .filter(w -> w.labels().entrySet().containsAll(gateway.selector().entrySet()))
            .toList();
    if (pods.isEmpty()) {
      findings.add(
          Diagnostic.error(
              FindingCode.MISSING_REFERENCE,
              gateway.ref().toString(),
              "spec.selector",
              "no pod of any cluster has the labels "
                  + gateway.selector()
                  + ": install a gateway with them, or select another"));
      return;
    }
    TreeSet<Integer> offered = new TreeSet<>();
    pods.forEach(pod -> services(pod).forEach(service -> ports(service, offered)));
    for (int i = 0; i < gateway.servers().size(); i++) {
      int number = gateway.servers().get(i).port().number();
      if (!offered.contains(number)) {
        findings.add(
            Diagnostic.warning(
                FindingCode.GATEWAY_PORT_WITHOUT_SERVICE,
                gateway.ref().toString(),
                "spec.servers[" + i + "].port",
                "no Service of the selected gateway offers port "
                    + number
                    + (offered.isEmpty() ? "" : ", only " + offered)
                    + ": add the port to the Service, or listen on one that it has"));
      }
    }
  }

  private List<KubeService> services(Workload pod) {
    ClusterFacts cluster = config.clusters().get(pod.key().cluster());
    return cluster == null
        ? List.of()
        : selectors
            .computeIfAbsent(cluster.id(), id -> new ServiceSelectors(cluster))
            .selecting(pod.key().namespace(), pod.labels());
  }

  private static void ports(KubeService service, TreeSet<Integer> offered) {
    for (KubeService.Port port : service.ports()) {
      offered.add(port.port());
      // A name stands for a port of the container, which a gateway does not declare.
      if (port.targetPort().chars().allMatch(Character::isDigit)) {
        offered.add(Integer.parseInt(port.targetPort()));
      }
    }
  }

  private void references(VirtualService routes) {
    List<GatewayConfig> known = new ArrayList<>();
    boolean all = true;
    for (int i = 0; i < routes.gateways().size(); i++) {
      String name = routes.gateways().get(i);
      if (name.equals(MESH)) {
        all = false;
        continue;
      }
      Optional<GatewayConfig> gateway = gateway(name, routes.meta().namespace());
      gateway.ifPresent(known::add);
      if (gateway.isEmpty()) {
        all = false;
        findings.add(
            Diagnostic.error(
                FindingCode.MISSING_REFERENCE,
                routes.ref().toString(),
                "spec.gateways[" + i + "]",
                "there is no Gateway "
                    + qualified(name, routes.meta().namespace())
                    + ": create it, or correct NAMESPACE/NAME"));
      }
    }
    if (all) {
      hosts(routes, known);
    }
  }

  private void hosts(VirtualService routes, List<GatewayConfig> gateways) {
    for (int i = 0; i < routes.hosts().size(); i++) {
      String host = routes.hosts().get(i);
      boolean admitted =
          gateways.stream()
              .flatMap(g -> g.servers().stream())
              .flatMap(s -> s.hosts().stream())
              .anyMatch(pattern -> overlap(bare(pattern), host));
      if (!admitted) {
        findings.add(
            Diagnostic.warning(
                FindingCode.HOST_NOT_IN_GATEWAY,
                routes.ref().toString(),
                "spec.hosts[" + i + "]",
                "no server of the gateways that it names has the host "
                    + host
                    + ": add it to a server's hosts"));
      }
    }
  }

  private Optional<GatewayConfig> gateway(String name, String namespace) {
    String wanted = qualified(name, namespace);
    return snapshot.gateways().stream()
        .filter(g -> wanted.equals(g.meta().namespace() + "/" + g.meta().name()))
        .findFirst();
  }

  private static String qualified(String name, String namespace) {
    return name.indexOf('/') >= 0 ? name : namespace + "/" + name;
  }

  private static String bare(String pattern) {
    return pattern.substring(pattern.indexOf('/') + 1);
  }

  /** Whether some host fits both patterns. */
  static boolean overlap(String a, String b) {
    if (a.equals("*") || b.equals("*")) {
      return true;
    }
    boolean wildA = a.startsWith("*");
    boolean wildB = b.startsWith("*");
    String restA = wildA ? a.substring(1) : a;
    String restB = wildB ? b.substring(1) : b;
    return wildA && wildB
        ? restA.endsWith(restB) || restB.endsWith(restA)
        : wildA ? b.endsWith(restA) : wildB ? a.endsWith(restB) : a.equals(b);
  }

  private record Place(Map<String, String> selector, String bind, int port, String host) {}

  private void conflicts() {
    Map<Place, GatewayConfig> first = new HashMap<>();
    for (GatewayConfig gateway : snapshot.gateways()) {
      for (int i = 0; i < gateway.servers().size(); i++) {
        Server server = gateway.servers().get(i);
        for (String host : server.hosts()) {
          Place place = new Place(gateway.selector(), server.bind(), server.port().number(), host);
          GatewayConfig other = first.putIfAbsent(place, gateway);
          if (other != null && !other.ref().equals(gateway.ref())) {
            findings.add(
                Diagnostic.warning(
                    FindingCode.CONFLICTING_GATEWAYS,
                    gateway.ref().toString(),
                    "spec.servers[" + i + "]",
                    other.ref()
                        + " has a server for "
                        + host
                        + " on port "
                        + server.port().number()
                        + " of the same pods already: keep one of them"));
          }
        }
      }
    }
  }
}
