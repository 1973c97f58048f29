package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A mesh made by a test. Confined to the test's thread. */
final class World {
  private final Map<ClusterId, Member> members = new TreeMap<>();
  private final Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private SnapshotBuilder.Built last;
  private final Map<String, List<String>> resolved = new TreeMap<>();
  private final Map<CredentialKey, Credential> credentials = new TreeMap<>();
  private MeshSettings settings = MeshSettings.defaults();

  World() {
    last = SnapshotBuilder.Built.nothing(settings);
  }

  Member cluster(String name) {
    return members.computeIfAbsent(new ClusterId(name), Member::new);
  }

  World settings(MeshSettings settings) {
    this.settings = settings;
    return this;
  }

  World network(String cluster, String network, boolean proxy) {
    return put(
        new MemberClusterSpec(
            ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", cluster),
            new NetworkId(network),
            proxy,
            null,
            false));
  }

  World put(ConfigObject object) {
    objects.put(object.ref(), object);
    return this;
  }

  /** With what was said when it was read. */
  World put(Parsed parsed) {
    diagnostics.addAll(parsed.diagnostics());
    return parsed.value().map(this::put).orElse(this);
  }

  World credential(CredentialKey key, Credential found) {
    credentials.put(key, found);
    return this;
  }

  World resolved(String name, String... addresses) {
    resolved.put(name, List.of(addresses));
    return this;
  }

  void leave(String cluster) {
    members.remove(new ClusterId(cluster));
  }

  private ConfigSet config() {
    Map<ClusterId, ClusterFacts> facts = new TreeMap<>();
    members.forEach((id, member) -> facts.put(id, member.facts()));
    return new ConfigSet(
        settings, facts, objects, Map.of(), diagnostics, resolved, credentials, Map.of());
  }

  SnapshotBuilder.Built build() {
    last = SnapshotBuilder.build(config(), last);
    return last;
  }

  List<Diagnostic> findings() {
    return Findings.of(config(), snapshot());
  }

  MeshSnapshot snapshot() {
    return build().snapshot();
  }

  /** Confined to the test's thread. */
  static final class Member {
    private final ClusterId id;
    private final Map<KubeFact.Key, KubeService> services = new TreeMap<>();
    private final Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
    private final Map<KubeFact.Key, KubeEndpointSlice> written = new TreeMap<>();
    private final Map<String, KubeNode> nodes = new TreeMap<>();
    private final Map<String, List<String>> unready = new TreeMap<>();
    private SyncState state = SyncState.SYNCED;
    private Map<String, String> systemLabels = Map.of();
    private final Map<String, KubeNamespace> own = new TreeMap<>();

    Member(ClusterId id) {
      this.id = id;
    }

    Member state(SyncState state) {
      this.state = state;
      return this;
    }

    /** The label of its namespace istio-system. */
    Member network(String network) {
      systemLabels = Map.of("topology.istio.io/network", network);
      return this;
    }

    Member namespace(String name, Map<String, String> labels) {
      own.put(name, new KubeNamespace(name, labels, false));
      return this;
    }

    Member put(KubeService service) {
      services.put(service.key(), service);
      return this;
    }

    /** A slice beside those that follow from pods and services. */
    Member put(KubeEndpointSlice slice) {
      written.put(slice.key(), slice);
      return this;
    }

    Member put(KubePod pod) {
      pods.put(pod.key(), pod);
      return this;
    }

    Member put(KubeNode node) {
      nodes.put(node.name(), node);
      return this;
    }

    Member node(String name, String locality) {
      nodes.put(name, new KubeNode(name, Map.of(), List.of(), Locality.parse(locality)));
      return this;
    }

    Member service(String name, int port, String portName, String vip) {
      return service(name, port, portName, vip, Map.of(), List.of());
    }

    Member service(
        String name,
        int port,
        String portName,
        String vip,
        Map<String, String> labels,
        List<String> loadBalancer) {
      int dot = name.indexOf('.');
      ServiceId service =
          dot < 0
              ? new ServiceId("default", name)
              : new ServiceId(name.substring(dot + 1), name.substring(0, dot));
      KubeService value =
          new KubeService(
              service,
              labels,
              Map.of(),
              Instant.EPOCH,
              loadBalancer.isEmpty() ? KubeService.Type.CLUSTER_IP : KubeService.Type.LOAD_BALANCER,
              vip.isEmpty() ? List.of() : List.of(vip),
              vip.isEmpty(),
              "",
              List.of(),
              loadBalancer,
              Map.of("app", service.name()),
              List.of(new KubeService.Port(portName, port, "TCP", "", "8080", 0)),
              false,
              false);
      services.put(value.key(), value);
      return this;
    }

