package dev.weft.topology;

import dev.weft.config.ConfigKind;
import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectMeta;
import dev.weft.config.SyncState;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.VirtualService;
import dev.weft.snapshot.CrossClusterProxy;
import dev.weft.snapshot.DestinationRules;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.NetworkGateway;
import dev.weft.snapshot.NetworkGateways;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A mesh for tests, a line for each thing that is in it. Everything is in the namespace demo. */
public final class Sketch {
  private static final String NAMESPACE = "demo";
  private static long versions;

  private final Map<ClusterId, MemberCluster> clusters = new TreeMap<>();
  private final Map<WorkloadKey, Workload> workloads = new TreeMap<>();
  private final List<NetworkGateway> gateways = new ArrayList<>();
  private final List<MergedDestinationRule> rules = new ArrayList<>();
  private final List<VirtualService> routes = new ArrayList<>();

  public Sketch cluster(String id, String network) {
    return cluster(id, network, SyncState.SYNCED);
  }

  public Sketch cluster(String id, String network, SyncState state) {
    CrossClusterProxy none = new CrossClusterProxy(false, "", null, List.of(), 0);
    return member(id, network, state, none);
  }

  /** A cluster with a cross-cluster proxy at {@code address}, of one pod. */
  public Sketch cluster(String id, String network, String address) {
    HostPort at = HostPort.parse(address);
    gateways.add(new NetworkGateway(new NetworkId(network), new ClusterId(id), at, true));
    String name = "asm-cross-network-" + id;
    member(id, network, SyncState.SYNCED, new CrossClusterProxy(true, name, null, List.of(at), 1));
    return pod(id, "istio-" + name, "istio-" + name, Map.of("mesh.weft.dev/gateway", name));
  }

  private Sketch member(String id, String network, SyncState state, CrossClusterProxy proxy) {
    clusters.put(
        new ClusterId(id),
        new MemberCluster(
            new ClusterId(id),
            new NetworkId(network),
            proxy,
            state,
            state == SyncState.SYNCED ? "" : "it does not answer",
            0,
            0));
    return this;
  }

  public Sketch pod(String cluster, String workload, String app) {
    return pod(cluster, workload, app, Map.of());
  }

  /** One ready pod, or one more, of a workload. */
  public Sketch pod(String cluster, String workload, String app, Map<String, String> labels) {
    ClusterId id = new ClusterId(cluster);
    MemberCluster member = clusters.get(id);
    WorkloadKey key = new WorkloadKey(id, NAMESPACE, workload + "-" + workloads.size());
    Map<String, String> all = new TreeMap<>(labels);
    all.put("app", app);
    workloads.put(
        key,
        new Workload(
            key,
            all,
            List.of("10.0.0." + workloads.size()),
            new SpiffeId(new TrustDomain("cluster.local"), NAMESPACE, "default"),
            "node",
            new Locality("region", "zone-" + cluster, ""),
            member == null ? NetworkId.UNNAMED : member.network(),
            workload,
            "Deployment",
            app,
            "latest",
            List.of(),
            true,
            true,
            false,
            true,
            false,
            "",
            ""));
    return this;
  }

  /** A DestinationRule that knows a subset by a label. */
  public Sketch subset(String service, String subset, String label, String value) {
    ObjectMeta meta = ObjectMeta.of(ConfigKind.DESTINATION_RULE, NAMESPACE, service);
    rules.add(
        new MergedDestinationRule(
            NAMESPACE,
            host(service),
            TrafficPolicy.NONE,
            List.of(new Subset(subset, Map.of(label, value), TrafficPolicy.NONE)),
            List.of(),
            Map.of(),
            List.of(meta.ref())));
    return this;
  }

  /** A VirtualService without routes. */
  public Sketch routed(String service) {
    routes.add(
        new VirtualService(
            ObjectMeta.of(ConfigKind.VIRTUAL_SERVICE, NAMESPACE, service),
            List.of(service),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
    return this;
  }

  public static String host(String service) {
    return service + "." + NAMESPACE + ".svc.cluster.local";
  }

  public static Place place(String cluster, String workload) {
    return new Place(cluster, NAMESPACE, workload);
  }

  /** With a service in every cluster for each {@code app} of the pods. */
  public MeshSnapshot snapshot(String... apps) {
    MeshSettings settings = MeshSettings.defaults();
    Map<ServiceId, MeshService> services = new TreeMap<>();
    for (String app : apps) {
      MeshService service = service(app);
      services.put(service.id(), service);
    }
    MeshSnapshot empty = MeshSnapshot.empty(settings);
    return new MeshSnapshot(
        ++versions,
        settings,
        clusters,
        services,
        workloads,
        NetworkGateways.of(gateways),
        empty.peerAuthentications(),
        empty.accessPolicies(),
        DestinationRules.of("istio-system", rules),
        empty.gateways(),
        routes,
        empty.istioGateways(),
        empty.namespaces(),
        empty.credentials());
  }

  private MeshService service(String app) {
    List<ServiceEndpoint> endpoints =
        workloads.values().stream()
            .filter(w -> w.canonicalService().equals(app))
            .map(
                w ->
                    new ServiceEndpoint(
                        w.key().cluster(),
                        w.ips().getFirst(),
                        Map.of("http", 9080),
                        w.ready() ? ServiceEndpoint.Health.READY : ServiceEndpoint.Health.NOT_READY,
                        w.network(),
                        w.locality(),
                        w.node(),
                        w.labels(),
                        true,
                        "",
                        w))
            .toList();
    return new MeshService(
        new ServiceId(NAMESPACE, app),
        host(app),
        Instant.EPOCH,
        List.copyOf(clusters.keySet()),
        List.of(),
        Map.of(),
        "",
        Map.of(),
        false,
        "",
        false,
        false,
        false,
        Set.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        endpoints);
  }
}
