package dev.weft.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.translate.ClusterPicture;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.Translation;
import dev.weft.types.HopLabel;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code weft explain} says of endpoints is what the pod's proxy is sent, number by number.
 */
class ExplainedIsServedTest {
  private static final String EJECTING = "{\"outlierDetection\": {\"consecutive5xxErrors\": 3}}";
  private static final String SHARED =
      """
      {"loadBalancer": {"localityLbSetting": {"distribute":
        [{"from": "east/*", "to": {"east/*": 70, "west/*": 30}}]}}}
      """;

  record Case(String name, Consumer<PlacedMesh> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("one network, no policy", mesh -> {}),
        new Case("the nearest first", mesh -> mesh.policy(EJECTING)),
        new Case("shares", mesh -> mesh.policy(SHARED)),
        new Case("two networks", ExplainedIsServedTest::apart),
        new Case("two networks, the nearest first", mesh -> apart(mesh.policy(EJECTING))),
        new Case("two networks, shares", mesh -> apart(mesh.policy(SHARED))),
        new Case(
            "a network without a way in",
            mesh -> mesh.network("east", "net1", "172.18.0.2:15443").closed("west", "net2")));
  }

  private static void apart(PlacedMesh mesh) {
    mesh.network("east", "net1", "172.18.0.2:15443").network("west", "net2", "172.18.0.3:15443");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addresses_weights_priorities_and_ejection_are_those_of_the_proxy(Case c) throws Exception {
    PlacedMesh mesh =
        new PlacedMesh()
            .cluster("east", "east/a", "sleep-1", "hello-1", "hello-2")
            .cluster("west", "west/b", "hello-3", "hello-4", "hello-5");
    c.change().accept(mesh);

    Explanation.PortFacts said = mesh.explain().ports().getFirst();
    ResourceSet served = new Translation().resources(mesh.snapshot(), SLEEP);
    ClusterLoadAssignment endpoints =
        Objects.requireNonNull(served.of(XdsType.ENDPOINT).get(said.cluster()))
            .body()
            .unpack(ClusterLoadAssignment.class);
    Cluster cluster =
        Objects.requireNonNull(served.of(XdsType.CLUSTER).get(said.cluster()))
            .body()
            .unpack(Cluster.class);

    assertThat(addresses(said)).isNotEmpty().isEqualTo(addresses(endpoints));
    assertThat(said.localities().stream().map(l -> l.priority() + " " + l.locality()))
        .containsExactlyInAnyOrderElementsOf(
            endpoints.getEndpointsList().stream()
                .map(
                    g ->
                        g.getPriority()
                            + " "
                            + g.getLocality().getRegion()
                            + "/"
                            + g.getLocality().getZone())
                .toList());
    assertThat(said.policy()).isEqualTo(cluster.getLbPolicy().name());
    ClusterPicture.Ejection ejection = said.ejection();
    assertThat(ejection != null).isEqualTo(cluster.hasOutlierDetection());
    if (ejection != null) {
      assertThat(ejection.consecutive5xx())
          .isEqualTo(cluster.getOutlierDetection().getConsecutive5Xx().getValue());
      assertThat(ejection.maxPercent())
          .isEqualTo(cluster.getOutlierDetection().getMaxEjectionPercent().getValue());
    }
  }

  /** Weight by priority and address; what is left out has none. */
  private static Map<String, Long> addresses(Explanation.PortFacts said) {
    Map<String, Long> weights = new TreeMap<>();
    for (Explanation.Decision decision : said.endpoints()) {
      switch (decision) {
        case Explanation.Direct d -> add(weights, d.address(), d.placing());
        case Explanation.ViaGateway v -> add(weights, v.address(), v.placing());
        case Explanation.LeftOut left -> assertThat(left.sentence()).isNotEmpty();
      }
    }
    return weights;
  }

  private static void add(
      Map<String, Long> weights, String address, Explanation.@Nullable Placing placing) {
    if (placing != null) {
      weights.merge(placing.priority() + " " + address, placing.weight(), Long::sum);
    }
  }

  private static Map<String, Long> addresses(ClusterLoadAssignment endpoints) {
    Map<String, Long> weights = new TreeMap<>();
    endpoints
        .getEndpointsList()
        .forEach(
            group ->
                group
                    .getLbEndpointsList()
                    .forEach(
                        e -> {
                          var socket = e.getEndpoint().getAddress().getSocketAddress();
                          weights.merge(
                              group.getPriority()
                                  + " "
                                  + socket.getAddress()
                                  + ":"
                                  + socket.getPortValue(),
                              (long) e.getLoadBalancingWeight().getValue(),
                              Long::sum);
                        }));
    return weights;
  }

  private static final ProxyNode SLEEP =
      ProxyNode.parse(
          Node.newBuilder()
              .setId("sidecar~10.0.0.1~sleep-1.default~default.svc.cluster.local")
              .setUserAgentName("weft")
              .addClientFeatures(HopLabel.FEATURE)
              .setMetadata(
                  Struct.newBuilder()
                      .putFields("CLUSTER_ID", Value.newBuilder().setStringValue("east").build()))
              .build());
}
