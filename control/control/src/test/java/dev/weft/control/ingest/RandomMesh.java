package dev.weft.control.ingest;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.Credential;
import dev.weft.config.CredentialKey;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Events at random, of a mesh so small that they often meet: three clusters, two namespaces, six
 * services. Confined to a test.
 */
final class RandomMesh {
  private static final List<ClusterId> CLUSTERS =
      List.of(new ClusterId("east"), new ClusterId("north"), new ClusterId("west"));
  private static final List<String> NAMESPACES = List.of("default", "istio-system");
  private static final List<String> APPS =
      List.of("a", "b", "c", "d", "istio-asm-cross-network-east", "gate");

  private final SplittableRandom random;
  private final RandomObjects objects;

  RandomMesh(long seed) {
    random = new SplittableRandom(seed);
    objects = new RandomObjects(random, NAMESPACES, APPS);
  }

  ConfigEvent next() {
    return switch (random.nextInt(100)) {
      case 0 -> settings();
      case 1 -> new ConfigEvent.ClusterRemoved(cluster());
      case 2, 3 ->
          new ConfigEvent.ClusterStateChanged(
              cluster(), pick(List.of(SyncState.values())), pick(List.of("", "no answer")));
      case 4 ->
          new ConfigEvent.HostsResolved(
              random.nextBoolean() ? Map.of() : Map.of("gate.test", List.of("192.0.2.7")));
      case 5 -> credentials();
      case 6 -> new ConfigEvent.MeshNamespaceStored(namespace());
      case 7 -> listed();
      case 8 -> remembered();
      case 9, 10, 11, 12 -> new ConfigEvent.ObjectStored(memberCluster(), List.of());
      case 13, 14, 15 -> removed();
      default ->
          random.nextInt(5) == 0 ? new ConfigEvent.ObjectStored(objects.next(), List.of()) : fact();
    };
  }

  private ConfigEvent fact() {
    KubeFact fact =
        switch (random.nextInt(20)) {
          case 0, 1 -> node();
          case 2 -> namespace();
          case 3, 4, 5 -> service();
          case 6, 7, 8, 9, 10, 11 -> slice();
          default -> pod();
        };
    return random.nextInt(4) == 0
        ? new ConfigEvent.FactRemoved(cluster(), fact.key())
        : new ConfigEvent.FactStored(cluster(), fact);
  }

  private ConfigEvent removed() {
    ConfigObject object = random.nextInt(4) == 0 ? memberCluster() : objects.next();
    return new ConfigEvent.ObjectRemoved(object.ref());
  }

  private ConfigEvent listed() {
    return switch (random.nextInt(4)) {
      case 0 -> new ConfigEvent.FactsListed(cluster(), KubeFact.Kind.POD, some(12, i -> pod()));
      case 1 ->
          new ConfigEvent.FactsListed(
              cluster(), KubeFact.Kind.ENDPOINT_SLICE, some(6, i -> slice()));
      case 2 ->
          new ConfigEvent.FactsListed(cluster(), KubeFact.Kind.SERVICE, some(6, i -> service()));
      default ->
          new ConfigEvent.ObjectsListed(
              ConfigKind.DESTINATION_RULE, List.of(objects.rule().ref(), objects.rule().ref()));
    };
  }

  private List<KubeFact> some(int max, IntFunction<KubeFact> made) {
    Map<KubeFact.Key, KubeFact> facts = new TreeMap<>();
    IntStream.range(0, random.nextInt(max)).mapToObj(made).forEach(f -> facts.put(f.key(), f));
    return new ArrayList<>(facts.values());
  }

  private ConfigEvent remembered() {
    KubeService service = service();
    return new ConfigEvent.ClusterRemembered(
        new ClusterFacts(
            cluster(),
            SyncState.LAST_KNOWN,
            "",
            Map.of(service.key(), service),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of()),
        Instant.EPOCH);
  }

  private ConfigEvent settings() {
    Map<String, Object> weft = new TreeMap<>();
    // A range that is too small for all, none at all, and the usual one.
    weft.put("meshVipRange", pick(List.of("240.240.0.0/29", "nonsense", "240.240.0.0/16")));
    Map<String, Object> red = Map.of("matchLabels", Map.of("team", "red"));
    Map<String, Object> mesh =
        Map.of(
            "weft",
            weft,
            "enableAutoMtls",
            random.nextBoolean(),
            "discoverySelectors",
            random.nextInt(3) == 0 ? List.of(red) : List.of());
    Map<String, Object> east =
        Map.of(
            "endpoints",
            List.of(
                random.nextBoolean()
                    ? Map.of("fromRegistry", "east")
                    : Map.of("fromCidr", "10.0.0.0/29")),
            "gateways",
            List.of(
                pick(
                    List.of(
                        Map.of("address", "192.0.2.1", "port", 15443),
                        Map.of("address", "gate.test", "port", 15443),
                        Map.of(
                            "registryServiceName",
                            "gate.istio-system.svc.cluster.local",
                            "port",
                            15443)))));
    Map<String, Object> networks =
        Map.of("networks", random.nextBoolean() ? Map.of() : Map.of("n1", east));
    return new ConfigEvent.SettingsChanged(
        MeshSettingsParser.read(mesh, networks, MeshSettings.defaults()).settings(), List.of());
  }

