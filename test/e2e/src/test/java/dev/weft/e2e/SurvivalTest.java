package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
            Duration.ofMinutes(4));
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
  void the_api_server_of_the_servers_cluster_is_away_for_60_seconds() {
    lab.weft("lab", "stop", "apiserver/cluster2").orFail();
    under(Duration.ofSeconds(60));
    lab.weft("lab", "start", "apiserver/cluster2").orFail();
    Settle.until(
        "the cluster is in the mesh again",
        Duration.ofSeconds(60),
        () -> lab.weft("cluster", "list").out(),
        list -> list.lines().anyMatch(l -> l.startsWith("cluster2") && l.contains("Synced")));
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
  }

  /** The serial number of the certificate that the server's proxy shows. */
  private String serial() {
    String secrets =
        lab.weft("proxy-config", "secrets", "deploy/httpbin", "--context", "cluster2", "-o", "json")
            .orFail();
    String serial =
        JsonLines.parsed(secrets).path(0).path("cert_chain").path(0).path("serial_number").asText();
    assertThat(serial).as(secrets).isNotEmpty();
    return serial;
  }

  private void configure(String mesh) {
    lab.kubectlWith(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n"
                + mesh.indent(4),
            "mesh",
            "apply -f -")
        .orFail();
  }
}
