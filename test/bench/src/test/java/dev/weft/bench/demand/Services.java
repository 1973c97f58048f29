package dev.weft.bench.demand;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.MeshSettings;
import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A cluster with a client, a server that stands behind the first services, and more services. */
final class Services {
  static final ClusterId CLUSTER = new ClusterId("bench");
  static final String NAMESPACE = "default";
  static final String CLIENT = "client-1";
  static final String CLIENT_ADDRESS = "10.244.0.8";
  static final String SERVER_ADDRESS = "10.244.0.9";
  static final int PORT = 8000;
  static final int TARGET_PORT = 18080;

  /** How many are called. */
  static final int CALLED = 3;

  private Services() {}

  static String name(int service) {
    return "service-" + service;
  }

  /** What is kept of a mesh with so many services. */
  static SnapshotBuilder.Built of(int count) {
    Map<KubeFact.Key, KubeService> services = new TreeMap<>();
    Map<KubeFact.Key, KubeEndpointSlice> slices = new TreeMap<>();
    Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      KubeService service = service(i);
      services.put(service.key(), service);
      // All have an endpoint, as those of a mesh do.
      KubeEndpointSlice slice = slice(i);
      slices.put(slice.key(), slice);
    }
    for (KubePod pod : List.of(pod(CLIENT, CLIENT_ADDRESS), pod("server-1", SERVER_ADDRESS))) {
      pods.put(pod.key(), pod);
    }
    return SnapshotBuilder.build(
        new ConfigSet(
            MeshSettings.defaults(),
            Map.of(
                CLUSTER,
                new ClusterFacts(
                    CLUSTER, SyncState.SYNCED, "", services, slices, pods, Map.of(), Map.of())),
            Map.of(),
            Map.of(),
            List.of()),
        MeshSnapshot.empty(MeshSettings.defaults()));
  }

  private static KubeService service(int i) {
    return new KubeService(
        new ServiceId(NAMESPACE, name(i)),
        Map.of(),
        Map.of(),
        Instant.EPOCH,
        KubeService.Type.CLUSTER_IP,
        List.of("10.96." + (i >> 8) + "." + (i & 255)),
        false,
        "",
        List.of(),
        List.of(),
        Map.of("app", "server"),
        List.of(new KubeService.Port("http", PORT, "TCP", "", "http", 0)),
        false,
        false);
  }

  private static KubeEndpointSlice slice(int i) {
    return new KubeEndpointSlice(
        NAMESPACE,
        name(i) + "-x",
        name(i),
        List.of(new KubeEndpointSlice.Port("http", TARGET_PORT, "TCP")),
        List.of(
            new KubeEndpointSlice.Endpoint(
                List.of(SERVER_ADDRESS), true, true, false, "server-1", "node", "", "")));
  }

  private static KubePod pod(String name, String address) {
    String app = name.substring(0, name.indexOf('-'));
    return new KubePod(
        NAMESPACE,
        name,
        Map.of("app", app),
        Map.of(),
        List.of(address),
        app,
        "node",
        "Deployment",
        app,
        "",
        "",
        List.of(),
        false,
        true,
        false);
  }
}
