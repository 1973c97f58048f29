package dev.weft.control.ads;

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
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A mesh of one cluster for tests of the discovery server. Confined to the test's thread. */
final class AdsMesh {
  static final ClusterId CLUSTER = new ClusterId("cluster1");

  private final Map<KubeFact.Key, KubeService> services = new TreeMap<>();
  private final Map<KubeFact.Key, KubeEndpointSlice> slices = new TreeMap<>();
  private final Map<KubeFact.Key, KubePod> pods = new TreeMap<>();
  private final Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
  private MeshSnapshot last = MeshSnapshot.empty(MeshSettings.defaults());

  /** A service whose only pod has its name with {@code -1} behind it. */
  AdsMesh service(String name, int port) {
    KubeService service =
        new KubeService(
            new ServiceId("default", name),
            Map.of(),
            Map.of(),
            Instant.EPOCH,
            KubeService.Type.CLUSTER_IP,
            List.of("10.96.0." + (services.size() + 1)),
            false,
            "",
            List.of(),
            List.of(),
            Map.of("app", name),
            List.of(new KubeService.Port("http", port, "TCP", "", "80", 0)),
            false,
            false);
    services.put(service.key(), service);
    return this;
  }

  AdsMesh pod(String app, String ip) {
    KubePod pod =
        new KubePod(
            "default",
            app + "-1",
            Map.of("app", app, "security.istio.io/tlsMode", "istio"),
            Map.of(),
            List.of(ip),
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
    pods.put(pod.key(), pod);
    KubeEndpointSlice slice =
        new KubeEndpointSlice(
            "default",
            app + "-x",
            app,
            List.of(new KubeEndpointSlice.Port("http", 80, "TCP")),
            List.of(
                new KubeEndpointSlice.Endpoint(
                    List.of(ip), true, true, false, pod.name(), "node", "", "")));
    slices.put(slice.key(), slice);
    return this;
  }

  /** A Gateway on port 80 for the pods of an app. */
  AdsMesh withGateway(String app) {
    ConfigObject gateway =
        ObjectParser.parse(
                ConfigKind.GATEWAY,
                Map.of(
                    "metadata",
                    Map.of("name", app, "namespace", "default"),
                    "spec",
                    Map.of(
                        "selector",
                        Map.of("app", app),
                        "servers",
                        List.of(
                            Map.of(
                                "port",
                                Map.of("number", 80, "name", "http", "protocol", "HTTP"),
                                "hosts",
                                List.of("*"))))))
            .value()
            .orElseThrow();
    objects.put(gateway.ref(), gateway);
    return this;
  }

  MeshSnapshot snapshot() {
    return build().snapshot();
  }

  void publishTo(AdsServer server) {
    SnapshotBuilder.Built built = build();
    server.onSnapshot(built.snapshot(), built.delta());
  }

  private SnapshotBuilder.Built build() {
    SnapshotBuilder.Built built =
        SnapshotBuilder.build(
            new ConfigSet(
                MeshSettings.defaults(),
                Map.of(
                    CLUSTER,
                    new ClusterFacts(
                        CLUSTER, SyncState.SYNCED, "", services, slices, pods, Map.of(), Map.of())),
                objects,
                Map.of(),
                List.of()),
            last);
    last = built.snapshot();
    return built;
  }
}
