package dev.weft.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.MeshSettings;
import dev.weft.config.SyncState;
import dev.weft.snapshot.CrossClusterProxy;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.topology.Flow.Protocol;
import dev.weft.topology.Flow.Reporter;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String REVIEWS = "reviews.demo.svc.cluster.local";
  private static final Place PAGE = new Place("c1", "demo", "productpage");
  private static final Place HERE = new Place("c1", "demo", "reviews");
  private static final Place THERE = new Place("c2", "demo", "reviews");
  private static final Place BESIDE = new Place("c3", "demo", "reviews");

  @Test
  void shares_and_ways_of_what_one_workload_calls() {
    Topology topology =
        Topology.of(
                MINUTE,
                Map.of(
                    flow(Reporter.SOURCE, PAGE, HERE, 200), volume(600, 6_000),
                    flow(Reporter.SOURCE, PAGE, THERE, 200), volume(290, 5_800),
                    flow(Reporter.SOURCE, PAGE, THERE, 503), volume(10, 200),
                    flow(Reporter.SOURCE, PAGE, BESIDE, 404), volume(300, 300)),
                mesh(PAGE, HERE, THERE, BESIDE))
            .once();

    assertThat(topology.edges()).extracting(Edge::destination).containsExactly(HERE, THERE, BESIDE);
    assertThat(topology.edges())
        .extracting(Edge::path)
        .containsExactly(Edge.Path.LOCAL, Edge.Path.GATEWAY, Edge.Path.DIRECT);
    assertThat(topology.edges()).extracting(topology::share).containsExactly(0.5, 0.25, 0.25);
    assertThat(topology.edges()).extracting(Edge::failed).containsExactly(0L, 10L, 0L);
    assertThat(topology.perSecond(topology.edges().getFirst().requests())).isEqualTo(10.0);
  }

  @Test
  void what_both_ends_count_is_one_request() {
    Topology both =
        Topology.of(
            MINUTE,
            Map.of(
                flow(Reporter.SOURCE, PAGE, HERE, 200), volume(100, 0),
                flow(Reporter.DESTINATION, PAGE, HERE, 200), volume(99, 0),
                flow(Reporter.DESTINATION, Place.UNKNOWN, HERE, 200), volume(5, 0)),
            mesh(PAGE, HERE));

    Topology once = both.once();

    assertThat(both.edges()).hasSize(3);
    assertThat(once.edges())
        .extracting(Edge::source, Edge::requests)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(PAGE, 100L),
            org.assertj.core.groups.Tuple.tuple(Place.UNKNOWN, 5L));
  }

  @Test
  void two_control_planes_that_each_heard_one_end_see_one_request() {
    MeshSnapshot mesh = mesh(PAGE, HERE);
    Topology one =
        Topology.of(MINUTE, Map.of(flow(Reporter.SOURCE, PAGE, HERE, 200), volume(7, 70)), mesh);
    Topology other =
        Topology.of(
            MINUTE, Map.of(flow(Reporter.DESTINATION, PAGE, HERE, 200), volume(7, 63)), mesh);

    Topology merged = Topology.merged(List.of(one, other)).once();

    assertThat(merged.edges()).hasSize(1);
    assertThat(merged.edges().getFirst().requests()).isEqualTo(7);
    assertThat(merged.nodes()).extracting(Node::pods).containsExactly(1, 1);
  }

  @Test
  void what_is_there_is_shown_without_traffic_and_what_is_gone_with_it() {
    Topology topology =
        Topology.of(
            MINUTE,
            Map.of(flow(Reporter.SOURCE, PAGE, THERE, 200), volume(1, 1)),
            mesh(PAGE, HERE));

    assertThat(topology.nodes()).extracting(Node::place).containsExactly(PAGE, HERE, THERE);
    assertThat(topology.nodes()).extracting(Node::gone).containsExactly(false, false, true);
    assertThat(topology.nodes()).extracting(Node::network).containsExactly("n1", "n1", "n2");
  }

  @Test
  void a_namespace_is_seen_with_what_it_speaks_to() {
    Place other = new Place("c1", "other", "client");
    Topology topology =
        Topology.of(
                MINUTE,
                Map.of(
                    flow(Reporter.SOURCE, PAGE, HERE, 200), volume(1, 1),
                    flow(Reporter.SOURCE, other, PAGE, 200), volume(1, 1)),
                mesh(PAGE, HERE, other, new Place("c1", "third", "idle")))
            .within("other");

    assertThat(topology.nodes()).extracting(Node::place).containsExactly(PAGE, other);
    assertThat(topology.edges()).extracting(Edge::source).containsExactly(other);
  }

  @Test
  void labels_of_the_metrics_of_either_end_are_read() {
    Map<String, String> labels = new HashMap<>();
    labels.put("reporter", "source");
    labels.put("source_cluster", "c1");
    labels.put("source_workload_namespace", "demo");
    labels.put("source_workload", "productpage");
    labels.put("destination_cluster", "c2");
    labels.put("destination_workload_namespace", "demo");
    labels.put("destination_workload", "reviews");
    labels.put("destination_service", REVIEWS);
    labels.put("destination_principal", "spiffe://cluster.local/ns/demo/sa/reviews");
    labels.put("request_protocol", "grpc");
    labels.put("response_code", "200");
    labels.put("grpc_response_status", "14");
    labels.put("response_flags", "-");
    labels.put("connection_security_policy", "unknown");

    Flow flow = Flow.of(labels);

    assertThat(flow)
        .isEqualTo(
            new Flow(Reporter.SOURCE, PAGE, THERE, REVIEWS, Protocol.GRPC, 200, "-", "14", true));
    assertThat(flow.failed()).isTrue();
    assertThat(Flow.of(Map.of()).source()).isEqualTo(Place.UNKNOWN);
  }

  private static Flow flow(Reporter reporter, Place source, Place destination, int code) {
    return new Flow(reporter, source, destination, REVIEWS, Protocol.HTTP, code, "-", "", true);
  }

  private static Volume volume(long requests, long millis) {
    return new Volume(requests, millis, 0, 0);
  }

  /** Clusters c1 of network n1, c2 of n2, and c3 of n1, with one ready pod of each workload. */
  private static MeshSnapshot mesh(Place... places) {
    Map<ClusterId, MemberCluster> clusters = new TreeMap<>();
    Map.of("c1", "n1", "c2", "n2", "c3", "n1")
        .forEach(
            (id, network) ->
                clusters.put(
                    new ClusterId(id),
                    new MemberCluster(
                        new ClusterId(id),
                        new NetworkId(network),
                        new CrossClusterProxy(false, "", null, List.of(), 0),
                        SyncState.SYNCED,
                        "",
                        0,
                        0)));
    Map<WorkloadKey, Workload> workloads = new TreeMap<>();
    for (Place place : places) {
      Workload pod = pod(place, clusters);
      workloads.put(pod.key(), pod);
    }
    MeshSnapshot empty = MeshSnapshot.empty(MeshSettings.defaults());
    return new MeshSnapshot(
        1,
        empty.settings(),
        clusters,
        empty.services(),
        workloads,
        empty.networkGateways(),
        empty.peerAuthentications(),
        empty.accessPolicies(),
        empty.destinationRules(),
        empty.gateways(),
        empty.virtualServices(),
        empty.istioGateways(),
        empty.namespaces(),
        empty.credentials());
  }

  private static Workload pod(Place place, Map<ClusterId, MemberCluster> clusters) {
    ClusterId cluster = new ClusterId(place.cluster());
    MemberCluster member = clusters.get(cluster);
    return new Workload(
        new WorkloadKey(cluster, place.namespace(), place.workload() + "-0"),
        Map.of(),
        List.of("10.0.0.1"),
        new SpiffeId(new TrustDomain("cluster.local"), place.namespace(), "default"),
        "node",
        Locality.UNKNOWN,
        member == null ? NetworkId.UNNAMED : member.network(),
        place.workload(),
        "Deployment",
        place.workload(),
        "latest",
        List.of(),
        true,
        true,
        false,
        true,
        false,
        "",
        "");
  }
}
