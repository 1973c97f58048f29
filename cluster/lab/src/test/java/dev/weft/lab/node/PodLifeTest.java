package dev.weft.lab.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.apiserver.PodBackend.AttachRequest;
import dev.weft.apiserver.PodBackend.Exec;
import dev.weft.apiserver.PodBackend.ExecRequest;
import dev.weft.apiserver.PodBackend.LogRequest;
import dev.weft.apiserver.Selector;
import dev.weft.lab.container.LinuxContainers;
import dev.weft.lab.controller.ClusterControllers;
import dev.weft.lab.image.ImageCatalogue;
import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.net.LabNetwork.NodePlan;
import dev.weft.lab.net.LinuxNetwork;
import dev.weft.lab.object.Directories;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.MemoryStore;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Controllers and node together, on real network namespaces; objects are in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PodLifeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final MemoryStore store = new MemoryStore();
  private final KubeletBackend backend = new KubeletBackend();
  private Path directory;
  private LinuxNetwork network;
  private ClusterControllers controllers;
  private ClusterServices services;
  private Kubelet kubelet;
  private Feed feed;

  private static final class HostCommands implements ImageCatalogue {
    @Override
    public Optional<Image> find(String name) {
      return name.startsWith("host")
          ? Optional.of(new Image(name, List.of(), List.of("sleep", "infinity"), Map.of(), 0))
          : Optional.empty();
    }

    @Override
    public Map<String, String> describe() {
      return Map.of("host", "any command of the host");
    }
  }

  @BeforeAll
  void bring_up() throws IOException {
    directory = Files.createTempDirectory("podlife");
    assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    network = LinuxNetwork.open("labk8s-podlife");
    NodeNetwork node =
        network.addNode(
            new NodePlan("c1", "172.18.0.2", "10.244.0.0/16", "10.96.0.0/16", Map.of()));
    InstantSource clock = InstantSource.system();
    Events events = new Events(store, clock);
    feed = new Feed(store);
    controllers =
        new ClusterControllers(
            feed, events, new ClusterControllers.Settings("PEM", List.of("172.18.1.1/32")), clock);
    services = new ClusterServices(feed, node, Set.of());
    kubelet =
        new Kubelet(
            new NodeContext(
                "c1-control-plane",
                "172.18.0.2",
                "10.96.0.10",
                directory,
                store,
                node,
                new LinuxContainers(List.of(), List.of()),
                new HostCommands(),
                (ns, account, pod, uid, audience, seconds) ->
                    new TokenSource.Token(
                        "token-of-" + account, Instant.now().plusSeconds(seconds)),
                events,
                clock),
            feed);
    backend.serve(kubelet);
    store.create(Kinds.NAMESPACES, "", Trees.yaml("metadata: {name: default}"));
    store.create(Kinds.NODES, "", Trees.yaml("metadata: {name: c1-control-plane}"));
    feed.start();
    controllers.start();
    services.start();
  }

  @AfterAll
  void take_down() throws IOException {
    if (network != null) {
      feed.close();
      controllers.close();
      services.close();
      kubelet.close();
      network.destroy();
      Directories.delete(directory);
    }
  }

  private ObjectNode await(String name, Predicate<ObjectNode> condition) throws Exception {
    BlockingQueue<ObjectNode> seen = new ArrayBlockingQueue<>(10_000);
    try (AutoCloseable follow =
        store.follow(
            Kinds.PODS,
            "default",
            Selector.ALL,
            (change, object) -> {
              if (Meta.name(object).startsWith(name)) {
                seen.add(object);
              }
            })) {
      Instant end = Instant.now().plus(PATIENCE);
      ObjectNode last = Trees.object();
      while (Instant.now().isBefore(end)) {
        ObjectNode next = seen.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          last = next;
          if (condition.test(next)) {
            return next;
          }
        }
      }
      throw new AssertionError(name + " did not get there: " + last.toPrettyString());
    }
  }

  private BlockingQueue<ObjectNode> deleted(String name) {
    BlockingQueue<ObjectNode> gone = new ArrayBlockingQueue<>(1);
    store.follow(
        Kinds.PODS,
        "default",
        Selector.ALL,
        (change, object) -> {
          if (change == ObjectStore.Change.DELETED && Meta.name(object).equals(name)) {
            gone.add(object);
          }
        });
    return gone;
  }

  private static boolean ready(ObjectNode pod) {
    return Meta.condition(pod, "Ready").path("status").asText().equals("True");
  }

  private String run(String pod, String... command) throws Exception {
    try (var exec =
        backend.exec("default", pod, "", new ExecRequest(List.of(command), false, false))) {
      exec.stdin().close();
      String out = new String(exec.stdout().readAllBytes(), StandardCharsets.UTF_8);
      exec.exitCode();
      return out.strip();
    }
  }

  private String logs(String pod, boolean previous) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    backend.logs("default", pod, new LogRequest("", false, previous, -1, -1, false), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private void pod(String name, String rest) {
    store.create(
        Kinds.PODS,
        "default",
        Trees.yaml("apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\n%s".formatted(name, rest)));
  }

  @Test
  void volumes_belong_to_the_pods_group() throws Exception {
    store.create(
        Kinds.CONFIG_MAPS, "default", Trees.yaml("metadata: {name: settings}\ndata: {a: b}"));
    pod(
        "shared",
        """
        spec:
          securityContext: {runAsUser: 1000, runAsGroup: 1001, fsGroup: 2000}
          volumes:
          - {name: data, emptyDir: {}}
          - {name: settings, configMap: {name: settings, defaultMode: 0400}}
          containers:
          - name: c
            image: host
            volumeMounts:
            - {name: data, mountPath: /data}
            - {name: settings, mountPath: /settings}
        """);
    await("shared", PodLifeTest::ready);

    assertThat(run("shared", "sh", "-c", "touch /data/f && stat -c %g /data/f && cat /settings/a"))
        .isEqualTo("2000\nb");
  }

  @Test
  void a_container_that_must_not_be_root_does_not_start_as_root() throws Exception {
    pod(
        "root",
        "spec: {containers: [{name: c, image: host, securityContext: {runAsNonRoot: true}}]}");

    ObjectNode pod =
        await("root", p -> p.path("status").toString().contains("CreateContainerConfigError"));

    assertThat(pod.path("status").toString())
        .contains("container has runAsNonRoot and image will run as root");
  }

  @Test
  void a_deployment_becomes_pods_behind_a_service() throws Exception {
    store.create(
        Kinds.DEPLOYMENTS,
        "default",
        Trees.yaml(
            """
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: web
                    image: host
                    command: [python3, -m, http.server, "8080"]
                    readinessProbe: {httpGet: {path: /, port: 8080}}
            """));
    store.create(
        Kinds.SERVICES,
        "default",
        Trees.yaml(
            """
            metadata: {name: web}
            spec:
              clusterIP: 10.96.3.4
              selector: {app: web}
              ports: [{port: 80, targetPort: 8080}]
            """));
    pod("client", "spec: {containers: [{name: c, image: host}]}");
    await("web-", PodLifeTest::ready);
    await("client", PodLifeTest::ready);

    assertThat(
            run(
                "client",
                "curl",
                "-s",
                "--retry",
                "20",
                "--retry-connrefused",
                "--retry-delay",
                "0",
                "--retry-max-time",
                "10",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "http://10.96.3.4/"))
        .isEqualTo("200");
  }

  @Test
  void init_containers_environment_and_volumes_are_there() throws Exception {
    store.create(
        Kinds.CONFIG_MAPS, "default", Trees.yaml("metadata: {name: conf}\ndata: {a: one, b: two}"));
    pod(
        "full",
        """
        spec:
          serviceAccountName: robot
          volumes:
          - {name: shared, emptyDir: {}}
          - {name: conf, configMap: {name: conf, items: [{key: a, path: sub/a.txt}]}}
          - name: projected
            projected:
              sources:
              - {serviceAccountToken: {path: token, audience: istio-ca, expirationSeconds: 43200}}
              - {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
          - {name: none, secret: {secretName: absent, optional: true}}
          initContainers:
          - name: first
            image: host
            command: [sh, -c, "echo prepared > /shared/file"]
            volumeMounts: [{name: shared, mountPath: /shared}]
          containers:
          - name: c
            image: host
            command: [sh, -c, "cat /shared/file /conf/sub/a.txt /tokens/token; echo; id -u; echo $B $(POD) $NODE; touch /tmp/done; exec sleep infinity"]
            env:
            - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            - {name: B, valueFrom: {configMapKeyRef: {name: conf, key: b}}}
            securityContext: {runAsUser: 1337}
            volumeMounts:
            - {name: shared, mountPath: /shared}
            - {name: conf, mountPath: /conf}
            - {name: projected, mountPath: /tokens}
            - {name: none, mountPath: /none}
        """);
    await("full", PodLifeTest::ready);

    assertThat(run("full", "sh", "-c", "until [ -e /tmp/done ]; do :; done")).isEmpty();
    // The file that the program made may be there before what it said has come through the pipe.
    Instant end = Instant.now().plus(PATIENCE);
    String said = logs("full", false);
    while (said.lines().count() < 4 && Instant.now().isBefore(end)) {
      said = logs("full", false);
    }
    assertThat(said.lines())
        .containsExactly("prepared", "onetoken-of-robot", "1337", "two full c1-control-plane");
  }

  @Test
  void a_pod_that_listens_can_be_attached_to() throws Exception {
    pod(
        "listens",
        "spec: {containers: [{name: c, image: host, stdin: true, command: [sh, -c, 'read x; echo"
            + " got $x; exec sleep infinity']}]}");
    await("listens", PodLifeTest::ready);

    try (Exec attached = backend.attach("default", "listens", "", new AttachRequest(true, false))) {
      attached.stdin().write("it\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(attached.stdout().readNBytes(7), StandardCharsets.UTF_8))
          .isEqualTo("got it\n");
    }
    assertThat(logs("listens", false)).isEqualTo("got it\n");
  }

  @Test
  void a_job_runs_its_pod_to_the_end_and_is_complete() throws Exception {
    store.create(
        Kinds.JOBS,
        "default",
        Trees.yaml(
            """
            metadata: {name: once, uid: once-1}
            spec:
              completions: 1
              template:
                metadata: {labels: {job: once}}
                spec:
                  restartPolicy: Never
                  containers: [{name: c, image: host, command: [sh, -c, "echo done"]}]
            """));

    ObjectNode pod = await("once-", p -> p.at("/status/phase").asText().equals("Succeeded"));
    assertThat(logs(Meta.name(pod), false)).isEqualTo("done\n");
  }

  @Test
  void an_unknown_image_says_what_there_is() throws Exception {
    pod("odd", "spec: {containers: [{name: c, image: 'example.com/odd:1'}]}");

    ObjectNode pod =
        await(
            "odd",
            p ->
                p.at("/status/containerStatuses/0/state/waiting/reason")
                    .asText()
                    .equals("ErrImagePull"));

    assertThat(pod.at("/status/containerStatuses/0/state/waiting/message").asText())
        .contains("example.com/odd:1", "it has host", "weft lab image map");
    store.delete(Kinds.PODS, "default", "odd", DeleteOptions.NOW);
  }

  @Test
  void a_crashing_container_is_restarted_with_back_off_and_keeps_its_last_words() throws Exception {
    pod(
        "crash",
        "spec: {containers: [{name: c, image: host, command: [sh, -c, 'echo bye; exit 3']}]}");

    ObjectNode pod =
        await(
            "crash",
            p ->
                p.at("/status/containerStatuses/0/state/waiting/reason")
                    .asText()
                    .equals("CrashLoopBackOff"));

    assertThat(pod.at("/status/containerStatuses/0/lastState/terminated/exitCode").asInt())
        .isEqualTo(3);
    assertThat(pod.at("/status/containerStatuses/0/restartCount").asInt())
        .isGreaterThanOrEqualTo(2);
    assertThat(logs("crash", true)).isEqualTo("bye\n");
    store.delete(Kinds.PODS, "default", "crash", DeleteOptions.NOW);
  }

  @Test
  void a_deleted_pod_gets_its_grace_and_goes() throws Exception {
    pod(
        "polite",
        """
        spec:
          terminationGracePeriodSeconds: 5
          containers:
          - name: c
            image: host
            command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.05; done"]
        """);
    await("polite", PodLifeTest::ready);
    BlockingQueue<ObjectNode> gone = deleted("polite");
    store.delete(Kinds.PODS, "default", "polite", DeleteOptions.BACKGROUND);

    assertThat(gone.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }
}
