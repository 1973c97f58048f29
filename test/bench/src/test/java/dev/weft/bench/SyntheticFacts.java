package dev.weft.bench;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.ObjectParser;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What two clusters with the same services tell of themselves, the same every time.
 *
 * @param services of each cluster, a hundred in a namespace
 * @param pods of each service in each cluster, a hundred on a node
 */
record SyntheticFacts(int services, int pods) {
  private static final List<ClusterId> CLUSTERS =
      List.of(new ClusterId("east"), new ClusterId("west"));

  /** Everything, as after the first lists. */
  void tell(Consumer<ConfigEvent> events) {
    for (ClusterId cluster : CLUSTERS) {
      events.accept(new ConfigEvent.ClusterStateChanged(cluster, SyncState.SYNCED, ""));
      List<KubeFact> nodes = new ArrayList<>();
      for (int n = 0; n <= services * pods / 100; n++) {
        nodes.add(new KubeNode("node-" + n, Map.of(), List.of(), Locality.parse("r/z" + n % 3)));
      }
      List<KubeFact> all = new ArrayList<>();
      List<KubeFact> slices = new ArrayList<>();
      List<KubeFact> found = new ArrayList<>();
      for (int s = 0; s < services; s++) {
        all.add(service(s));
        slices.add(slice(s, true));
        for (int p = 0; p < pods; p++) {
          found.add(pod(s, p, true));
        }
      }
      events.accept(new ConfigEvent.FactsListed(cluster, KubeFact.Kind.NODE, nodes));
      events.accept(new ConfigEvent.FactsListed(cluster, KubeFact.Kind.SERVICE, all));
      events.accept(new ConfigEvent.FactsListed(cluster, KubeFact.Kind.POD, found));
      events.accept(new ConfigEvent.FactsListed(cluster, KubeFact.Kind.ENDPOINT_SLICE, slices));
    }
  }

  /** The first pod of a service in the first cluster becomes ready, or stops being it. */
  void flip(int service, boolean ready, Consumer<ConfigEvent> events) {
    ClusterId cluster = CLUSTERS.getFirst();
    events.accept(new ConfigEvent.FactStored(cluster, pod(service, 0, ready)));
    events.accept(new ConfigEvent.FactStored(cluster, slice(service, ready)));
  }

  /** A VirtualService for a service, with a timeout of seconds. */
  void route(int service, int seconds, Consumer<ConfigEvent> events) {
    String name = "service-" + service;
    Object route =
        Map.of(
            "timeout",
            seconds + "s",
            "route",
            List.of(Map.of("destination", Map.of("host", name))));
    ConfigObject object =
        ObjectParser.parse(
                ConfigKind.VIRTUAL_SERVICE,
                Map.of(
                    "metadata",
                    Map.of("name", name, "namespace", namespace(service)),
                    "spec",
                    Map.of("hosts", List.of(name), "http", List.of(route))))
            .value()
            .orElseThrow();
    events.accept(new ConfigEvent.ObjectStored(object, List.of()));
  }

  private static String namespace(int service) {
    return "namespace-" + service / 100;
  }

  private static String name(int service, int pod) {
    return "service-" + service + "-7d9f8c6b5-" + pod;
  }

  private String address(int service, int pod) {
    int number = service * pods + pod;
    return "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255);
  }

  private String node(int service, int pod) {
    return "node-" + (service * pods + pod) / 100;
  }

  private static KubeService service(int service) {
    return new KubeService(
        new ServiceId(namespace(service), "service-" + service),
        Map.of("app", "service-" + service),
        Map.of(),
        Instant.EPOCH.plusSeconds(service),
        KubeService.Type.CLUSTER_IP,
        List.of("10.96." + (service >> 8) + "." + (service & 255)),
        false,
        "",
        List.of(),
        List.of(),
        Map.of("app", "service-" + service),
        List.of(new KubeService.Port("http", 80, "TCP", "", "8080", 0)),
        false,
        false);
  }

  private KubePod pod(int service, int pod, boolean ready) {
    return new KubePod(
        namespace(service),
        name(service, pod),
        Map.of(
            "app",
            "service-" + service,
            "version",
            "v1",
            "security.istio.io/tlsMode",
            "istio",
            "pod-template-hash",
            "7d9f8c6b5"),
        Map.of("sidecar.istio.io/status", "{}"),
        List.of(address(service, pod)),
        "service-" + service,
        node(service, pod),
        "Deployment",
        "service-" + service,
        "",
        "",
        List.of(new KubePod.ContainerPort("http", 8080, "TCP")),
        false,
        ready,
        false);
  }

  private KubeEndpointSlice slice(int service, boolean firstReady) {
    List<KubeEndpointSlice.Endpoint> endpoints = new ArrayList<>();
    for (int p = 0; p < pods; p++) {
      boolean ready = p > 0 || firstReady;
      endpoints.add(
          new KubeEndpointSlice.Endpoint(
              List.of(address(service, p)),
              ready,
              ready,
              false,
              name(service, p),
              node(service, p),
              "",
              ""));
    }
    return new KubeEndpointSlice(
        namespace(service),
        "service-" + service + "-x7k2p",
        "service-" + service,
        List.of(new KubeEndpointSlice.Port("http", 8080, "TCP")),
        endpoints);
  }
}
