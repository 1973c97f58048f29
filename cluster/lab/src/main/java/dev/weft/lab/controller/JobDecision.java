package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;

/** What a Job needs next (Kubernetes: pkg/controller/job). */
final class JobDecision {
  /** Between a failure and the next attempt; it doubles with each further failure. */
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);

  private static final Duration LAST_BACKOFF = Duration.ofMinutes(10);

  private final ObjectNode job;
  private final JsonNode spec;
  private final JobPods pods;
  private final Supplier<String> suffix;
  private final Instant now;
  private final List<Action> actions = new ArrayList<>();
  private final JobStatus status;
  private Optional<Duration> again = Optional.empty();

  /**
   * @param actions in order
   * @param again when there is something to do by time alone
   */
  record Decision(List<Action> actions, Optional<Duration> again) {}

  private JobDecision(ObjectNode job, JobPods pods, Supplier<String> suffix, Instant now) {
    this.job = job;
    this.spec = job.path("spec");
    this.pods = pods;
    this.suffix = suffix;
    this.now = now;
    this.status = new JobStatus(job, now);
  }

  /** {@code suffix} makes the ends of pod names. */
  static Decision decide(
      ObjectNode job, List<ObjectNode> podsOfNamespace, Supplier<String> suffix, Instant now) {
    if (Meta.deleting(job)) {
      return new Decision(List.of(), Optional.empty());
    }
    JobDecision decision = new JobDecision(job, JobPods.of(job, podsOfNamespace), suffix, now);
    decision.decide();
    return new Decision(decision.actions, decision.again);
  }

  private void decide() {
    Optional<Instant> finished = JobStatus.finished(job);
    if (finished.isPresent()) {
      clear(finished.get());
      return;
    }
    int active;
    if (spec.path("suspend").asBoolean(false)) {
      active = suspend();
    } else {
      status.begun();
      active = work();
    }
    status.pods(pods, active, indexed());
    status.changed().ifPresent(actions::add);
  }

  /** A Job that has ended goes when its time is over. */
  private void clear(Instant finished) {
    JsonNode seconds = spec.path("ttlSecondsAfterFinished");
    if (!seconds.isNumber()) {
      return;
    }
    Duration left = Duration.between(now, finished.plusSeconds(seconds.asLong()));
    if (left.isPositive()) {
      again = Optional.of(left);
    } else {
      actions.add(new Action.Delete(Kinds.JOBS, ObjectKey.of(job), DeleteOptions.BACKGROUND));
    }
  }

  private int suspend() {
    pods.active().forEach(this::end);
    if (status.suspended()) {
      tell(false, "Suspended", "Job suspended");
    }
    return 0;
  }

  /** How many pods are active after it. */
  private int work() {
    Optional<String> failure = failure();
    if (failure.isPresent()) {
      String reason = failure.get();
      String message =
          reason.equals("DeadlineExceeded")
              ? "Job was active longer than specified deadline"
              : "Job has reached the specified backoff limit";
      pods.active().forEach(this::end);
      status.failed(reason, message);
      tell(true, reason, message);
      return 0;
    }
    if (complete()) {
      pods.active().forEach(this::end);
      status.complete();
      tell(false, "Completed", "Job completed");
      return 0;
    }
    return grow();
  }

  private Optional<String> failure() {
    JsonNode seconds = spec.path("activeDeadlineSeconds");
    if (seconds.isNumber()) {
      Duration left = Duration.between(now, status.start().plusSeconds(seconds.asLong()));
      if (!left.isPositive()) {
        return Optional.of("DeadlineExceeded");
      }
      sooner(left);
    }
    int limit = spec.path("backoffLimit").asInt(6);
    boolean restarted = pods.restarts() > 0 && pods.restarts() >= limit;
    return pods.failed().size() > limit || (onFailure() && restarted)
        ? Optional.of("BackoffLimitExceeded")
        : Optional.empty();
  }

  private boolean complete() {
    JsonNode completions = spec.path("completions");
    if (indexed()) {
      return pods.completed().size() >= completions.asInt();
    }
    return completions.isNumber()
        ? pods.succeeded().size() >= completions.asInt()
        : !pods.succeeded().isEmpty() && pods.active().isEmpty();
  }

  private int grow() {
    int wanted = wanted();
    int active = pods.active().size();
    pods.active().stream()
        .sorted(Comparator.comparing(PodFacts::ready).thenComparing(Meta::name))
        .limit(Math.max(0, active - wanted))
        .forEach(this::end);
    if (active >= wanted) {
      return wanted;
    }
    Duration pause = Duration.between(now, nextAttempt());
    if (pause.isPositive()) {
      sooner(pause);
      return active;
    }
    SortedSet<Integer> taken = pods.completed();
    taken.addAll(pods.worked());
    int number = 0;
    for (int i = active; i < wanted; i++) {
      while (taken.contains(number)) {
        number++;
      }
      create(number);
      number++;
    }
    return wanted;
  }

  private int wanted() {
    int parallelism = spec.path("parallelism").asInt(1);
    JsonNode completions = spec.path("completions");
    if (!completions.isNumber()) {
      return pods.succeeded().isEmpty() ? parallelism : Math.min(parallelism, pods.active().size());
    }
    int done = indexed() ? pods.completed().size() : pods.succeeded().size();
    return Math.min(parallelism, completions.asInt() - done);
  }

  private Instant nextAttempt() {
    int failures = pods.failed().size();
    Duration pause = FIRST_BACKOFF.multipliedBy(1L << Math.clamp(failures - 1L, 0, 10));
    return pods.failedLast()
        .map(last -> last.plus(pause.compareTo(LAST_BACKOFF) > 0 ? LAST_BACKOFF : pause))
        .orElse(now);
  }

  private void create(int number) {
    ObjectNode pod = Trees.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    JsonNode template = spec.path("template");
    ObjectNode metadata = pod.putObject("metadata");
    String base = Meta.name(job) + (indexed() ? "-" + number : "");
    metadata.put("name", base + "-" + suffix.get()).put("generateName", base + "-");
    metadata.put("namespace", Meta.namespace(job));
    for (String field : List.of("labels", "annotations", "finalizers")) {
      if (template.path("metadata").has(field)) {
        metadata.set(field, template.path("metadata").path(field).deepCopy());
      }
    }
    metadata.putArray("ownerReferences").add(Meta.ownerReference("batch/v1", "Job", job));
    pod.set("spec", template.path("spec").deepCopy());
    if (indexed()) {
      number(pod, number);
    }
    actions.add(new Action.Create(Kinds.PODS, pod));
    tell(false, "SuccessfulCreate", "Created pod: " + Meta.name(pod));
  }

  /** What tells a pod which part of the work is its own. */
  private void number(ObjectNode pod, int number) {
    String text = Integer.toString(number);
    pod.withObject("/metadata").withObject("/annotations").put(JobPods.INDEX, text);
    pod.withObject("/metadata").withObject("/labels").put(JobPods.INDEX, text);
    pod.withObject("/spec").put("hostname", Meta.name(job) + "-" + text);
    for (String list : List.of("initContainers", "containers")) {
      for (ObjectNode container : Trees.objects(pod.path("spec").path(list))) {
        container
            .withArray("/env")
            .addObject()
            .put("name", "JOB_COMPLETION_INDEX")
            .put("value", text);
      }
    }
  }

  private void end(ObjectNode pod) {
    actions.add(new Action.Delete(Kinds.PODS, ObjectKey.of(pod), DeleteOptions.BACKGROUND));
    tell(false, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod));
  }

  private void tell(boolean warning, String reason, String message) {
    actions.add(new Action.Tell(Kinds.JOBS, job, warning, reason, message));
  }

  private void sooner(Duration left) {
    again = again.filter(before -> before.compareTo(left) < 0).or(() -> Optional.of(left));
  }

  private boolean indexed() {
    return spec.path("completionMode").asText("").equals("Indexed");
  }

  private boolean onFailure() {
    return spec.path("template").path("spec").path("restartPolicy").asText("").equals("OnFailure");
  }
}
