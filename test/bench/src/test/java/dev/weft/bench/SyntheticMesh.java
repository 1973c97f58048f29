package dev.weft.bench;

import dev.weft.config.MeshSettings;
import dev.weft.config.SyncState;
import dev.weft.snapshot.CrossClusterProxy;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.NetworkGateway;
import dev.weft.snapshot.NetworkGateways;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.topology.Flow;
import dev.weft.topology.Flow.Protocol;
import dev.weft.topology.Flow.Reporter;
import dev.weft.topology.Place;
import dev.weft.topology.SourceState;
import dev.weft.topology.Traffic;
import dev.weft.topology.Volume;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A mesh as large as asked for, the same one every time: clusters of networks of their own, all
 * with the same namespaces and workloads of two pods. Each workload calls two of its namespace and
 * one of another; every tenth goes to the next cluster.
 */
record SyntheticMesh(int clusters, int namespaces, int workloads) {

  MeshSnapshot snapshot() {
    MeshSnapshot empty = MeshSnapshot.empty(MeshSettings.defaults());
    Map<ClusterId, MemberCluster> members = new TreeMap<>();
    List<NetworkGateway> gateways = new ArrayList<>();
    for (int c = 0; c < clusters; c++) {
      HostPort address = new HostPort("203.0.113." + c, 15443);
      NetworkId network = new NetworkId("n" + c);
      gateways.add(new NetworkGateway(network, cluster(c), address, true));
      members.put(
          cluster(c),
          new MemberCluster(
              cluster(c),
              network,
              new CrossClusterProxy(true, "gateway-" + c, null, List.of(address), 2),
              SyncState.SYNCED,
              "",
              namespaces * workloads,
              namespaces * workloads * 2));
    }
    Map<WorkloadKey, Workload> pods = new TreeMap<>();
    Map<ServiceId, MeshService> services = new TreeMap<>();
    for (int n = 0; n < namespaces; n++) {
      for (int w = 0; w < workloads; w++) {
        List<ServiceEndpoint> endpoints = new ArrayList<>();
        for (int c = 0; c < clusters; c++) {
          for (int p = 0; p < 2; p++) {
            Workload pod = pod(c, n, w, p);
            pods.put(pod.key(), pod);
            endpoints.add(endpoint(pod));
          }
        }
        MeshService service = service(n, w, List.copyOf(members.keySet()), endpoints);
        services.put(service.id(), service);
      }
    }
    return new MeshSnapshot(
        1,
        empty.settings(),
        members,
        services,
        pods,
        NetworkGateways.of(gateways),
        empty.peerAuthentications(),
        empty.accessPolicies(),
        empty.destinationRules(),
        empty.gateways(),
        empty.virtualServices(),
        empty.istioGateways(),
        empty.namespaces(),
        empty.credentials());
  }

  /** Of a minute, as both ends count it. */
  Traffic traffic() {
    Map<Flow, Volume> flows = new HashMap<>();
    for (int c = 0; c < clusters; c++) {
      for (int n = 0; n < namespaces; n++) {
        for (int w = 0; w < workloads; w++) {
          int to = (n + w) % 10 == 0 ? (c + 1) % clusters : c;
          Place source = place(c, n, w);
          calls(flows, source, to, n, (w + 1) % workloads);
          calls(flows, source, to, n, (2 * w + 1) % workloads);
          if (w % 5 == 0) {
            calls(flows, source, to, (n + 1) % namespaces, w);
          }
        }
      }
    }
    return new Traffic(
        flows,
        Map.of(),
        new SourceState(SourceState.Kind.EMBEDDED, SourceState.Health.OK, "", Optional.empty()));
  }

  private static void calls(Map<Flow, Volume> flows, Place source, int cluster, int n, int w) {
    for (Reporter reporter : Reporter.values()) {
      for (int code : List.of(200, 404, 503)) {
        flows.put(
            new Flow(
                reporter,
                source,
                place(cluster, n, w),
                host(n, w),
                Protocol.HTTP,
                code,
                "-",
                "",
                true),
            new Volume(code == 200 ? 600 : 3, 6_000, 0, 0));
      }
    }
  }

  private static ClusterId cluster(int c) {
    return new ClusterId("cluster-" + c);
  }

  private static String namespace(int n) {
    return "namespace-" + n;
  }

  private static String name(int w) {
    return "workload-" + w;
  }

  private static String host(int n, int w) {
    return name(w) + "." + namespace(n) + ".svc.cluster.local";
  }

  private static Place place(int c, int n, int w) {
    return new Place(cluster(c).value(), namespace(n), name(w));
  }

  private static Workload pod(int c, int n, int w, int p) {
    return new Workload(
        new WorkloadKey(cluster(c), namespace(n), name(w) + "-" + p),
        Map.of("app", name(w), "version", "v1"),
        List.of("10." + c + "." + n + "." + (w * 2 + p)),
        new SpiffeId(new TrustDomain("cluster.local"), namespace(n), name(w)),
        "node",
        new Locality("region", "zone-" + c, ""),
        new NetworkId("n" + c),
        name(w),
        "Deployment",
        name(w),
        "v1",
        List.of(),
        true,
        true,
        false,
        true,
        false,
        "",
        "");
  }

  private static ServiceEndpoint endpoint(Workload pod) {
    return new ServiceEndpoint(
        pod.key().cluster(),
        pod.ips().getFirst(),
        Map.of("http", 8080),
        ServiceEndpoint.Health.READY,
        pod.network(),
        pod.locality(),
        pod.node(),
        pod.labels(),
        true,
        "",
        pod);
  }

  private static MeshService service(
      int n, int w, List<ClusterId> clusters, List<ServiceEndpoint> endpoints) {
    return new MeshService(
        new ServiceId(namespace(n), name(w)),
        host(n, w),
        Instant.EPOCH,
        clusters,
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
