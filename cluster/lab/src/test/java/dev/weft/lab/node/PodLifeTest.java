package dev.weft.lab.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.apiserver.PodBackend.AttachRequest;
import dev.weft.apiserver.PodBackend.Exec;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of pods, from the object to its processes. */
final class PodLifeTest extends PodsOnNode {
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
