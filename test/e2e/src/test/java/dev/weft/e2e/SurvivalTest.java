package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.testkit.Settle;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** What users do not notice: a steady load goes on while parts of the mesh are lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurvivalTest {
  /** Each call opens a connection to the other cluster, and is not tried a second time. */
  private static final String ONCE =
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: once, namespace: default}
      spec:
        host: httpbin.default.svc.cluster.local
        trafficPolicy: {connectionPool: {http: {maxRequestsPerConnection: 1}}}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: once, namespace: default}
      spec:
        hosts: [httpbin.default.svc.cluster.local]
        http:
          - route: [{destination: {host: httpbin.default.svc.cluster.local}}]
            retries: {attempts: 0}
      """;

  private final Lab lab = Lab.named("survival");
  private @Nullable Load load;

  @BeforeAll
  void up() {
    ClientAndServer.up(lab);
    lab.kubectl("cluster2", "scale deploy/httpbin --replicas=2").orFail();
    lab.rolledOut("cluster2", "default", "httpbin");
  }

  @AfterAll
  void down() {
    lab.close();
  }

  @BeforeEach
  void start() {
    load =
        Load.start(
            lab,
            "cluster1",
            ClientAndServer.CLIENT,
            "http://httpbin:8000/get",
            Duration.ofMinutes(8));
  }

  @AfterEach
  void nobody_noticed(TestInfo test) {
    Load.Outcome outcome = Objects.requireNonNull(load).stop();
    System.out.printf(
        "%s: %d requests sent, %d failed %s%n",
        test.getDisplayName(), outcome.sent(), outcome.failed(), outcome.byCode());
    assertThat(outcome.sent()).isGreaterThan(20);
    assertThat(outcome.failed()).as(outcome.byCode().toString()).isZero();
  }

  /** Lets the load go on for a while: the time itself is what is tested. */
  private static void under(Duration load) {
    long end = System.nanoTime() + load.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Test
  void the_control_plane_is_killed_and_comes_back_after_30_seconds() {
    lab.weft("lab", "kill", "control").orFail();
    under(Duration.ofSeconds(30));
    lab.weft("lab", "start", "control").orFail();
    Settle.until(
        "all proxies are connected again",
        Duration.ofSeconds(60),
        () -> lab.weft("proxy-status"),
        status ->
            status.exitCode() == 0
                && status.out().contains("sleep-")
                && status.out().contains("httpbin-"));
    under(Duration.ofSeconds(3));
  }

  @Test
  void one_of_two_cross_cluster_proxies_is_killed() {
    String pod = lab.pods("cluster2", "istio-system", ClientAndServer.PROXY).getFirst();
    lab.kubectl("cluster2", "-n istio-system delete pod " + pod + " --grace-period=0 --force")
        .orFail();
    lab.rolledOut("cluster2", "istio-system", ClientAndServer.PROXY);
    under(Duration.ofSeconds(3));
  }

  @Test
  void the_server_is_rolled() {
    lab.kubectl("cluster2", "rollout restart deploy/httpbin").orFail();
    lab.rolledOut("cluster2", "default", "httpbin");
    under(Duration.ofSeconds(3));
  }

  @Test
  void
      the_api_server_of_the_servers_cluster_is_away_for_60_seconds_and_the_control_plane_restarts() {
    String pods = restarts();
    lab.weft("lab", "stop", "apiserver/cluster2").orFail();
    try {
      withoutIt();
    } finally {
      // Other tests need it, whatever came of this one.
      lab.weft("lab", "start", "apiserver/cluster2").orFail();
    }
    assertThat(settled("Synced")).doesNotContain("known last");
    lab.kubectl("cluster2", "scale deploy/httpbin --replicas=3").orFail();
    Settle.until(
        "what happens there is seen again",
        Duration.ofSeconds(60),
        this::explained,
        out -> out.contains("3 through a gateway") && !out.contains("may be old"));
    lab.kubectl("cluster2", "scale deploy/httpbin --replicas=2").orFail();
    assertThat(restarts()).isEqualTo(pods);
  }

  private void withoutIt() {
    under(Duration.ofSeconds(15));
    assertThat(settled("Lost")).contains("nothing new since");
    lab.weft("lab", "kill", "control").orFail();
    lab.weft("lab", "start", "control").orFail();
    assertThat(settled("LastKnown"))
        .contains("does not answer", "what was known last stays in force, last changed 20");

    // Nothing of what a new pod's proxy has is older than the control plane.
    List<String> old = lab.pods("cluster1", "default", "sleep");
    lab.kubectl("cluster1", "scale deploy/sleep --replicas=" + (old.size() + 1)).orFail();
    lab.rolledOut("cluster1", "default", "sleep");
    String fresh =
        lab.pods("cluster1", "default", "sleep").stream()
            .filter(pod -> !old.contains(pod))
            .findFirst()
            .orElseThrow();
    assertThat(new ClientAndServer(lab).code(fresh, "httpbin:8000/get")).isEqualTo("200");
    assertThat(explained()).contains("2 through a gateway", "what is said of cluster2 may be old");
    under(Duration.ofSeconds(25));
  }

  /** How often the containers of cluster2's pods were started again. */
  private String restarts() {
    return lab.field("cluster2", "pods -A", ".items[*].status.containerStatuses[*].restartCount")
        .replaceAll("[0 ]", "");
  }

  private String explained() {
    return lab.weft("explain", "httpbin:8000", "--from", "deploy/sleep", "--context", "cluster1")
        .out();
  }

  /** What the list of clusters says of cluster2 once it is in that phase. */
  private String settled(String phase) {
    return Settle.until(
        "cluster2 is " + phase,
        Duration.ofSeconds(60),
        () ->
            lab.weft("cluster", "list")
                .out()
                .lines()
                .filter(l -> l.startsWith("cluster2"))
                .findFirst()
                .orElse(""),
        line -> line.contains(phase));
  }

  @Test
  void the_root_that_the_mesh_made_by_itself_is_exchanged() {
    lab.kubectlWith(ONCE, "mesh", "apply -f -").orFail();
    try {
      Path next = lab.home().resolve("next");
      assertThat(Command.of("rm", "-rf", next.toString()).run().exitCode()).isZero();
      lab.weft("certs", "intermediate", "--cluster", "mesh", "--out", next.toString()).orFail();
      assertThat(
              lab.weft(
                      Duration.ofMinutes(6),
                      "certs",
                      "rotate",
                      "--context",
                      "mesh",
                      "--to",
                      next.toString())
                  .orFail())
          .contains("mesh: the new CA signs", "Done");
    } finally {
      lab.kubectlWith(ONCE, "mesh", "delete -f -").orFail();
    }
    assertThat(certificates("deploy/httpbin").path("ca_cert")).as("roots in force").hasSize(1);
    assertThat(lab.weft("certs", "show").orFail()).contains("Secret cacerts");
    // The webhook is trusted too: this pod is made by way of it.
    lab.kubectl("cluster2", "rollout restart deploy/httpbin").orFail();
    lab.rolledOut("cluster2", "default", "httpbin");
    assertThat(serial()).isNotEmpty();
  }

  @Test
  void certificates_rotate_many_times() {
    String settings = lab.field("mesh", "-n istio-system configmap istio", ".data.mesh");
    try {
      String brief =
          settings.replace(
              "certificateLifetime: 24h",
              "certificateLifetime: 40s\n  maxCertificateLifetime: 40s");
      Settle.until(
          "the control plane has the short lifetime",
          Duration.ofSeconds(60),
          () -> {
            configure(brief);
            return lab.weft("lab", "logs", "control").out();
          },
          log -> log.contains("live for PT40S"));
      lab.kubectl("cluster2", "rollout restart deploy/httpbin").orFail();
      lab.rolledOut("cluster2", "default", "httpbin");
      String first = serial();
      under(Duration.ofSeconds(30));
      String second = serial();
      under(Duration.ofSeconds(40));
      assertThat(List.of(first, second, serial())).doesNotHaveDuplicates();
    } finally {
      configure(settings);
    }
    // Who still had a short one could not renew it while an API server is away.
    for (String pod : lab.pods("cluster2", "default", "httpbin")) {
      Settle.until(
          pod + " has a certificate for long",
          Duration.ofSeconds(60),
          () -> certificates(pod).path("cert_chain").path(0).path("expiration_time").asText(),
          ends -> Instant.parse(ends).isAfter(Instant.now().plus(Duration.ofHours(1))));
    }
  }

  /** The serial number of the certificate that the server's proxy shows. */
  private String serial() {
    JsonNode shown = certificates("deploy/httpbin");
    String serial = shown.path("cert_chain").path(0).path("serial_number").asText();
    assertThat(serial).as(shown.toString()).isNotEmpty();
    return serial;
  }

  private JsonNode certificates(String of) {
    return JsonLines.parsed(
            lab.weft("proxy-config", "secrets", of, "--context", "cluster2", "-o", "json").orFail())
        .path(0);
  }

  private void configure(String mesh) {
    lab.kubectlWith(
            "apiVersion: v1\n"
                + "kind: ConfigMap\n"
                + "metadata: {name: istio, namespace: istio-system}\n"
                + "data:\n"
                + "  mesh: |\n"
                + mesh.indent(4),
            "mesh",
            "apply -f -")
        .orFail();
  }
}
