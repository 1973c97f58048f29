package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a CronJob needs next (Kubernetes: pkg/controller/cronjob). */
final class CronJobDecision {
  private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

  /** More missed times than that say that something is wrong with the clock or the schedule. */
  private static final int MANY = 100;

  /** Late enough that the minute has begun. */
  private static final Duration SLACK = Duration.ofMillis(100);

  private final ObjectNode cron;
  private final JsonNode spec;
  private final List<ObjectNode> finished = new ArrayList<>();
  private final List<ObjectNode> active = new ArrayList<>();
  private final Instant now;
  private final List<Action> actions = new ArrayList<>();
  private Optional<Instant> scheduled;
  private Optional<Duration> again = Optional.empty();

  private CronJobDecision(ObjectNode cron, List<ObjectNode> jobsOfNamespace, Instant now) {
    this.cron = cron;
    this.spec = cron.path("spec");
    this.now = now;
    this.scheduled = Meta.time(cron.path("status").path("lastScheduleTime"));
    jobsOfNamespace.stream()
        .filter(job -> Meta.controls(cron, job))
        .forEach(job -> (JobStatus.finished(job).isPresent() ? finished : active).add(job));
  }

  static JobDecision.Decision decide(
      ObjectNode cron, List<ObjectNode> jobsOfNamespace, Instant now) {
    if (Meta.deleting(cron)) {
      return new JobDecision.Decision(List.of(), Optional.empty());
    }
    CronJobDecision decision = new CronJobDecision(cron, jobsOfNamespace, now);
    decision.keep(true, spec(cron, "successfulJobsHistoryLimit", 3));
    decision.keep(false, spec(cron, "failedJobsHistoryLimit", 1));
    if (!cron.path("spec").path("suspend").asBoolean(false)) {
      decision.schedule();
    }
    decision.status();
    return new JobDecision.Decision(decision.actions, decision.again);
  }

  private static int spec(ObjectNode cron, String field, int otherwise) {
    return cron.path("spec").path(field).asInt(otherwise);
  }

  /** Of what has ended, the latest stay. */
  private void keep(boolean succeeded, int limit) {
    finished.stream()
        .filter(job -> JobStatus.succeeded(job) == succeeded)
        .sorted(Comparator.comparing(Meta::created).reversed().thenComparing(Meta::name))
        .skip(limit)
        .forEach(this::delete);
  }

  private void delete(ObjectNode job) {
    actions.add(new Action.Delete(Kinds.JOBS, ObjectKey.of(job), DeleteOptions.BACKGROUND));
    tell(false, "SuccessfulDelete", "Deleted job " + Meta.name(job));
  }

  private void schedule() {
    CronSchedule schedule;
    try {
      String zone = spec.path("timeZone").asText("");
      schedule =
          CronSchedule.parse(
              spec.path("schedule").asText(""), ZoneId.of(zone.isEmpty() ? "UTC" : zone));
    } catch (IllegalArgumentException e) {
      tell(true, "UnparseableSchedule", "spec.schedule: " + e.getMessage());
      return;
    } catch (DateTimeException e) {
      tell(true, "UnknownTimeZone", "spec.timeZone: " + e.getMessage());
      return;
    }
    again = schedule.after(now).map(next -> Duration.between(now, next).plus(SLACK));
    due(schedule).ifPresent(this::start);
  }

  /** The latest time that has passed without a Job. */
  private Optional<Instant> due(CronSchedule schedule) {
    Instant since = scheduled.orElse(Meta.created(cron));
    JsonNode deadline = spec.path("startingDeadlineSeconds");
    if (deadline.isNumber()) {
      Instant earliest = now.minusSeconds(deadline.asLong());
      since = earliest.isAfter(since) ? earliest : since;
    }
    Optional<Instant> latest = Optional.empty();
    Optional<Instant> next = schedule.after(since);
    int missed = 0;
    while (next.isPresent() && !next.get().isAfter(now)) {
      latest = next;
      missed++;
      if (missed > MANY) {
        tell(
            true,
            "TooManyMissedTimes",
            "too many missed start times; set or decrease spec.startingDeadlineSeconds or check"
                + " the clock");
        // Those before today are of no use to anybody.
        return latestOf(schedule);
      }
      next = schedule.after(next.get());
    }
    return latest;
  }

