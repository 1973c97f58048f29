package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.Endpoint;
import dev.weft.routing.OutlierPolicy;
import dev.weft.runtime.Cluster;
import dev.weft.testkit.Ports;
import dev.weft.testkit.Settle;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client names the pods behind two gateways of another network, and balances over the pods. */
class HopTest {
  @RegisterExtension final MeshPath path = new MeshPath();
  private final List<Origin> apps = new ArrayList<>();
  private final int[] pods = new int[3];
  private final int[] gateways = {Ports.free(), Ports.free()};
  private final List<ProxyServer> running = new ArrayList<>();

  @BeforeEach
  void start() {
    for (int i = 0; i < pods.length; i++) {
      pods[i] = Ports.free();
      app(answering(200, "pod-" + i), pods[i]);
    }
    for (int gateway : gateways) {
      running.add(path.gatewayAt(gateway, pods));
    }
  }

  @AfterEach
  void stop() {
    apps.forEach(Origin::close);
  }

  private void app(Origin origin, int port) {
    apps.add(origin);
    path.inbound(origin.port(), port);
  }

  private static Origin answering(int status, String body) {
    return new Origin(
        peer -> {
          for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
            peer.send(
                "HTTP/1.1 "
                    + status
                    + " X\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body);
          }
        });
  }

  private static Cluster cluster() {
    return Configs.cluster(
        MeshPath.CLUSTER, MeshPath.mutualTls(MeshPath.HTTPBIN), CircuitLimits.UNLIMITED);
  }

  /** Every pod behind every gateway. */
  private List<Endpoint> endpoints(int... of) {
    List<Endpoint> all = new ArrayList<>();
    for (int gateway : gateways) {
      for (int pod : of) {
        all.add(
            new Endpoint(
                new HostPort("127.0.0.1", gateway),
                "",
                1,
                Endpoint.Health.HEALTHY,
                Map.of(),
                "",
                HopLabel.of(new HostPort("127.0.0.1", pod))));
      }
    }
    return all;
  }

  /** How many requests of some kept connections each answer got. */
  private Map<String, Integer> requests(int count, int connections) {
    Map<String, Integer> answers = new TreeMap<>();
    List<Peer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        peers.add(Peer.connect(path.outboundPort));
      }
      for (int i = 0; i < count; i++) {
        Peer.Response response = peers.get(i % connections).get("/");
        answers.merge(
            response.status() == 200 ? response.body() : String.valueOf(response.status()),
            1,
            Integer::sum);
      }
    } finally {
      peers.forEach(Peer::close);
    }
    return answers;
  }

  @Test
  void four_connections_reach_every_pod_equally() {
    path.sidecar(cluster(), endpoints(pods));

    Map<String, Integer> answers = requests(3_000, 4);

    assertThat(answers).containsOnlyKeys("pod-0", "pod-1", "pod-2");
    assertThat(answers.values()).allSatisfy(n -> assertThat(n).isBetween(910, 1_090));
    assertThat(path.started.get(3).statistics().connections()).isPositive();

    path.started.removeLast().close();
    // The line of the gateway names the service as ever; the endpoint is the one of the label.
    assertThat(path.gatewayLogs.next())
        .contains("\"REQUESTED_SERVER_NAME\":\"" + MeshPath.SNI + "\"")
        .contains("\"UPSTREAM_CLUSTER\":\"" + MeshPath.SNI + "\"");
  }

  @Test
  void an_ejected_pod_gets_nothing_through_any_gateway() {
    int failing = Ports.free();
    app(answering(503, "failing"), failing);
    gateways[0] = Ports.free();
    gateways[1] = Ports.free();
    for (int gateway : gateways) {
      path.gatewayAt(gateway, pods[0], pods[1], failing);
    }
    path.sidecar(Configs.ejecting(afterFive(), cluster()), endpoints(pods[0], pods[1], failing));

    Map<String, Integer> first = requests(300, 4);
    assertThat(first).containsEntry("503", 10);

    Map<String, Integer> later = requests(300, 4);
    assertThat(later).containsOnlyKeys("pod-0", "pod-1");
  }

  private static OutlierPolicy afterFive() {
    return new OutlierPolicy(
        5,
        0,
        0,
        false,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofMinutes(5),
        100,
        true);
  }

  @Test
  void a_dead_gateway_is_passed_over_after_three_refusals_and_found_again() {
    path.sidecar(cluster(), endpoints(pods));
    running.getLast().close();

    Map<String, Integer> first = requests(300, 1);
    assertThat(first.get("503")).isEqualTo(3);
    assertThat(requests(300, 1)).containsOnlyKeys("pod-0", "pod-1", "pod-2");

    ProxyServer again = path.gatewayAt(gateways[1], pods);
    Settle.until(
        "the gateway has connections again",
        () -> {
          requests(10, 1);
          return again.statistics().connections() > 0;
        });
  }

  @Test
  void a_label_of_no_endpoint_of_the_service_leads_to_one_of_the_service() {
    int foreign = Ports.free();
    app(answering(200, "foreign"), foreign);
    path.sidecar(cluster(), endpoints(foreign));

    assertThat(requests(60, 1)).doesNotContainKey("foreign").doesNotContainKey("503");
  }

  @Test
  void a_client_that_names_nobody_is_balanced_by_the_gateway() {
    path.sidecar(MeshPath.mutualTls(MeshPath.HTTPBIN), gateways[0]);

    assertThat(requests(20, 1).keySet()).hasSize(1).first().asString().startsWith("pod-");
  }
}
