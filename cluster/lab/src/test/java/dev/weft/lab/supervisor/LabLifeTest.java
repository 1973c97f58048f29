package dev.weft.lab.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.lab.object.Directories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A whole lab with the real {@code kubectl}: its background process, API server, node, network. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LabLifeTest {
  private static final String NAME = "life-test";
  private static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: httpbin}
      spec:
        replicas: 1
        selector: {matchLabels: {app: httpbin}}
        template:
          metadata: {labels: {app: httpbin}}
          spec:
            containers:
            - name: httpbin
              image: docker.io/kennethreitz/httpbin:latest
              ports: [{name: web, containerPort: 80}]
              readinessProbe: {httpGet: {path: /status/200, port: web}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: httpbin}
      spec:
        selector: {app: httpbin}
        ports: [{name: http, port: 8000, targetPort: web}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec:
        terminationGracePeriodSeconds: 0
        containers: [{name: client, image: curlimages/curl, command: [sleep, infinity]}]
      """;

  private final List<String> progress = new ArrayList<>();
  private Path home;
  private LabCommands lab;

  @BeforeAll
  void bring_up() throws Exception {
    assumeTrue(Preconditions.ofHost(System.getenv()).missing().isEmpty(), "no lab on this machine");
    assumeTrue(run("kubectl", "version", "--client").code() == 0, "no kubectl");
    home = Files.createTempDirectory("lab");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("WEFT_HOME", home.toString());
    lab = new LabCommands(NAME, environment);
    up();
  }

  @AfterAll
  void take_down() throws Exception {
    if (lab != null) {
      lab.reset(progress::add);
      Directories.delete(home);
    }
  }

  private LabStatus up() throws Exception {
    LabOptions options =
        new LabOptions(
            1, true, Model.NONE, "none", List.of("weft"), LabDriver.classes(), List.of());
    return lab.up(options, progress::add);
  }

  record Result(int code, String out) {}

  private Result run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (lab != null) {
      builder.environment().put("KUBECONFIG", lab.directory().kubeconfig().toString());
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out);
  }

  private String kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl", "--context", "cluster1"));
    command.addAll(List.of(arguments));
    Result result = run(command.toArray(String[]::new));
    assertThat(result.code()).as("%s: %s", command, result.out()).isZero();
    return result.out();
  }

  private void apply(String namespace) throws IOException, InterruptedException {
    Path file = Files.writeString(home.resolve("manifest.yaml"), MANIFEST);
    kubectl("-n", namespace, "apply", "-f", file.toString());
    kubectl("-n", namespace, "wait", "--for=condition=Ready", "pod", "--all", "--timeout=20s");
  }

  private String teapot(String namespace) throws IOException, InterruptedException {
    return kubectl(
        "-n",
        namespace,
        "exec",
        "client",
        "--",
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "--retry",
        "10",
        "--retry-connrefused",
        "--retry-max-time",
        "10",
        "http://httpbin:8000/status/418");
  }

  @Test
  @Order(1)
  void a_deployment_is_reached_by_name_scaled_rolled_and_deleted_with_its_namespace()
      throws Exception {
    kubectl("create", "namespace", "shop");
    apply("shop");
    assertThat(teapot("shop")).isEqualTo("418");

    kubectl("-n", "shop", "scale", "deployment/httpbin", "--replicas=3");
    kubectl("-n", "shop", "rollout", "status", "deployment/httpbin", "--timeout=20s");
    assertThat(
            kubectl(
                "-n",
                "shop",
                "get",
                "endpointslice",
                "-o",
                "jsonpath={.items[*].endpoints[*].conditions.ready}"))
        .isEqualTo("true true true");
    kubectl("-n", "shop", "rollout", "restart", "deployment/httpbin");
    kubectl("-n", "shop", "rollout", "status", "deployment/httpbin", "--timeout=20s");
    kubectl("-n", "shop", "rollout", "undo", "deployment/httpbin");
    kubectl("-n", "shop", "rollout", "status", "deployment/httpbin", "--timeout=20s");
    assertThat(kubectl("-n", "shop", "get", "replicaset", "-o", "name").lines()).hasSize(2);
    assertThat(kubectl("-n", "shop", "describe", "deployment", "httpbin"))
        .contains("ScalingReplicaSet", "Scaled up replica set");

    kubectl("delete", "namespace", "shop", "--timeout=40s");
    assertThat(kubectl("get", "pod", "-A")).contains("No resources found");
  }

  @Test
  @Order(2)
  void after_a_killed_supervisor_the_same_objects_are_back() throws Exception {
    apply("default");
    String before = kubectl("get", "pod", "client", "-o", "jsonpath={.metadata.uid}");
    ProcessHandle supervisor = ProcessHandle.of(lab.status().pid()).orElseThrow();
    supervisor.destroyForcibly();
    supervisor.onExit().get(60, TimeUnit.SECONDS);
    assertThat(lab.status().phase()).isEqualTo("down");

    assertThat(up().phase()).isEqualTo("ready");

    kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=20s");
    assertThat(
            kubectl(
                "get",
                "pod",
                "client",
                "-o",
                "jsonpath={.metadata.uid} {.status.containerStatuses[0].restartCount}"))
        .isEqualTo(before + " 1");
    assertThat(teapot("default")).isEqualTo("418");
  }

  @Test
  @Order(3)
  void a_second_up_says_that_there_is_nothing_to_do() throws Exception {
    long pid = lab.status().pid();
    progress.clear();

    assertThat(up().pid()).isEqualTo(pid);
    assertThat(progress).containsExactly("lab " + NAME + " is up already");
  }

  @Test
  @Order(4)
  void an_api_server_can_be_stopped_and_started_while_pods_run_on() throws Exception {
    lab.operate("stop", "apiserver/cluster1");
    assertThat(run("kubectl", "--context", "cluster1", "get", "pod").code()).isNotZero();
    lab.operate("start", "apiserver/cluster1");

    assertThat(teapot("default")).isEqualTo("418");
    assertThat(
            kubectl(
                "get",
                "pod",
                "client",
                "-o",
                "jsonpath={.status.containerStatuses[0].restartCount}"))
        .isEqualTo("1");
  }

  @Test
  @Order(5)
  void down_leaves_nothing_that_runs() throws Exception {
    ProcessHandle supervisor = ProcessHandle.of(lab.status().pid()).orElseThrow();

    assertThat(lab.down(progress::add)).isTrue();

    assertThat(supervisor.isAlive()).isFalse();
    Path namespaces = Path.of("/run/weft-netns");
    if (Files.exists(namespaces)) {
      try (Stream<Path> all = Files.list(namespaces)) {
        assertThat(all.map(p -> p.getFileName().toString()))
            .noneMatch(n -> n.startsWith("weft-" + NAME));
      }
    }
    Optional<ProcessHandle> left =
        ProcessHandle.allProcesses()
            .filter(p -> p.info().commandLine().orElse("").contains(home.toString()))
            .findAny();
    assertThat(left).isEmpty();
    assertThat(lab.down(progress::add)).isFalse();
  }
}