  private ConfigEvent credentials() {
    Map<CredentialKey, Credential> all = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      all.put(
          new CredentialKey(cluster(), namespaceName(), pick(List.of("shop", "shop-cacert"))),
          Credential.missing(pick(List.of("is not there", "is empty"))));
    }
    return new ConfigEvent.CredentialsRead(all);
  }

  private MemberClusterSpec memberCluster() {
    return objects.memberCluster(cluster());
  }

  private KubeNamespace namespace() {
    return new KubeNamespace(
        namespaceName(),
        random.nextInt(3) == 0
            ? Map.of("topology.istio.io/network", pick(List.of("n1", "n2")))
            : Map.of("team", pick(List.of("red", "blue"))),
        false);
  }

  private KubeNode node() {
    return new KubeNode(
        nodeName(),
        Map.of("pool", pick(List.of("x", "y"))),
        List.of("172.16.0." + random.nextInt(4)),
        Locality.parse("r/z" + random.nextInt(3)));
  }

  private KubeService service() {
    ServiceId id = new ServiceId(namespaceName(), pick(APPS));
    boolean gate = random.nextInt(4) == 0;
    KubeService.Type type = pick(List.of(KubeService.Type.values()));
    boolean external = type == KubeService.Type.EXTERNAL_NAME;
    boolean headless = !external && random.nextInt(4) == 0;
    return new KubeService(
        id,
        gate
            ? Map.of("topology.istio.io/network", pick(List.of("n1", "n2", "Not a name")))
            : Map.of(),
        random.nextInt(5) == 0
            ? Map.of("traffic.istio.io/nodeSelector", "{\"pool\": \"x\"}")
            : Map.of(),
        Instant.EPOCH.plusSeconds(random.nextInt(3)),
        type,
        headless || external ? List.of() : List.of("10.96.0." + random.nextInt(9)),
        headless,
        external ? pick(List.of("outside.example", id.hostname("cluster.local"))) : "",
        List.of(),
        random.nextInt(3) == 0 ? List.of("192.0.2." + random.nextInt(3)) : List.of(),
        random.nextInt(6) == 0 ? Map.of() : Map.of("app", id.name()),
        List.of(
            new KubeService.Port(pick(List.of("http", "web")), 80, "TCP", "", "8080", 0),
            new KubeService.Port("tls", 15443, "TCP", "", "15443", 30_443)),
        random.nextBoolean(),
        random.nextInt(8) == 0);
  }

  private KubePod pod() {
    String app = pick(APPS);
    Map<String, String> labels = new TreeMap<>(Map.of("app", app));
    if (random.nextBoolean()) {
      labels.put("security.istio.io/tlsMode", "istio");
    }
    if (random.nextInt(6) == 0) {
      labels.put("topology.istio.io/network", "n2");
    }
    return new KubePod(
        namespaceName(),
        podName(app),
        labels,
        Map.of(),
        List.of("10.0.0." + random.nextInt(20)),
        app,
        nodeName(),
        "Deployment",
        app,
        "",
        "",
        List.of(),
        random.nextInt(8) == 0,
        random.nextBoolean(),
        random.nextInt(6) == 0);
  }

  private KubeEndpointSlice slice() {
    String app = pick(APPS);
    List<KubeEndpointSlice.Endpoint> endpoints = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      boolean ready = random.nextBoolean();
      endpoints.add(
          new KubeEndpointSlice.Endpoint(
              List.of("10.0.0." + random.nextInt(20)),
              ready,
              ready,
              random.nextInt(6) == 0,
              random.nextInt(4) == 0 ? "" : podName(app),
              random.nextInt(3) == 0 ? "" : nodeName(),
              pick(List.of("", "z0", "z1")),
              random.nextInt(3) == 0 ? "" : "h" + random.nextInt(3)));
    }
    return new KubeEndpointSlice(
        namespaceName(),
        "slice-" + random.nextInt(8),
        random.nextInt(9) == 0 ? "" : app,
        List.of(new KubeEndpointSlice.Port("http", 8080, "TCP")),
        endpoints);
  }

  private String podName(String app) {
    return app + "-" + random.nextInt(2);
  }

  private String nodeName() {
    return "node-" + random.nextInt(3);
  }

  private String namespaceName() {
    return pick(NAMESPACES);
  }

  private ClusterId cluster() {
    return pick(CLUSTERS);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