    /** Its cross-cluster proxy's Service, with an address. */
    Member proxyAt(String... addresses) {
      return service(
          "istio-" + MemberClusterSpec.gatewayName(id) + ".istio-system",
          15443,
          "tls",
          "10.96.9.9",
          Map.of("topology.istio.io/network", "stale"),
          List.of(addresses));
    }

    Member pod(String app, String name, String ip) {
      return pod(app, name, ip, Map.of("security.istio.io/tlsMode", "istio"));
    }

    /** A pod of its cross-cluster proxy. */
    Member proxyPod(String name, Map<String, String> labels) {
      return pod(
          "istio-system", "istio-" + MemberClusterSpec.gatewayName(id), name, "10.0.0.200", labels);
    }

    Member pod(String app, String name, String ip, Map<String, String> labels) {
      return pod("default", app, name, ip, labels);
    }

    Member annotatedPod(String app, String name, String ip, Map<String, String> annotations) {
      return pod(
          "default", app, name, ip, Map.of("security.istio.io/tlsMode", "istio"), annotations);
    }

    private Member pod(
        String namespace, String app, String name, String ip, Map<String, String> labels) {
      return pod(namespace, app, name, ip, labels, Map.of());
    }

    private Member pod(
        String namespace,
        String app,
        String name,
        String ip,
        Map<String, String> labels,
        Map<String, String> annotations) {
      Map<String, String> all = new TreeMap<>(labels);
      all.put("app", app);
      KubePod pod =
          new KubePod(
              namespace,
              name,
              all,
              annotations,
              List.of(ip),
              app,
              nodes.isEmpty() ? "" : nodes.keySet().iterator().next(),
              "Deployment",
              app,
              "",
              "",
              List.of(),
              false,
              true,
              false);
      pods.put(pod.key(), pod);
      return this;
    }

    Member unready(String app, String pod) {
      unready.computeIfAbsent(app, a -> new ArrayList<>()).add(pod);
      return this;
    }

    Member without(String pod) {
      pods.remove(new KubeFact.Key(KubeFact.Kind.POD, "default", pod));
      return this;
    }

    ClusterFacts facts() {
      Map<KubeFact.Key, KubeEndpointSlice> slices = new TreeMap<>(written);
      for (KubeService service : services.values()) {
        List<KubeEndpointSlice.Endpoint> endpoints = new ArrayList<>();
        for (KubePod pod : pods.values()) {
          if (pod.namespace().equals(service.id().namespace())
              && service.id().name().equals(pod.labels().get("app"))) {
            boolean ready =
                !unready.getOrDefault(service.id().name(), List.of()).contains(pod.name());
            endpoints.add(
                new KubeEndpointSlice.Endpoint(
                    pod.ips(), ready, ready, false, pod.name(), pod.node(), "", ""));
          }
        }
        if (!endpoints.isEmpty()) {
          KubeEndpointSlice slice =
              new KubeEndpointSlice(
                  service.id().namespace(),
                  service.id().name() + "-x",
                  service.id().name(),
                  service.ports().stream()
                      .map(p -> new KubeEndpointSlice.Port(p.name(), 80, "TCP"))
                      .toList(),
                  endpoints);
          slices.put(slice.key(), slice);
        }
      }
      Map<String, KubeNamespace> namespaces = new TreeMap<>();
      namespaces.put("default", new KubeNamespace("default", Map.of(), false));
      namespaces.put("istio-system", new KubeNamespace("istio-system", systemLabels, false));
      namespaces.putAll(own);
      return new ClusterFacts(id, state, "", services, slices, pods, nodes, namespaces);
    }
  }

  /** A client without anything special. */
  static EndpointClient client(String cluster, String network) {
    return new EndpointClient(
        new ClusterId(cluster),
        new NetworkId(network),
        List.of(),
        "default",
        Map.of(),
        "",
        false,
        false);
  }

  /** The same client with a proxy that can name endpoints to gateways. */
  static EndpointClient naming(String cluster, String network) {
    EndpointClient plain = client(cluster, network);
    return new EndpointClient(
        plain.cluster(),
        plain.network(),
        plain.networkView(),
        plain.namespace(),
        plain.labels(),
        plain.node(),
        plain.onlyMtls(),
        true);
  }

  /** What a client is told of a service's only port. */
  static List<EndpointDecision> view(
      MeshSnapshot snapshot, String service, String subset, EndpointClient client) {
    MeshService found =
        Optional.ofNullable(snapshot.services().get(new ServiceId("default", service)))
            .orElseThrow();
    return EndpointView.of(snapshot, found, found.ports().getFirst(), subset, client);
  }
}
