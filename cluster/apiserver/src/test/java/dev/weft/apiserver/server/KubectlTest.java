package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.Samples;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The real client against a real server. */
class KubectlTest extends RealClient {
  private static String apply(String yaml) throws Exception {
    Kubectl.Ran ran = run(yaml, "apply", "-f", "-");
    assertThat(ran.err()).isEmpty();
    return ran.out();
  }

  private static String deployment(String namespace, String image) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: %s}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - {name: main, image: "%s", env: [{name: A, value: b}]}
        """
        .formatted(namespace, image);
  }

  @Test
  void apply_creates_keeps_and_changes() throws Exception {
    kubectl("create", "namespace", "applied");
    assertThat(apply(deployment("applied", "web:1"))).isEqualTo("deployment.apps/web created\n");
    assertThat(apply(deployment("applied", "web:1"))).isEqualTo("deployment.apps/web unchanged\n");
    assertThat(apply(deployment("applied", "web:2"))).isEqualTo("deployment.apps/web configured\n");
    assertThat(kubectl("get", "deploy", "-n", "applied", "-o", "wide"))
        .contains("READY   UP-TO-DATE   AVAILABLE", "0/1", "main         web:2", "app=web");
    assertThat(kubectl("scale", "deploy", "web", "-n", "applied", "--replicas=3"))
        .isEqualTo("deployment.apps/web scaled\n");
    assertThat(kubectl("get", "deploy/web", "-n", "applied", "-o", "jsonpath={.spec.replicas}"))
        .isEqualTo("3");
    kubectl("set", "env", "deploy/web", "-n", "applied", "B=c");
    kubectl("rollout", "restart", "deploy/web", "-n", "applied");
    assertThat(
            kubectl(
                "get",
                "deploy/web",
                "-n",
                "applied",
                "-o",
                "jsonpath={.spec.template.spec.containers[0].env}"))
        .isEqualTo("[{\"name\":\"A\",\"value\":\"b\"},{\"name\":\"B\",\"value\":\"c\"}]");
    kubectl("delete", "deploy", "web", "-n", "applied");
    assertThat(run("", "get", "deploy", "web", "-n", "applied").err())
        .isEqualTo("Error from server (NotFound): deployments.apps \"web\" not found\n");
  }

  @Test
  void unknown_fields_get_the_familiar_message() throws Exception {
    String bad =
        deployment("default", "web:1").replace("spec:\n  selector", "spec:\n  foo: 1\n  selector");
    assertThat(run(bad, "apply", "-f", "-").err())
        .contains(
            "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding"
                + " error: unknown field \"spec.foo\"");
  }

  @Test
  void generators_send_protobuf_and_are_understood() throws Exception {
    kubectl("create", "namespace", "made");
    kubectl("create", "deployment", "web", "--image=web:1", "--replicas=0", "-n", "made");
    kubectl("create", "secret", "generic", "s", "--from-literal=a=b", "-n", "made");
    kubectl("create", "configmap", "c", "--from-literal=a=b", "-n", "made");
    kubectl("create", "serviceaccount", "robot", "-n", "made");
    kubectl("create", "service", "clusterip", "web", "--tcp=80:8080", "-n", "made");
    assertThat(kubectl("get", "deploy,secret,cm,sa,svc", "-n", "made", "-o", "name"))
        .isEqualTo(
            """
            deployment.apps/web
            secret/s
            configmap/c
            configmap/kube-root-ca.crt
            serviceaccount/default
            serviceaccount/robot
            service/web
            """);
    assertThat(kubectl("get", "deploy/web", "-n", "made", "-o", "jsonpath={.spec.replicas}"))
        .isEqualTo("0");
    assertThat(kubectl("get", "secret", "s", "-n", "made", "-o", "jsonpath={.data.a}"))
        .isEqualTo("Yg==");
    assertThat(kubectl("get", "svc", "web", "-n", "made")).contains("ClusterIP", "80/TCP");
    String token = kubectl("create", "token", "robot", "-n", "made").strip();
    assertThat(kubectl("auth", "can-i", "get", "pods", "--token", token)).isEqualTo("yes\n");
    assertThat(run("", "get", "pods", "--token", token + "x").err())
        .contains("You must be logged in to the server (Unauthorized)");
  }

  @Test
  void pods_are_labelled_watched_logged_and_executed_in() throws Exception {
    kubectl("create", "namespace", "pods");
    Process watch = begin("get", "pods", "-n", "pods", "-w", "--output-watch-events");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
      kubectl("run", "web", "--image=web:1", "-n", "pods");
      assertThat(lines.readLine()).matches("EVENT +NAME +READY +STATUS +RESTARTS +AGE");
      assertThat(lines.readLine()).matches("ADDED +web +0/1 +Pending +0 +\\ds");
      server
          .objects()
          .mergePatch(Samples.PODS, "pods", "web", Samples.json("{'spec':{'nodeName':'n'}}"));
      assertThat(lines.readLine()).startsWith("MODIFIED");
    } finally {
      watch.destroy();
    }
    kubectl("label", "pod", "web", "-n", "pods", "tier=front");
    kubectl("annotate", "pod", "web", "-n", "pods", "note=x");
    assertThat(kubectl("get", "pods", "-n", "pods", "-l", "tier in (front)", "--show-labels"))
        .contains("run=web,tier=front");
    assertThat(kubectl("get", "pods", "-A", "--field-selector", "spec.nodeName=n", "-o", "name"))
        .isEqualTo("pod/web\n");
    assertThat(kubectl("logs", "web", "-n", "pods", "--tail=5"))
        .isEqualTo("log of web/web tail 5\n");
    Kubectl.Ran exec =
        run(
            "typed",
            "exec",
            "-i",
            "web",
            "-n",
            "pods",
            "--",
            "sh",
            "-c",
            "cat; echo wrong >&2; exit 3");
    assertThat(exec.out()).isEqualTo("typed");
    assertThat(exec.err()).isEqualTo("wrong\ncommand terminated with exit code 3\n");
    assertThat(exec.code()).isEqualTo(3);
    assertThat(run("", "exec", "gone", "-n", "pods", "--", "true").err())
        .isEqualTo("Error from server (NotFound): pods \"gone\" not found\n");
    kubectl("delete", "pod", "web", "-n", "pods", "--wait=false");
    assertThat(kubectl("get", "pods", "-n", "pods")).contains("Terminating");
  }

  @Test
  void custom_types_are_served_at_once_and_checked() throws Exception {
    String definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: things.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: things, singular: thing, kind: Thing, shortNames: [th]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns:
            - {name: Hosts, type: string, jsonPath: .spec.hosts}
            schema: &schema
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [size]
                    properties:
                      size: {type: integer, minimum: 1}
                      hosts: {type: array, items: {type: string, pattern: '^[a-z.]+$'}}
          - {name: v1beta1, served: true, storage: false, schema: *schema}
        """;
    String thing =
        """
        apiVersion: example.com/v1
        kind: Thing
        metadata: {name: one}
        spec: {size: 3, hosts: [a.b]}
        """;
    apply(definition);
    kubectl("wait", "--for=condition=established", "crd/things.example.com", "--timeout=10s");
    assertThat(apply(thing)).isEqualTo("thing.example.com/one created\n");
    assertThat(kubectl("get", "th")).contains("HOSTS", "[\"a.b\"]");
    assertThat(kubectl("get", "things.v1beta1.example.com", "one", "-o", "yaml"))
        .startsWith("apiVersion: example.com/v1beta1\nkind: Thing\n");
    assertThat(run(thing.replace("size: 3", "size: 0"), "apply", "-f", "-").err())
        .isEqualTo(
            "The Thing \"one\" is invalid: spec.size: Invalid value: 0: spec.size in body should"
                + " be greater than or equal to 1\n");
    assertThat(run(thing.replace("size: 3", "size: 3, nope: 1"), "apply", "-f", "-").err())
        .contains("strict decoding error: unknown field \"spec.nope\"");
    kubectl("patch", "thing", "one", "--type=merge", "-p", "{\"spec\":{\"size\":9}}");
    kubectl(
        "patch",
        "thing",
        "one",
        "--type=json",
        "-p",
        "[{\"op\":\"add\",\"path\":\"/spec/hosts/-\",\"value\":\"c.d\"}]");
    assertThat(kubectl("get", "thing", "one", "-o", "jsonpath={.spec}"))
        .isEqualTo("{\"hosts\":[\"a.b\",\"c.d\"],\"size\":9}");
    assertThat(kubectl("explain", "thing.spec.size")).contains("size <integer>");
    kubectl("delete", "crd", "things.example.com");
    assertThat(run("", "get", "--raw", "/apis/example.com/v1/things").code()).isEqualTo(1);
  }

  @Test
  void a_dry_run_changes_nothing_and_diff_shows_what_would() throws Exception {
    kubectl("create", "configmap", "dry", "--from-literal=a=b", "--dry-run=server");
    assertThat(run("", "get", "configmap", "dry").code()).isEqualTo(1);
    String map =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: shown}
        data: {a: b}
        """;
    apply(map);
    Kubectl.Ran diff = run(map.replace("a: b", "a: c"), "diff", "-f", "-");
    assertThat(diff.out()).contains("-  a: b", "+  a: c");
    assertThat(diff.code()).isEqualTo(1);
  }

  @Test
  void server_side_apply_knows_who_owns_what() throws Exception {
    String map =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: owned}
        data: {a: "1", b: "1"}
        """;
    assertThat(run(map, "apply", "--server-side", "-f", "-").out())
        .isEqualTo("configmap/owned serverside-applied\n");
    Kubectl.Ran other =
        run(
            map.replace("a: \"1\"", "a: \"2\""),
            "apply",
            "--server-side",
            "--field-manager=other",
            "-f",
            "-");
    assertThat(other.err())
        .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .data.a");
    // What the first manager leaves out is gone, unless somebody else wants it too.
    run(
        map.replace("a: \"1\", ", ""),
        "apply",
        "--server-side",
        "--field-manager=other",
        "-f",
        "-");
    run(map.replace("a: \"1\", b: \"1\"", "c: \"1\""), "apply", "--server-side", "-f", "-");
    assertThat(kubectl("get", "configmap", "owned", "-o", "jsonpath={.data}"))
        .isEqualTo("{\"b\":\"1\",\"c\":\"1\"}");
  }
}