  /** Going back in steps that double. */
  private Optional<Instant> latestOf(CronSchedule schedule) {
    for (long minutes = 1; minutes < Duration.ofDays(3660).toMinutes(); minutes *= 2) {
      Optional<Instant> next = schedule.after(now.minus(Duration.ofMinutes(minutes)));
      Optional<Instant> latest = Optional.empty();
      while (next.isPresent() && !next.get().isAfter(now)) {
        latest = next;
        next = schedule.after(next.get());
      }
      if (latest.isPresent()) {
        return latest;
      }
    }
    return Optional.empty();
  }

  private void start(Instant time) {
    switch (spec.path("concurrencyPolicy").asText("Allow")) {
      case "Forbid" -> {
        if (!active.isEmpty()) {
          tell(
              false,
              "JobAlreadyActive",
              "Not starting job because prior execution is running and concurrency policy is"
                  + " Forbid");
          return;
        }
      }
      case "Replace" -> {
        active.forEach(this::delete);
        active.clear();
      }
      default -> {}
    }
    ObjectNode job = job(time);
    scheduled = Optional.of(time);
    // The name is the time's: whoever is asked twice makes it once.
    if (active.stream().noneMatch(each -> Meta.name(each).equals(Meta.name(job)))
        && finished.stream().noneMatch(each -> Meta.name(each).equals(Meta.name(job)))) {
      actions.add(new Action.Create(Kinds.JOBS, job));
      tell(false, "SuccessfulCreate", "Created job " + Meta.name(job));
    }
  }

  private ObjectNode job(Instant time) {
    JsonNode template = spec.path("jobTemplate");
    ObjectNode job = Trees.object();
    job.put("apiVersion", "batch/v1").put("kind", "Job");
    ObjectNode metadata = job.putObject("metadata");
    metadata.put("name", Meta.name(cron) + "-" + time.getEpochSecond() / 60);
    metadata.put("namespace", Meta.namespace(cron));
    for (String field : List.of("labels", "annotations")) {
      if (template.path("metadata").has(field)) {
        metadata.set(field, template.path("metadata").path(field).deepCopy());
      }
    }
    metadata.withObject("/annotations").put(SCHEDULED, Meta.timestamp(time));
    metadata.putArray("ownerReferences").add(Meta.ownerReference("batch/v1", "CronJob", cron));
    job.set("spec", template.path("spec").deepCopy());
    return job;
  }

  /** Written only where it says something new; a Job that was just made is seen next time. */
  private void status() {
    JsonNode before = cron.path("status");
    ObjectNode status = Trees.object();
    ArrayNode references = Trees.array();
    active.stream()
        .sorted(Comparator.comparing(Meta::name))
        .forEach(
            job ->
                references
                    .addObject()
                    .put("apiVersion", "batch/v1")
                    .put("kind", "Job")
                    .put("name", Meta.name(job))
                    .put("namespace", Meta.namespace(job))
                    .put("uid", Meta.uid(job)));
    if (!references.isEmpty() || !before.path("active").isEmpty()) {
      status.set("active", references);
    }
    scheduled.ifPresent(time -> status.put("lastScheduleTime", Meta.timestamp(time)));
    finished.stream()
        .filter(JobStatus::succeeded)
        .flatMap(job -> JobStatus.finished(job).stream())
        .max(Comparator.naturalOrder())
        .ifPresent(time -> status.put("lastSuccessfulTime", Meta.timestamp(time)));
    boolean same =
        status.properties().stream()
            .allMatch(each -> each.getValue().equals(before.path(each.getKey())));
    if (!same) {
      ObjectNode patch = Trees.object();
      patch.set("status", status);
      actions.add(new Action.PatchStatus(Kinds.CRON_JOBS, ObjectKey.of(cron), patch));
    }
  }

  private void tell(boolean warning, String reason, String message) {
    actions.add(new Action.Tell(Kinds.CRON_JOBS, cron, warning, reason, message));
  }
}
