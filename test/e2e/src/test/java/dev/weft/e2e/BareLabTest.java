package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clusters without a mesh are such as a mesh can be installed in by hand. */
class BareLabTest {
  private static final Lab LAB = Lab.named("bare");
  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  @BeforeAll
  static void up() {
    LAB.weft("lab", "reset").orFail();
    LAB.up("--no-mesh", "--clusters", "2").orFail();
    LAB.kubectl("cluster1", "apply -f " + Lab.root().resolve("samples/sleep/sleep.yaml")).orFail();
    LAB.rolledOut("cluster1", "default", "sleep");
  }

  @AfterAll
  static void down() {
    LAB.weft("lab", "reset").orFail();
  }

  private static String shell(String script) {
    return LAB.kubectl("cluster1", "exec deploy/sleep -- sh -c", script).orFail().strip();
  }

  private static String ask(String path) {
    return shell(
        "curl -s -o /dev/null -w %{http_code} --cacert $A/ca.crt -H \"Authorization: Bearer $(cat $A/token)\""
                .replace("$A", ACCOUNT)
            + " https://kubernetes.default:443"
            + path);
  }

  @Test
  void a_pods_token_may_do_what_a_role_gives_it_and_nothing_else() {
    assertThat(ask("/api/v1/namespaces/default/pods")).isEqualTo("403");

    LAB.kubectl(
            "cluster1",
            "create rolebinding sleep-views --clusterrole=view --serviceaccount=default:sleep")
        .orFail();

    assertThat(ask("/api/v1/namespaces/default/pods")).isEqualTo("200");
    assertThat(ask("/api/v1/namespaces/default/secrets")).isEqualTo("403");
    assertThat(LAB.kubectl("cluster1", "auth can-i create deployments").orFail()).contains("yes");
  }

  @Test
  void a_pod_reaches_the_api_server_of_another_cluster_by_a_name_in_its_certificate() {
    String file = LAB.weft("lab", "kubeconfig", "--wan").orFail().strip();
    String config =
        Command.of("kubectl", "--kubeconfig", file, "--context", "cluster2", "config", "view")
            .run()
            .orFail();
    assertThat(config).contains("https://172.18.0.3:6443");
    String certificate =
        Command.of(
                "kubectl",
                "--kubeconfig",
                file,
                "config",
                "view",
                "--raw",
                "-o",
                "jsonpath={.clusters[?(@.name==\"cluster2\")].cluster.certificate-authority-data}")
            .run()
            .orFail();

    assertThat(
            shell(
                ("echo %s | base64 -d > /tmp/ca; curl -s --cacert /tmp/ca -o /dev/null"
                        + " -w '%%{ssl_verify_result} %%{remote_port}' https://172.18.0.3:6443/readyz")
                    .formatted(certificate)))
        .isEqualTo("0 6443");
  }

  @Test
  void the_mesh_runs_from_its_image_as_any_user_with_a_root_that_cannot_be_written_to() {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: weft}
        spec:
          restartPolicy: Never
          containers:
          - name: weft
            image: docker.io/weftmesh/weft:0.2.0
            args: [--version]
            securityContext:
              {runAsUser: 1337, runAsNonRoot: true, readOnlyRootFilesystem: true}
        """;
    LAB.kubectlWith(pod, "cluster1", "apply -f -").orFail();

    Settle.until(
        "the program says who it is",
        Duration.ofSeconds(60),
        () -> LAB.kubectl("cluster1", "logs weft").all(),
        said -> said.contains("weft "));
  }

  @Test
  void a_control_plane_runs_in_a_pod_and_reaches_its_api_server() {
    String file = LAB.weft("lab", "kubeconfig", "--wan").orFail().strip();
    String config =
        Command.of(
                "kubectl",
                "--kubeconfig",
                file,
                "--context",
                "cluster2",
                "config",
                "view",
                "--minify",
                "--flatten")
            .run()
            .orFail();
    LAB.kubectlWith(config, "cluster2", "create secret generic mesh --from-file=config=/dev/stdin")
        .orFail();
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: control}
        spec:
          securityContext: {runAsUser: 1337, runAsGroup: 1337, runAsNonRoot: true, fsGroup: 1337}
          volumes:
          - {name: mesh, secret: {secretName: mesh}}
          - {name: data, emptyDir: {}}
          containers:
          - name: discovery
            image: weft/weft:dev
            args:
            - control
            - --kubeconfig=/etc/mesh/config
            - --advertise=172.18.0.3
            - --data-dir=/var/lib/weft
            securityContext: {readOnlyRootFilesystem: true}
            volumeMounts:
            - {name: mesh, mountPath: /etc/mesh}
            - {name: data, mountPath: /var/lib/weft}
        """;
    LAB.kubectlWith(pod, "cluster2", "apply -f -").orFail();

    Settle.until(
        "the control plane defines its types",
        Duration.ofSeconds(90),
        () -> LAB.kubectl("cluster2", "get crd memberclusters.mesh.weft.dev -o name").all(),
        said -> said.startsWith("customresourcedefinition"));
  }

  @Test
  void both_versions_of_helloworld_say_who_they_are() {
    String file = Lab.root().resolve("samples/helloworld/helloworld.yaml").toString();
    LAB.kubectl("cluster1", "apply -f " + file + " -l service=helloworld").orFail();
    for (String version : new String[] {"v1", "v2"}) {
      LAB.kubectl("cluster1", "apply -f " + file + " -l version=" + version).orFail();
      LAB.rolledOut("cluster1", "default", "helloworld-" + version);
    }

    Settle.until(
        "both versions answer",
        Duration.ofSeconds(30),
        () -> shell("for i in 1 2 3 4 5 6 7 8; do curl -s helloworld:5000/hello; done"),
        said -> said.contains("Hello version: v1, ") && said.contains("Hello version: v2, "));
  }

  @Test
  void containers_see_nothing_of_the_checkout_and_of_labs() {
    assertThat(shell("ls -A " + Lab.root() + "; cat /etc/shadow; ls -A " + LAB.home() + " || true"))
        .doesNotContain("pom.xml", "root:", "labs");
  }
}
