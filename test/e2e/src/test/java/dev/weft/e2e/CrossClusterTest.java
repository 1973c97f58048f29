package dev.weft.e2e;

import static dev.weft.e2e.ClientAndServer.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.testkit.Settle;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A client in cluster1 and a server in cluster2, whose networks know nothing of each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrossClusterTest {
  private static final String CLUSTER = "outbound|8000||httpbin.default.svc.cluster.local";
  private static final String TEAPOT = "httpbin:8000/status/418";
  private static final int TEAPOT_BYTES = 135;

  private final Lab lab = Lab.named("cross");
  private final ClientAndServer scene = new ClientAndServer(lab);

  @BeforeAll
  void up() {
    ClientAndServer.up(lab);
  }

  @AfterAll
  void down() {
    lab.close();
  }

  private void untilTeapot(String from) {
    Settle.until(
        "the teapot answers " + from,
        Duration.ofSeconds(15),
        () -> scene.code(from, TEAPOT),
        "418"::equals);
  }

  @Test
  @Order(1)
  void a_server_without_a_service_in_the_clients_cluster_answers() {
    assertThat(lab.kubectl("cluster1", "get service httpbin").err()).contains("NotFound");
    assertThat(lab.kubectl("cluster1", "get pod -l app=sleep").orFail()).contains("2/2");
    assertThat(lab.kubectl("cluster2", "get pod -l app=httpbin").orFail()).contains("2/2");
    untilTeapot("deploy/sleep");
    assertThat(scene.curl(CLIENT, TEAPOT).orFail()).hasSize(TEAPOT_BYTES).contains("teapot");
    for (String name :
        List.of("httpbin.default", "httpbin.default.svc", "httpbin.default.svc.cluster.local")) {
      assertThat(scene.code(CLIENT, name + ":8000/status/418")).as(name).isEqualTo("418");
    }
  }

  @Test
  @Order(2)
  void the_clients_log_line_says_that_the_call_left_through_the_cross_cluster_proxy() {
    scene.curl(CLIENT, TEAPOT).orFail();
    JsonNode line =
        Settle.until(
            "a log line of the request",
            Duration.ofSeconds(5),
            () ->
                JsonLines.last(
                    lab.kubectl("cluster1", "logs deploy/sleep -c istio-proxy").lines(),
                    "/status/418"),
            l -> !l.isMissingNode());
    AsmLogLine.check(line);
    assertThat(line.path("authority_for").asText()).isEqualTo("httpbin:8000");
    assertThat(line.path("bytes_received").asText()).isEqualTo("0");
    assertThat(line.path("bytes_sent").asText()).isEqualTo(String.valueOf(TEAPOT_BYTES));
    // The address that the client asked for: the mesh's own, as cluster1 has no such Service.
    assertThat(line.path("downstream_local_address").asText()).matches("240\\.240\\..*:8000");
    assertThat(line.path("downstream_remote_address").asText()).matches("10\\.244\\..*:\\d+");
    assertThat(line.path("duration").asText()).matches("\\d+");
    assertThat(line.path("istio_policy_status").asText()).isEqualTo("-");
    assertThat(line.path("method").asText()).isEqualTo("GET");
    assertThat(line.path("path").asText()).isEqualTo("/status/418");
    assertThat(line.path("protocol").asText()).isEqualTo("HTTP/1.1");
    assertThat(line.path("request_id").asText())
        .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(line.path("requested_server_name").asText()).isEqualTo("-");
    assertThat(line.path("response_code").asText()).isEqualTo("418");
    assertThat(line.path("response_flags").asText()).isEqualTo("-");
    assertThat(line.path("route_name").asText()).isEqualTo("default");
    assertThat(line.path("start_time").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(line.path("trace_id").asText()).isEqualTo("-");
    assertThat(line.path("upstream_cluster").asText()).isEqualTo(CLUSTER);
    assertThat(line.path("upstream_host").asText()).matches("172\\.18\\.1\\.\\d+:15443");
    assertThat(line.path("upstream_local_address").asText()).matches("10\\.244\\..*:\\d+");
    assertThat(line.path("upstream_response_time").asText()).matches("\\d+");
    assertThat(line.path("upstream_service_time").asText()).matches("\\d+");
    assertThat(line.path("upstream_transport_failure_reason").asText()).isEqualTo("-");
    assertThat(line.path("user_agent").asText()).startsWith("curl/");
    assertThat(line.path("x_forwarded_for").asText()).isEqualTo("-");
  }

  @Test
  @Order(3)
  void two_cross_cluster_proxies_run_and_log_where_the_bytes_went() {
    List<String> proxies =
        lab.kubectl("cluster2", "-n istio-system get pod").lines().stream()
            .filter(l -> l.contains("asm-cross-network"))
            .toList();
    assertThat(proxies).hasSize(2).allMatch(l -> l.matches(".*\\s1/1\\s+Running.*"));
    String server = lab.field("cluster2", "pod -l app=httpbin", ".items[0].status.podIP");
    scene.curl(CLIENT, TEAPOT).orFail();
    // A proxy of bytes logs at the end of a connection.
    lab.kubectl("cluster2", "rollout restart deploy/httpbin").orFail();
    lab.rolledOut("cluster2", "default", "httpbin");
    JsonNode line =
        Settle.until(
            "a log line of a cross-cluster proxy with upstream " + server,
            Duration.ofSeconds(60),
            () ->
                JsonLines.last(
                    lab.proxyLog("cluster2", "istio-system", ClientAndServer.PROXY),
                    server + ":80"),
            l -> !l.isMissingNode());
    assertThat(line.path("downstream_local_address").asText()).endsWith(":15443");
    assertThat(line.path("requested_server_name").asText()).isEqualTo(ClientAndServer.SNI);
    assertThat(line.path("upstream_cluster").asText()).isEqualTo(ClientAndServer.SNI);
    assertThat(line.path("upstream_host").asText()).isEqualTo(server + ":80");
    assertThat(line.path("response_code").asText()).isEqualTo("0");
    for (String none :
        List.of(
            "protocol",
            "method",
            "path",
            "route_name",
            "request_id",
            "authority_for",
            "user_agent",
            "trace_id",
            "response_flags")) {
      assertThat(line.path(none).asText()).as(none).isEqualTo("-");
    }
  }

  @Test
  @Order(3)
  void the_topology_shows_what_flows_through_the_gateway() {
    JsonNode edge =
        Settle.until(
            "an edge from sleep to httpbin",
            Duration.ofSeconds(60),
            () -> {
              scene.curl(CLIENT, TEAPOT);
              return scene.flow("sleep", "httpbin");
            },
            e -> e.path("requests").asInt() > 0);

    assertThat(edge.path("source").path("cluster").asText()).isEqualTo("cluster1");
    assertThat(edge.path("destination").path("cluster").asText()).isEqualTo("cluster2");
    assertThat(edge.path("path").asText()).isEqualTo("GATEWAY");
    assertThat(edge.path("failed").asInt()).isZero();
    assertThat(edge.path("mutualTls").asInt()).isEqualTo(edge.path("requests").asInt());
  }

  @Test
  @Order(4)
  void a_hand_made_service_does_instead_of_the_dns_proxy() {
    String service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: httpbin}
        spec:
          selector: {app: httpbin}
          ports: [{name: http, port: 8000, targetPort: 80}]
        """;
    String client =
        ClientAndServer.client(
            "nodns",
            "proxy.istio.io/config",
            "proxyMetadata: {ISTIO_META_DNS_CAPTURE: \"false\"}",
            "");
    try {
      lab.kubectlWith(service, "cluster1", "apply -f -").orFail();
      lab.kubectlWith(client, "cluster1", "apply -f -").orFail();
      lab.kubectl("cluster1", "wait --for=condition=Ready pod/nodns --timeout=60s").orFail();
      untilTeapot("nodns");
      String address =
          lab.kubectl("cluster1", "get service httpbin", "-o", "jsonpath={.spec.clusterIP}")
              .orFail();
      JsonNode line =
          Settle.until(
              "a log line with the address of the Service",
              Duration.ofSeconds(5),
              () ->
                  JsonLines.last(
                      lab.kubectl("cluster1", "logs nodns -c istio-proxy").lines(), "/status/418"),
              l -> !l.isMissingNode());
      assertThat(line.path("downstream_local_address").asText()).isEqualTo(address + ":8000");
      assertThat(line.path("upstream_host").asText()).endsWith(":15443");
    } finally {
      lab.kubectl("cluster1", "delete pod/nodns service/httpbin --ignore-not-found").orFail();
    }
  }

  @Test
  @Order(5)
  void without_the_mesh_nothing_gets_across() {
    String client = ClientAndServer.client("plain", "", "", "sidecar.istio.io/inject: \"false\"");
    try {
      lab.kubectlWith(client, "cluster1", "apply -f -").orFail();
      lab.kubectl("cluster1", "wait --for=condition=Ready pod/plain --timeout=60s").orFail();
      assertThat(lab.kubectl("cluster1", "get pod plain").orFail()).contains("1/1");
      assertThat(scene.curl("plain", "--max-time 3 httpbin:8000/get").exitCode())
          .as("no such name outside the mesh")
          .isEqualTo(6);
      String server = lab.field("cluster2", "pod -l app=httpbin", ".items[0].status.podIP");
      assertThat(scene.curl("plain", "--max-time 3 " + server + ":80/get").out())
          .as("the pod address means something else, or nothing, in cluster1")
          .doesNotContain("\"url\"");
      // Even who has a route to cluster2's pods through its node gets nothing: the node drops it.
      lab.onTheWan("ip", "route", "replace", server + "/32", "via", "172.18.0.3").run().orFail();
      assertThat(lab.onTheWan("curl", "-s", "--max-time", "3", server + ":80/get").run().exitCode())
          .isEqualTo(28);
      lab.onTheWan("ip", "route", "del", server + "/32").run().orFail();
    } finally {
      lab.kubectl("cluster1", "delete pod/plain --ignore-not-found").orFail();
    }
  }

  @Test
  @Order(6)
  void switching_network_and_proxy_takes_effect_without_restarting_a_pod() {
    String uid = podUid();
    assertThat(explain()).contains("172.18.1.").contains(":15443");

    lab.weft("cluster", "network", "set", "cluster2", "--no-cross-cluster-proxy").orFail();
    Settle.until(
        "no way any more",
        Duration.ofSeconds(30),
        this::explain,
        e -> e.contains("no gateway is known"));
    Settle.until(
        "refused with UH", Duration.ofSeconds(15), () -> scene.code("/status/418"), "503"::equals);
    Settle.until(
        "the proxies are gone",
        Duration.ofSeconds(60),
        () -> lab.kubectl("cluster2", "-n istio-system get pod").out(),
        out -> !out.contains("asm-cross-network"));

    lab.weft("cluster", "network", "set", "cluster2", "--network", "network1").orFail();
    Settle.until(
        "one network: dialled directly",
        Duration.ofSeconds(30),
        this::explain,
        e -> e.contains("same network"));

    lab.weft(
            "cluster",
            "network",
            "set",
            "cluster2",
            "--network",
            "network2",
            "--cross-cluster-proxy")
        .orFail();
    Settle.until(
        "the way is back", Duration.ofSeconds(60), this::explain, e -> e.contains(":15443"));
    untilTeapot("deploy/sleep");
    assertThat(podUid()).isEqualTo(uid);
    assertThat(lab.weft("cluster", "list").orFail())
        .contains("cluster2")
        .contains("network2")
        .contains("on");
  }

  @Test
  @Order(7)
  void replicas_that_a_user_set_on_the_gateway_object_stay() {
    wantReplicas(3);
    Settle.until(
        "three proxies",
        Duration.ofSeconds(60),
        () ->
            lab.field(
                "cluster2",
                "-n istio-system deploy " + ClientAndServer.PROXY,
                ".status.readyReplicas"),
        "3"::equals);
    lab.weft("cluster", "network", "set", "cluster2", "--network", "network2").orFail();
    assertThat(
            lab.field(
                "mesh",
                "-n istio-system istiogateway asm-cross-network-cluster2",
                ".spec.replicaCount"))
        .isEqualTo("3");
    wantReplicas(2);
  }

  @Test
  @Order(8)
  void a_service_of_both_clusters_is_served_by_both_and_by_one_where_the_other_is_empty() {
    scene.deploy("cluster1", "httpbin");
    Settle.until(
        "a pod of each cluster serves",
        Duration.ofSeconds(30),
        this::explain,
        e -> e.contains("1 endpoint directly, 1 through a gateway"));
    Settle.until(
        "the client's proxy has both",
        Duration.ofSeconds(30),
        () -> lab.weft("proxy-config", "endpoints", CLIENT, "--context", "cluster1").out(),
        e -> e.lines().filter(l -> l.endsWith(CLUSTER)).count() == 2);
    int requests = 100;
    assertThat(Set.copyOf(codes(requests))).containsExactly("200");
    long remote =
        Settle.until(
                "all requests in the log",
                Duration.ofSeconds(10),
                () -> served(requests),
                hosts -> hosts.size() == requests)
            .stream()
            .filter(host -> host.endsWith(":15443"))
            .count();
    // One endpoint each: half of the requests each, give or take five standard deviations.
    assertThat(remote).isBetween(25L, 75L);

    lab.kubectl("cluster1", "scale deploy/httpbin --replicas=0").orFail();
    assertThat(Set.copyOf(codes(requests))).containsExactly("200");
    lab.kubectl("cluster1", "delete deploy/httpbin service/httpbin").orFail();
  }

  @Test
  @Order(9)
  void a_gateway_ends_tls_with_a_secret_and_takes_a_new_one_without_a_restart() throws Exception {
    ServerCertificate first = Entrance.certificate(lab, "first");
    ServerCertificate second = Entrance.certificate(lab, "second");
    try (Entrance entrance = Entrance.open(lab, first)) {
      // The service is in cluster2: the request ends one TLS at the entrance and begins another.
      Settle.until(
          "the teapot answers with the first certificate",
          Duration.ofSeconds(90),
          () -> entrance.code(first, "/status/418"),
          "418"::equals);
      assertThat(entrance.code(second, "/status/418")).as("another certificate").isEqualTo("000");
      entrance.secret(second);
      Settle.until(
          "the teapot answers with the second certificate",
          Duration.ofSeconds(60),
          () -> entrance.code(second, "/status/418"),
          "418"::equals);
      assertThat(entrance.code(first, "/status/418")).isEqualTo("000");
    }
  }

  private List<String> codes(int requests) {
    return lab.kubectl(
            "cluster1",
            "exec " + CLIENT + " -- sh -c",
            "for i in $(seq "
                + requests
                + "); do curl -s -o /dev/null -w '%{http_code}\\n"
                + "' httpbin:8000/anything/both; done")
        .lines();
  }

  /** Where the last requests went. */
  private List<String> served(int max) {
    List<String> hosts =
        lab.proxyLog("cluster1", "default", "sleep").stream()
            .filter(l -> l.startsWith("{") && l.contains("/anything/both"))
            .map(l -> JsonLines.parsed(l).path("upstream_host").asText())
            .toList();
    return hosts.subList(Math.max(0, hosts.size() - max), hosts.size());
  }

  private void wantReplicas(int count) {
    lab.kubectl(
            "mesh",
            "-n istio-system patch istiogateway asm-cross-network-cluster2 --type=merge -p",
            "{\"spec\":{\"replicaCount\":" + count + "}}")
        .orFail();
  }

  private String podUid() {
    return lab.field("cluster1", "pod -l app=sleep", ".items[0].metadata.uid");
  }

  private String explain() {
    return lab.weft("explain", "httpbin:8000", "--from", "deploy/sleep", "--context", "cluster1")
        .all();
  }
}
