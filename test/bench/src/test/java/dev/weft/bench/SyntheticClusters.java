package dev.weft.bench;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cluster says that has as many services as asked for, of three pods each, fifty to a
 * namespace, the same every time. The first service's first pod and route can be made different.
 */
record SyntheticClusters(int services) {
  private static final ClusterId CLUSTER = new ClusterId("cluster1");
  private static final int PODS = 3;

  ConfigSet config(boolean ready, int timeoutSeconds) {
    Map<KubeFact.Key, KubeService> all = new TreeMap<>();
    Map<KubeFact.Key, KubeEndpointSlice> slices = new TreeMap<>();
    Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
    for (int s = 0; s < services; s++) {
      KubeService service = service(s);
      KubeEndpointSlice slice = slice(s, ready || s > 0);
      all.put(service.key(), service);
      slices.put(slice.key(), slice);
      for (int p = 0; p < PODS; p++) {
        KubePod pod = pod(s, p);
        pods.put(pod.key(), pod);
      }
    }
    ConfigObject route = route(timeoutSeconds);
    return new ConfigSet(
        MeshSettings.defaults(),
        Map.of(
            CLUSTER,
            new ClusterFacts(CLUSTER, SyncState.SYNCED, "", all, slices, pods, Map.of(), Map.of())),
        Map.of(route.meta().ref(), route),
        Map.of(),
        List.of());
  }

  private static String name(int service) {
    return "svc" + service;
  }

  private static String namespace(int service) {
    return "ns" + service / 50;
  }

  private static String ip(int service, int pod) {
    return "10." + (20 + pod) + "." + service / 250 + "." + (1 + service % 250);
  }

  private static KubeService service(int s) {
    return new KubeService(
        new ServiceId(namespace(s), name(s)),
        Map.of(),
        Map.of(),
        Instant.EPOCH,
        KubeService.Type.CLUSTER_IP,
        List.of("10.96." + s / 250 + "." + (1 + s % 250)),
        false,
        "",
        List.of(),
        List.of(),
        Map.of("app", name(s)),
        List.of(new KubeService.Port("http", 80, "TCP", "", "8080", 0)),
        false,
        false);
  }

  private static KubePod pod(int s, int p) {
    return new KubePod(
        namespace(s),
        name(s) + "-" + p,
        Map.of("app", name(s), "version", "v1", "security.istio.io/tlsMode", "istio"),
        Map.of(),
        List.of(ip(s, p)),
        "default",
        "node" + (s + p) % 6,
        "Deployment",
        name(s),
        "",
        "",
        List.of(),
        false,
        true,
        false);
  }

  private static KubeEndpointSlice slice(int s, boolean ready) {
    return new KubeEndpointSlice(
        namespace(s),
        name(s) + "-x",
        name(s),
        List.of(new KubeEndpointSlice.Port("http", 8080, "TCP")),
        List.of(endpoint(s, 0, ready), endpoint(s, 1, true), endpoint(s, 2, true)));
  }

  private static KubeEndpointSlice.Endpoint endpoint(int s, int p, boolean ready) {
    return new KubeEndpointSlice.Endpoint(
        List.of(ip(s, p)), ready, ready, false, name(s) + "-" + p, "node" + (s + p) % 6, "", "");
  }

  private static ConfigObject route(int timeoutSeconds) {
    String host = name(0) + "." + namespace(0) + ".svc.cluster.local";
    return ObjectParser.parse(
            ConfigKind.VIRTUAL_SERVICE,
            Map.of(
                "metadata",
                Map.of("name", name(0), "namespace", namespace(0)),
                "spec",
                Map.of(
                    "hosts",
                    List.of(host),
                    "http",
                    List.of(
                        Map.of(
                            "timeout",
                            timeoutSeconds + "s",
                            "route",
                            List.of(Map.of("destination", Map.of("host", host))))))))
        .value()
        .orElseThrow();
  }
}
