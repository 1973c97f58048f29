package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Kinds that a controller elsewhere acts on: accepted, completed, checked and shown. */
class WorkloadKindsTest extends RealClient {

  @Test
  void a_job_selects_its_pods_by_its_uid_and_is_shown() throws Exception {
    kubectl("create", "job", "once", "--image=busybox", "--", "true");
    String uid = kubectl("get", "job", "once", "-o", "jsonpath={.metadata.uid}");
    assertThat(
            kubectl(
                "get",
                "job",
                "once",
                "-o",
                "jsonpath={.spec.selector.matchLabels} {.spec.template.metadata.labels.job-name}"
                    + " {.spec.completions} {.spec.backoffLimit} {.spec.completionMode}"))
        .isEqualTo("{\"batch.kubernetes.io/controller-uid\":\"" + uid + "\"} once 1 6 NonIndexed");
    assertThat(kubectl("get", "job")).contains("STATUS    COMPLETIONS", "Running   0/1");
  }

  @Test
  void a_job_whose_pods_restart_always_is_refused() throws Exception {
    String job =
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: never}
        spec: {template: {spec: {containers: [{name: a, image: "b:1"}]}}}
        """;
    assertThat(run(job, "apply", "-f", "-").err())
        .isEqualTo(
            "The Job \"never\" is invalid: spec.template.spec.restartPolicy: Unsupported value:"
                + " \"Always\": supported values: \"OnFailure\", \"Never\"\n");
  }

  @Test
  void a_cron_job_says_when() throws Exception {
    kubectl("create", "cronjob", "tick", "--image=busybox", "--schedule=*/5 * * * *", "--", "true");
    assertThat(kubectl("get", "cj"))
        .containsPattern("tick +\\*/5 \\* \\* \\* \\* +<none> +False +0 +<none>");
    assertThat(
            run("", "create", "cronjob", "tock", "--image=b", "--schedule=* * *", "--", "true")
                .err())
        .contains("spec.schedule: Invalid value: \"* * *\": expected exactly 5 fields, found 3");
    kubectl("create", "job", "now", "--from=cronjob/tick");
  }

  @Test
  void priorities_come_from_their_class() throws Exception {
    kubectl("create", "priorityclass", "high", "--value=1000");
    assertThat(kubectl("get", "pc", "--no-headers"))
        .containsPattern("high +1000 +false +\\d+s +PreemptLowerPriority")
        .contains("system-node-critical");
    kubectl(
        "run",
        "urgent",
        "--image=web:1",
        "--overrides={\"spec\":{\"priorityClassName\":\"high\"}}");
    assertThat(kubectl("get", "pod", "urgent", "-o", "jsonpath={.spec.priority}"))
        .isEqualTo("1000");
    assertThat(
            run(
                    "",
                    "run",
                    "lost",
                    "--image=web:1",
                    "--overrides={\"spec\":{\"priorityClassName\":\"none\"}}")
                .err())
        .contains("pods \"lost\" is forbidden: no PriorityClass with name none was found");
  }

  @Test
  void scaling_and_disruption_have_their_defaults_and_columns() throws Exception {
    String autoscaler =
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: scaled}
        spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}}
        """;
    assertThat(run(autoscaler, "apply", "-f", "-").err()).isEmpty();
    assertThat(run(autoscaler.replace("5", "0"), "apply", "-f", "-").err())
        .contains("spec.maxReplicas: Invalid value: 0: must be greater than 0");
    assertThat(kubectl("get", "hpa"))
        .containsPattern("Deployment/scaled +cpu: <unknown>/80% +1 +5 +0");
    kubectl("create", "pdb", "scaled", "--selector=app=scaled", "--min-available=1");
    assertThat(kubectl("get", "pdb")).containsPattern("scaled +1 +N/A +0");
    assertThat(run("", "create", "role", "empty", "--verb=get", "--resource=pods").code()).isZero();
    assertThat(
            run(
                    """
                    apiVersion: rbac.authorization.k8s.io/v1
                    kind: Role
                    metadata: {name: bad}
                    rules: [{verbs: [get]}]
                    """,
                    "apply",
                    "-f",
                    "-")
                .err())
        .contains("rules[0].apiGroups: Required value: resource rules must supply");
  }

  @Test
  void a_stateful_set_keeps_its_claims() throws Exception {
    String set =
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: main, image: "db:1"}]}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """;
    assertThat(run(set, "apply", "-f", "-").err()).isEmpty();
    assertThat(
            kubectl(
                "get",
                "sts",
                "db",
                "-o",
                "jsonpath={.spec.podManagementPolicy}"
                    + " {.spec.persistentVolumeClaimRetentionPolicy.whenDeleted}"
                    + " {.spec.volumeClaimTemplates[0].spec.volumeMode}"))
        .isEqualTo("OrderedReady Retain Filesystem");
    assertThat(kubectl("get", "sts")).containsPattern("db +0/1");
    run(set, "apply", "-f", "-");
    assertThat(kubectl("get", "sts", "db", "-o", "jsonpath={.metadata.generation}")).isEqualTo("1");
  }
}
