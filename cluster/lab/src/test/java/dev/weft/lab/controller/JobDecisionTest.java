package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class JobDecisionTest {
  private static final Instant NOW = Fixtures.NOW;

  private static ObjectNode job(String spec) {
    return Trees.yaml(
        """
        metadata: {name: sum, namespace: shop, uid: j1, generation: 1}
        spec:
          %s
          template:
            metadata: {labels: {job-name: sum}}
            spec:
              restartPolicy: Never
              containers: [{name: c, image: host}]
        status: {startTime: 2026-03-01T10:00:00Z}
        """
            .formatted(spec));
  }

  private static ObjectNode pod(String name, String phase) {
    return Trees.yaml(
        """
        metadata:
          name: %s
          namespace: shop
          creationTimestamp: 2026-03-01T10:00:00Z
          ownerReferences: [{apiVersion: batch/v1, kind: Job, name: sum, uid: j1, controller: true}]
        status: {phase: %s}
        """
            .formatted(name, phase));
  }

  private static ObjectNode numbered(String name, String phase, int number) {
    ObjectNode pod = pod(name, phase);
    pod.withObject("/metadata/annotations").put(JobPods.INDEX, Integer.toString(number));
    return pod;
  }

  private static JobDecision.Decision decide(ObjectNode job, Instant now, ObjectNode... pods) {
    return JobDecision.decide(job, List.of(pods), () -> "x", now);
  }

  private static List<String> changes(JobDecision.Decision decision) {
    List<String> changes = new ArrayList<>();
    for (Action each : decision.actions()) {
      if (each instanceof Action.Create create) {
        changes.add("+" + Meta.name(create.object()));
      } else if (each instanceof Action.Delete delete) {
        changes.add("-" + delete.key().name());
      }
    }
    return changes;
  }

  private static JsonNode status(JobDecision.Decision decision) {
    return decision.actions().stream()
        .filter(Action.PatchStatus.class::isInstance)
        .map(each -> ((Action.PatchStatus) each).patch().path("status"))
        .findFirst()
        .orElseThrow();
  }

  private static String condition(JobDecision.Decision decision, String type) {
    JsonNode condition = Meta.condition(Trees.object().set("status", status(decision)), type);
    return condition.path("status").asText() + " " + condition.path("reason").asText();
  }

  @Test
  void as_many_pods_work_at_once_as_may_and_no_more_than_are_needed() {
    ObjectNode job = job("completions: 3\n  parallelism: 2");

    assertThat(changes(decide(job, NOW))).containsExactly("+sum-x", "+sum-x");
    assertThat(changes(decide(job, NOW, pod("a", "Running"), pod("b", "Succeeded"))))
        .containsExactly("+sum-x");
    assertThat(
            changes(
                decide(
                    job, NOW, pod("a", "Running"), pod("b", "Succeeded"), pod("c", "Succeeded"))))
        .isEmpty();
  }

  @Test
  void a_job_is_complete_when_enough_pods_have_succeeded() {
    JobDecision.Decision decision = decide(job("completions: 1"), NOW, pod("a", "Succeeded"));

    assertThat(condition(decision, "Complete")).isEqualTo("True CompletionsReached");
    assertThat(status(decision).path("succeeded").asInt()).isEqualTo(1);
    assertThat(status(decision).path("completionTime").asText()).isEqualTo("2026-03-01T10:00:00Z");
  }

  @Test
  void without_a_number_the_first_success_is_the_last_pod_to_be_made() {
    ObjectNode job = job("parallelism: 2");

    assertThat(changes(decide(job, NOW))).hasSize(2);
    assertThat(changes(decide(job, NOW, pod("a", "Succeeded"), pod("b", "Running")))).isEmpty();
    assertThat(
            condition(decide(job, NOW, pod("a", "Succeeded"), pod("b", "Succeeded")), "Complete"))
        .startsWith("True");
  }

  @Test
  void after_a_failure_there_is_a_pause_that_doubles() {
    ObjectNode job = job("completions: 1");

    JobDecision.Decision soon = decide(job, NOW.plusSeconds(4), pod("a", "Failed"));
    assertThat(changes(soon)).isEmpty();
    assertThat(soon.again()).contains(Duration.ofSeconds(6));
    assertThat(changes(decide(job, NOW.plusSeconds(10), pod("a", "Failed"))))
        .containsExactly("+sum-x");
    assertThat(decide(job, NOW, pod("a", "Failed"), pod("b", "Failed")).again())
        .contains(Duration.ofSeconds(20));
  }

  @Test
  void too_many_failures_end_a_job_and_its_pods() {
    JobDecision.Decision decision =
        decide(
            job("backoffLimit: 1\n  parallelism: 2\n  completions: 2"),
            NOW,
            pod("a", "Failed"),
            pod("b", "Failed"),
            pod("c", "Running"));

    assertThat(condition(decision, "Failed")).isEqualTo("True BackoffLimitExceeded");
    assertThat(changes(decision)).containsExactly("-c");
  }

  @Test
  void restarts_count_where_pods_are_restarted() {
    ObjectNode job = job("backoffLimit: 2");
    job.withObject("/spec/template/spec").put("restartPolicy", "OnFailure");
    ObjectNode pod = pod("a", "Running");
    pod.withObject("/status").withArray("/containerStatuses").addObject().put("restartCount", 2);

    assertThat(condition(decide(job, NOW, pod), "Failed")).contains("BackoffLimitExceeded");
  }

  @Test
  void a_deadline_counts_from_the_start() {
    ObjectNode job = job("activeDeadlineSeconds: 30");

    assertThat(decide(job, NOW.plusSeconds(20), pod("a", "Running")).again())
        .contains(Duration.ofSeconds(10));
    JobDecision.Decision late = decide(job, NOW.plusSeconds(30), pod("a", "Running"));
    assertThat(condition(late, "Failed")).isEqualTo("True DeadlineExceeded");
    assertThat(changes(late)).containsExactly("-a");
  }

  @Test
  void a_suspended_job_has_no_pods_and_goes_on_with_a_new_start() {
    JobDecision.Decision rests = decide(job("suspend: true"), NOW, pod("a", "Running"));
    assertThat(changes(rests)).containsExactly("-a");
    assertThat(condition(rests, "Suspended")).isEqualTo("True JobSuspended");
    assertThat(status(rests).path("startTime").isNull()).isTrue();

    ObjectNode resumed = job("suspend: false");
    resumed.set("status", status(rests).deepCopy());
    resumed.withObject("/status").remove("startTime");
    JobDecision.Decision goesOn = decide(resumed, NOW.plusSeconds(60));
    assertThat(changes(goesOn)).containsExactly("+sum-x");
    assertThat(condition(goesOn, "Suspended")).isEqualTo("False JobResumed");
    assertThat(status(goesOn).path("startTime").asText()).isEqualTo("2026-03-01T10:01:00Z");
  }

  @Test
  void what_has_ended_goes_when_its_time_is_over() {
    ObjectNode job = job("ttlSecondsAfterFinished: 60");
    job.set("status", status(decide(job, NOW, pod("a", "Succeeded"))).deepCopy());

    assertThat(decide(job, NOW.plusSeconds(20)).again()).contains(Duration.ofSeconds(40));
    assertThat(changes(decide(job, NOW.plusSeconds(60)))).containsExactly("-sum");
  }

  @Test
  void numbered_pods_do_each_number_once() {
    ObjectNode job = job("completionMode: Indexed\n  completions: 4\n  parallelism: 3");

    JobDecision.Decision decision =
        decide(job, NOW, numbered("a", "Succeeded", 0), numbered("b", "Running", 2));

    assertThat(changes(decision)).containsExactly("+sum-1-x", "+sum-3-x");
    assertThat(status(decision).path("completedIndexes").asText()).isEqualTo("0");
    ObjectNode made =
        decision.actions().stream()
            .filter(Action.Create.class::isInstance)
            .map(each -> ((Action.Create) each).object())
            .findFirst()
            .orElseThrow();
    assertThat(made.at("/spec/containers/0/env/0").toString())
        .isEqualTo("{\"name\":\"JOB_COMPLETION_INDEX\",\"value\":\"1\"}");
    assertThat(made.at("/spec/hostname").asText()).isEqualTo("sum-1");
    assertThat(JobStatus.ranges(new TreeSet<>(List.of(0, 1, 2, 4, 6, 7)))).isEqualTo("0-2,4,6,7");
  }

  @Test
  void nothing_is_said_twice() {
    ObjectNode job = job("completions: 1");
    ObjectNode running = pod("a", "Running");
    job.set("status", status(decide(job, NOW, running)).deepCopy());
    job.withObject("/status").put("startTime", "2026-03-01T10:00:00Z");

    assertThat(decide(job, NOW.plusSeconds(5), running).actions()).isEmpty();
  }
}
