package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What somebody can do who reaches the ports of a mesh and is not of it: on the wan, or in a pod
 * without a proxy. Meanwhile a client in one cluster calls a server in the other, through all that
 * is attacked.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutsideTest {
  private static final String EAST = "cluster2";
  private static final int MESH_PORT = 15443;

  /** That a client goes on is shown by so many more requests. */
  private static final int REQUESTS = 40;

  private final Lab lab = Lab.named("outside");
  private String gateway = "";
  private String server = "";
  private String pod = "";

  @BeforeAll
  void up() {
    ClientAndServer scene = ClientAndServer.up(lab);
    lab.kubectl(EAST, "create serviceaccount sleep").orFail();
    lab.kubectlWith(
            ClientAndServer.client("attacker", "sidecar.istio.io/inject", "false", ""),
            EAST,
            "apply -f -")
        .orFail();
    lab.kubectl(EAST, "wait pod/attacker --for=condition=Ready --timeout=120s").orFail();
    assertThat(scene.code("/get")).isEqualTo("200");
    gateway =
        lab.field(
            EAST,
            "-n istio-system service " + ClientAndServer.PROXY,
            ".status.loadBalancer.ingress[0].ip");
    server = lab.field(EAST, "pod -l app=httpbin", ".items[0].status.podIP");
    pod = "weft-outside." + EAST + "." + lab.field(EAST, "pod attacker", ".metadata.uid");
  }

  @AfterAll
  void down() {
    lab.close();
  }

  /** Nobody who behaves notices, and nothing was started anew. */
  private void survives(String namespace, String how, String host, int port, int connections) {
    Load load =
        Load.start(
            lab, "cluster1", ClientAndServer.CLIENT, "httpbin:8000/get", Duration.ofMinutes(4));
    goesOn(load);
    try (Attacker attacker = Attacker.in(lab, namespace, how, host, port, connections)) {
      goesOn(load);
    }
    goesOn(load);
    Load.Outcome outcome = load.stop();
    System.out.println(how + ": " + outcome);
    assertThat(outcome.failed()).as("%s", outcome).isZero();
    String restarts = "{.items[*].status.containerStatuses[*].restartCount}";
    assertThat(lab.kubectl(EAST, "get pod -A -o jsonpath=" + restarts).orFail().split(" "))
        .containsOnly("0");
  }

  private static void goesOn(Load load) {
    int before = load.sent();
    Settle.until(
        "requests go on", Duration.ofMinutes(2), load::sent, sent -> sent >= before + REQUESTS);
  }

  @Test
  void half_a_tls_record_on_each_of_many_connections_to_the_cross_network_port() {
    survives("weft-outside.wan", "half-records", gateway, MESH_PORT, 1_500);
  }

  @Test
  void unfinished_heads_at_a_servers_sidecar() {
    survives(pod, "unfinished-heads", server, 8000, 800);
  }

  @Test
  void clients_of_a_servers_sidecar_that_read_nothing() {
    survives(pod, "slow-readers", server, 8000, 1_000);
  }

  @Test
  void bodies_that_are_too_large_for_a_webhook() {
    String address = lab.field(EAST, "-n istio-system service istiod", ".spec.clusterIP");
    try (Attacker attacker = Attacker.in(lab, pod, "bodies", address, 443, 6)) {
      lab.kubectlWith(ClientAndServer.client("meanwhile", "", "", ""), EAST, "apply -f -").orFail();
      lab.kubectl(EAST, "wait pod/meanwhile --for=condition=Ready --timeout=120s").orFail();
    }
    assertThat(
            lab.field(EAST, "pod meanwhile", ".spec.containers[*].name")
                + " "
                + lab.field(EAST, "pod meanwhile", ".spec.initContainers[*].name"))
        .contains("istio-proxy");
  }

  private String answer(String words) {
    return lab.inNamespace(
            pod, ("curl -s -o /dev/null -w %{http_code} --max-time 10 " + words).split(" ", -1))
        .run()
        .out();
  }

  @Test
  void what_only_the_pod_itself_may_ask_of_a_proxy() {
    assertThat(answer("-X POST http://" + server + ":15020/quitquitquit")).isEqualTo("403");
    // Captured like every port, and nobody listens to it on the pod's own address.
    assertThat(answer("http://" + server + ":15000/config_dump")).isEqualTo("503");
    assertThat(answer("http://" + server + ":15021/healthz/ready")).isEqualTo("200");
  }

  @Test
  void what_the_control_plane_tells_to_nobody() {
    String control = lab.field(EAST, "-n istio-system service istiod", ".spec.clusterIP");
    assertThat(answer("http://" + control + ":15014/debug/syncz")).isEqualTo("401");
    assertThat(answer("http://" + control + ":15014/debug/registryz")).isEqualTo("401");
    assertThat(answer("http://" + control + ":15014/metrics")).isEqualTo("200");
  }
}
