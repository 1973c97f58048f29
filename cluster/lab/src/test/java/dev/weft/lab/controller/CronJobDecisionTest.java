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
import org.junit.jupiter.api.Test;

final class CronJobDecisionTest {
  /** Ten o'clock, at which the fixture's schedule is due. */
  private static final Instant NOW = Fixtures.NOW;

  private static ObjectNode cron(String spec) {
    return Trees.yaml(
        """
        metadata: {name: tidy, namespace: shop, uid: c1, creationTimestamp: 2026-03-01T09:30:00Z}
        spec:
          schedule: "0 * * * *"
          %s
          jobTemplate:
            metadata: {labels: {app: tidy}}
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: host}]}}}
        """
            .formatted(spec));
  }

  private static ObjectNode job(String name, String condition, String created) {
    return Trees.yaml(
        """
        metadata:
          name: %s
          namespace: shop
          uid: uid-%s
          creationTimestamp: %s
          ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: tidy, uid: c1, controller: true}]
        status: {conditions: [{type: "%s", status: "True", lastTransitionTime: %s}]}
        """
            .formatted(name, name, created, condition, created));
  }

  private static ObjectNode active(String name) {
    return job(name, "", "2026-03-01T09:00:00Z");
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

  private static List<String> told(JobDecision.Decision decision) {
    return decision.actions().stream()
        .filter(Action.Tell.class::isInstance)
        .map(each -> ((Action.Tell) each).reason())
        .toList();
  }

  private static JsonNode status(JobDecision.Decision decision) {
    return decision.actions().stream()
        .filter(Action.PatchStatus.class::isInstance)
        .map(each -> ((Action.PatchStatus) each).patch().path("status"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_job_is_made_when_it_is_due_and_named_after_the_minute() {
    JobDecision.Decision early =
        CronJobDecision.decide(cron("suspend: false"), List.of(), NOW.minusSeconds(1));
    assertThat(changes(early)).isEmpty();
    assertThat(early.again()).contains(Duration.ofMillis(1100));

    JobDecision.Decision due = CronJobDecision.decide(cron("suspend: false"), List.of(), NOW);
    assertThat(changes(due)).containsExactly("+tidy-" + NOW.getEpochSecond() / 60);
    assertThat(status(due).path("lastScheduleTime").asText()).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(due.again()).contains(Duration.ofMinutes(60).plusMillis(100));
  }

  @Test
  void a_time_makes_one_job_whatever_happens_in_between() {
    ObjectNode cron = cron("suspend: false");
    cron.withObject("/status").put("lastScheduleTime", "2026-03-01T10:00:00Z");
    assertThat(changes(CronJobDecision.decide(cron, List.of(), NOW.plusSeconds(5)))).isEmpty();

    // The status was not written any more, but the job was.
    ObjectNode made = active("tidy-" + NOW.getEpochSecond() / 60);
    assertThat(changes(CronJobDecision.decide(cron("suspend: false"), List.of(made), NOW)))
        .isEmpty();
  }

  @Test
  void of_missed_times_the_last_counts_unless_it_is_too_late() {
    Instant later = NOW.plus(Duration.ofMinutes(150));
    assertThat(changes(CronJobDecision.decide(cron("suspend: false"), List.of(), later)))
        .containsExactly("+tidy-" + NOW.plus(Duration.ofHours(2)).getEpochSecond() / 60);
    assertThat(
            changes(CronJobDecision.decide(cron("startingDeadlineSeconds: 600"), List.of(), later)))
        .isEmpty();
    Instant muchLater = NOW.plus(Duration.ofDays(30)).plusSeconds(60);
    JobDecision.Decision many =
        CronJobDecision.decide(cron("suspend: false"), List.of(), muchLater);
    assertThat(told(many)).contains("TooManyMissedTimes", "SuccessfulCreate");
    assertThat(changes(many))
        .containsExactly("+tidy-" + NOW.plus(Duration.ofDays(30)).getEpochSecond() / 60);
  }

  @Test
  void what_still_runs_forbids_or_gives_way() {
    List<ObjectNode> running = List.of(active("tidy-1"));
    String made = "+tidy-" + NOW.getEpochSecond() / 60;

    assertThat(changes(CronJobDecision.decide(cron("concurrencyPolicy: Allow"), running, NOW)))
        .containsExactly(made);
    JobDecision.Decision forbidden =
        CronJobDecision.decide(cron("concurrencyPolicy: Forbid"), running, NOW);
    assertThat(changes(forbidden)).isEmpty();
    assertThat(told(forbidden)).containsExactly("JobAlreadyActive");
    assertThat(status(forbidden).at("/active/0/name").asText()).isEqualTo("tidy-1");
    assertThat(changes(CronJobDecision.decide(cron("concurrencyPolicy: Replace"), running, NOW)))
        .containsExactly("-tidy-1", made);
  }

  @Test
  void the_latest_that_ended_are_kept() {
    ObjectNode cron =
        cron("suspend: true\n  successfulJobsHistoryLimit: 1\n  failedJobsHistoryLimit: 0");

    JobDecision.Decision decision =
        CronJobDecision.decide(
            cron,
            List.of(
                job("old", "Complete", "2026-03-01T07:00:00Z"),
                job("new", "Complete", "2026-03-01T08:00:00Z"),
                job("bad", "Failed", "2026-03-01T08:30:00Z")),
            NOW);

    assertThat(changes(decision)).containsExactly("-old", "-bad");
    assertThat(decision.again()).isEmpty();
    assertThat(status(decision).path("lastSuccessfulTime").asText())
        .isEqualTo("2026-03-01T08:00:00Z");
  }

  @Test
  void what_is_no_schedule_is_said() {
    ObjectNode cron = cron("suspend: false");
    cron.withObject("/spec").put("schedule", "99 * * * *");
    ObjectNode nowhere = cron("timeZone: Mars/Olympus");

    assertThat(told(CronJobDecision.decide(cron, List.of(), NOW)))
        .containsExactly("UnparseableSchedule");
    assertThat(told(CronJobDecision.decide(nowhere, List.of(), NOW)))
        .containsExactly("UnknownTimeZone");
  }
}
