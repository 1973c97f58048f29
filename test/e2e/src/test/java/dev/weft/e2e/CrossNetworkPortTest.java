package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Port 15443 as somebody sees it who can reach it but is not of the mesh. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossNetworkPortTest {
  private final Lab lab = Lab.named("port");
  private String gateway = "";

  @BeforeAll
  void up() {
    lab.fresh();
    new ClientAndServer(lab).deploy("cluster2", "httpbin");
    lab.kubectl("cluster1", "create serviceaccount sleep").orFail();
    lab.rolledOut("cluster2", "istio-system", ClientAndServer.PROXY);
    gateway =
        lab.field(
            "cluster2",
            "-n istio-system service " + ClientAndServer.PROXY,
            ".status.loadBalancer.ingress[0].ip");
    // The proxies know the service before anybody is refused for another reason.
    Settle.until(
        "a mesh client passes",
        Duration.ofSeconds(30),
        () -> knock("mesh", ClientAndServer.SNI, "172.18.0.200", token(), "cluster1"),
        answer -> answer.contains("418"));
  }

  @AfterAll
  void down() {
    lab.close();
  }

  private String token() {
    return lab.token("cluster1", "sleep");
  }

  private String knock(String how, String sni, String... more) {
    return WanClient.knock(lab, how, gateway, sni, more);
  }

  private void refusedWith(String answer, String why) {
    assertThat(answer).startsWith("REFUSED");
    Settle.until(
        "a log line of the cross-cluster proxies: " + why,
        Duration.ofSeconds(20),
        () -> lab.proxyLog("cluster2", "istio-system", ClientAndServer.PROXY),
        logs -> logs.stream().anyMatch(l -> l.matches(".*(" + why + ").*")));
  }

  @Test
  void a_mesh_client_passes() {
    assertThat(knock("mesh", ClientAndServer.SNI, "172.18.0.200", token(), "cluster1"))
        .startsWith("ANSWER HTTP/1.1 418");
  }

  @Test
  void plain_bytes_are_refused() {
    refusedWith(knock("raw", ClientAndServer.SNI), "\"response_flags\":\\s*\"NR\".*");
  }

  @Test
  void tls_without_the_meshs_protocols_is_refused() {
    refusedWith(
        knock("tls-without-mesh-alpn", ClientAndServer.SNI),
        "\"requested_server_name\":\\s*\""
            + ClientAndServer.SNI
            + "\".*\"response_flags\":\\s*\"NR\"");
  }

  @Test
  void an_unknown_service_is_refused() {
    String unknown = "outbound_.8000_._.nobody.default.svc.cluster.local";
    refusedWith(
        knock("no-certificate", unknown),
        "\"requested_server_name\":\\s*\"" + unknown + "\".*\"response_flags\":\\s*\"NR\"");
  }

  @Test
  void the_right_name_without_a_certificate_is_refused_by_the_server() {
    assertThat(knock("no-certificate", ClientAndServer.SNI)).startsWith("REFUSED");
    Settle.until(
        "the server says that there was no certificate",
        Duration.ofSeconds(20),
        () -> String.join("\n", lab.proxyLog("cluster2", "default", "httpbin")),
        logs -> logs.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE"));
  }

  @Test
  void a_certificate_of_another_root_is_refused_by_the_server() {
    assertThat(knock("foreign-root", ClientAndServer.SNI)).startsWith("REFUSED");
    Settle.until(
        "the server says that it does not trust the certificate",
        Duration.ofSeconds(20),
        () -> String.join("\n", lab.proxyLog("cluster2", "default", "httpbin")),
        logs -> logs.contains("CERTIFICATE_VERIFY_FAILED"));
  }
}
