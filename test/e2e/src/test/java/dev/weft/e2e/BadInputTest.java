package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is refused with a reason, and nothing else suffers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final int SOON = 20;

  private final Lab lab = Lab.named("bad");
  private final ClientAndServer scene = new ClientAndServer(lab);

  @BeforeAll
  void up() {
    ClientAndServer.up(lab);
  }

  @AfterAll
  void down() {
    lab.close();
  }

  @AfterEach
  void nothing_else_suffers() {
    assertThat(scene.code("/get")).isEqualTo("200");
    assertThat(lab.kubectl("cluster1", "get pod -l app=sleep").orFail()).contains("2/2");
  }

  @Test
  void yaml_that_is_none() {
    Command.Result result = lab.kubectlWith("kind: [", "cluster1", "apply -f -");
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("yaml");
  }

  @Test
  void a_field_that_does_not_exist() {
    Command.Result deployment =
        lab.kubectlWith(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: wrong}
            spec:
              replicsa: 1
              selector: {matchLabels: {app: wrong}}
              template:
                metadata: {labels: {app: wrong}}
                spec: {containers: [{name: c, image: curlimages/curl}]}
            """,
            "cluster1",
            "apply -f -");
    assertThat(deployment.exitCode()).isNotZero();
    assertThat(deployment.err()).contains("unknown field \"spec.replicsa\"");
    Command.Result rule =
        lab.kubectlWith(
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: wrong}
            spec: {host: httpbin, trafficPolicyy: {}}
            """,
            "mesh",
            "apply -f -");
    assertThat(rule.exitCode()).isNotZero();
    assertThat(rule.err()).contains("trafficPolicyy");
  }

  @Test
  void a_route_that_cannot_be_followed() {
    String good =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: wrong}
        spec:
          hosts: [httpbin]
          http:
          - timeout: 5s
            route: [{destination: {host: httpbin}}]
        """;
    String bad = good.replace("5s", "soon");
    Command.Result created = lab.kubectlWith(bad, "mesh", "apply -f -");
    assertThat(created.exitCode()).isNotZero();
    assertThat(created.err())
        .contains("VirtualService default/wrong")
        .contains("spec.http[0].timeout")
        .contains("'soon' is not a duration such as 1.5s");
    lab.kubectlWith(good, "mesh", "apply -f -").orFail();
    assertThat(lab.kubectlWith(bad, "mesh", "apply -f -").err()).contains("spec.http[0].timeout");
    assertThat(lab.field("mesh", "virtualservice wrong", ".spec.http[0].timeout")).isEqualTo("5s");
    lab.kubectl("mesh", "delete virtualservice wrong").orFail();

    Command.Result policy =
        lab.kubectlWith(
            """
            apiVersion: extensions.istio.io/v1alpha1
            kind: WasmPlugin
            metadata: {name: nothing}
            spec: {}
            """,
            "mesh",
            "apply -f -");
    assertThat(policy.orFail()).contains("created");
    assertThat(policy.err())
        .contains("Warning: WasmPlugin default/nothing")
        .contains("stored, but have no effect");
    lab.kubectl("mesh", "delete wasmplugin nothing").orFail();
  }

  @Test
  void a_route_that_leads_nowhere_stands_in_what_kubectl_shows() {
    String routes =
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: nowhere}
        spec:
          hosts: [nowhere.example]
          http:
          - route: [{destination: {host: %s}}]
        """;
    lab.kubectlWith(routes.formatted("nobody"), "mesh", "apply -f -").orFail();
    assertThat(shown("nowhere", "IST0101")).contains("FINDINGS");
    lab.kubectlWith(routes.formatted("httpbin"), "mesh", "apply -f -").orFail();
    lab.kubectl("mesh", "wait virtualservice/nowhere --for=condition=Reconciled --timeout=20s")
        .orFail();
    lab.kubectl("mesh", "delete virtualservice nowhere").orFail();
  }

  private String shown(String name, String code) {
    return Settle.until(
        code + " in the column",
        Duration.ofSeconds(SOON),
        () -> lab.kubectl("mesh", "get virtualservice " + name).orFail(),
        text -> text.contains(code));
  }

  @Test
  void an_image_that_nobody_knows() {
    lab.kubectl("cluster1", "run unknown --image=example/unheard-of:1").orFail();
    String description =
        Settle.until(
            "a pull error",
            Duration.ofSeconds(20),
            () -> lab.kubectl("cluster1", "describe pod unknown").out(),
            d -> d.contains("ErrImagePull") || d.contains("ImagePullBackOff"));
    assertThat(description).contains("example/unheard-of:1").contains("httpbin");
    lab.kubectl("cluster1", "delete pod unknown --grace-period=0 --force").orFail();
  }

  @Test
  void a_proxy_with_a_forged_token() {
    String forged =
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6ZGVmYXVsdDpzbGVlcCJ9.c2lnbmF0dXJl";
    assertThat(xds(forged, "default", "sleep")).contains("UNAUTHENTICATED");
    String log = lab.weft("lab", "logs", "control").out();
    assertThat(log).doesNotContain(forged);
  }

  @Test
  void a_proxy_that_claims_to_be_somebody_else() {
    String token = lab.token("cluster1", "sleep");
    assertThat(xds(token, "default", "sleep")).contains("CONNECTED");
    assertThat(xds(token, "default", "bookkeeper")).contains("PERMISSION_DENIED");
    assertThat(xds(token, "kube-system", "sleep")).contains("PERMISSION_DENIED");
  }

  private String xds(String token, String namespace, String account) {
    return lab.onTheWan(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            WanProxy.class.getName(),
            "172.18.0.200",
            token,
            "cluster1",
            namespace,
            account)
        .run()
        .all();
  }

  /**
   * Sends bytes to httpbin through the client's own proxy and returns the first line that comes.
   */
  private String answerTo(String script, int seconds) {
    return lab.kubectl(
            "cluster1",
            "exec deploy/sleep -- bash -c",
            "exec 3<>/dev/tcp/httpbin/8000; ("
                + script
                + ") >&3 2>/dev/null & timeout "
                + seconds
                + " head -n 1 <&3")
        .out()
        .strip();
  }

  @Test
  void a_request_with_two_lengths() {
    assertThat(
            answerTo(
                "printf 'POST /post HTTP/1.1\\r\\nHost: httpbin\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n'",
                SOON))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void a_header_of_one_mebibyte() {
    assertThat(
            answerTo(
                "printf 'GET /get HTTP/1.1\\r\\nHost: httpbin\\r\\nX-Big: '; head -c 1048576 /dev/zero | tr '\\0' a; printf '\\r\\n\\r\\n'",
                SOON))
        .startsWith("HTTP/1.1 431");
  }

  @Test
  void a_header_that_never_ends() {
    assertThat(
            answerTo(
                "printf 'GET /get HTTP/1.1\\r\\nHost: httpbin\\r\\n'; timeout 10 yes $'X-More: 1\\r'",
                SOON))
        .matches("HTTP/1.1 (431|400).*");
  }

  @Test
  void a_client_that_sends_a_byte_a_second() {
    Load others =
        Load.start(
            lab,
            "cluster1",
            ClientAndServer.CLIENT,
            "http://httpbin:8000/get",
            Duration.ofMinutes(2));
    // A head may take a minute.
    assertThat(
            answerTo(
                "printf 'GET /get HTTP/1.1\\r\\nHost: httpbin\\r\\nX-Slow: '; for i in $(seq 80); do printf a; sleep 1; done",
                80))
        .startsWith("HTTP/1.1 408");
    Load.Outcome outcome = others.stop();
    assertThat(outcome.sent()).isGreaterThan(20);
    assertThat(outcome.failed()).as(outcome.byCode().toString()).isZero();
  }

  @Test
  void a_second_control_plane_on_the_same_ports(@TempDir Path data) {
    Command.Result result =
        lab.inNamespace(
                "weft-bad.mesh",
                Lab.root().resolve("bin/weft").toString(),
                "control",
                "--kubeconfig",
                lab.home().resolve("labs/bad/mesh.kubeconfig").toString(),
                "--data-dir",
                data.toString())
            .with(Map.of("JAVA_HOME", System.getProperty("java.home")))
            .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.all()).containsPattern("cannot listen on port 15\\d\\d\\d: it is taken");
  }

  @Test
  void a_machine_without_nft() {
    // Seen by this command alone: a mount of its own hides the program.
    Command.Result result =
        Command.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind /dev/null \"$(command -v nft || echo /usr/sbin/nft)\" && exec \"$@\"",
                "sh",
                Lab.root().resolve("bin/weft").toString(),
                "lab",
                "up",
                "--lab",
                "nonft")
            .with(
                Map.of(
                    "WEFT_HOME",
                    lab.home().toString(),
                    "JAVA_HOME",
                    System.getProperty("java.home")))
            .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("nft");
  }

  @Test
  void a_user_without_privileges() {
    Command.Result result =
        Command.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--bounding-set=-all",
                "--",
                Lab.root().resolve("bin/weft").toString(),
                "lab",
                "up",
                "--lab",
                "nobody")
            .with(
                Map.of(
                    "WEFT_HOME", "/tmp/weft-nobody", "JAVA_HOME", System.getProperty("java.home")))
            .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("ordinary user").contains("sudo");
  }

  @Test
  void a_command_that_makes_no_sense() {
    for (List<String> words :
        List.of(
            List.of("explain", "nobody", "--from", "deploy/sleep", "--context", "cluster1"),
            List.of("cluster", "network", "set", "cluster9", "--network", "n"),
            List.of("cluster", "network", "set", "cluster2", "--network", "Not A Label"),
            List.of("proxy-config", "clusters", "nobody", "--context", "cluster1"))) {
      Command.Result result = lab.weft(words.toArray(String[]::new));
      assertThat(result.exitCode()).as(words.toString()).isEqualTo(1);
      assertThat(result.err()).as(words.toString()).startsWith("weft: ").doesNotContain("\tat ");
    }
  }
}
