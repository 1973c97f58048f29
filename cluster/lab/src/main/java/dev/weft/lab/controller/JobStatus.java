package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** The next status of a Job, as a merge patch. Confined to one decision. */
final class JobStatus {
  private final ObjectNode job;
  private final JsonNode before;
  private final Conditions conditions;
  private final ObjectNode patch = Trees.object();
  private final Instant now;

  JobStatus(ObjectNode job, Instant now) {
    this.job = job;
    this.before = job.path("status");
    this.conditions = new Conditions(job, now);
    this.now = now;
  }

  /** When a Job ended, one way or the other; empty while it goes on. */
  static Optional<Instant> finished(JsonNode job) {
    return Optional.of(Meta.condition(job, succeeded(job) ? "Complete" : "Failed"))
        .filter(JobStatus::holds)
        .map(c -> Meta.time(c.path("lastTransitionTime")).orElse(Instant.EPOCH));
  }

  static boolean succeeded(JsonNode job) {
    return holds(Meta.condition(job, "Complete"));
  }

  private static boolean holds(JsonNode condition) {
    return condition.path("status").asText().equals("True");
  }

  /** It runs: since now, where it did not run before. */
  void begun() {
    if (holds(Meta.condition(job, "Suspended"))) {
      conditions.set("Suspended", false, "JobResumed", "Job resumed");
    }
    if (!before.has("startTime")) {
      patch.put("startTime", Meta.timestamp(now));
    }
  }

  /** Since when it has run. */
  Instant start() {
    return Meta.time(before.path("startTime")).orElse(now);
  }

  /** It rests; whether that is new. */
  boolean suspended() {
    boolean news = !holds(Meta.condition(job, "Suspended"));
    conditions.set("Suspended", true, "JobSuspended", "Job suspended");
    if (before.has("startTime")) {
      patch.putNull("startTime");
    }
    return news;
  }

  void complete() {
    String message = "Reached expected number of succeeded pods";
    conditions.set("SuccessCriteriaMet", true, "CompletionsReached", message);
    conditions.set("Complete", true, "CompletionsReached", message);
    patch.put("completionTime", Meta.timestamp(now));
  }

  void failed(String reason, String message) {
    conditions.set("FailureTarget", true, reason, message);
    conditions.set("Failed", true, reason, message);
  }

  /** Numbers of pods; those that are zero are absent. */
  void pods(JobPods pods, int active, boolean indexed) {
    number("active", active);
    number("succeeded", indexed ? pods.completed().size() : pods.succeeded().size());
    number("failed", pods.failed().size());
    patch.put("ready", active == 0 ? 0 : pods.ready());
    patch.putObject("uncountedTerminatedPods");
    if (indexed && !pods.completed().isEmpty()) {
      patch.put("completedIndexes", ranges(pods.completed()));
    }
  }

  private void number(String field, int count) {
    if (count > 0) {
      patch.put(field, count);
    } else if (before.has(field)) {
      patch.putNull(field);
    }
  }

  /** For example {@code 0-2,5}. */
  static String ranges(SortedSet<Integer> numbers) {
    List<String> ranges = new ArrayList<>();
    int first = -1;
    int last = -2;
    for (int number : numbers) {
      if (number != last + 1) {
        if (first >= 0) {
          ranges.add(range(first, last));
        }
        first = number;
      }
      last = number;
    }
    if (first >= 0) {
      ranges.add(range(first, last));
    }
    return String.join(",", ranges);
  }

  private static String range(int first, int last) {
    return first == last ? Integer.toString(first) : first + (last == first + 1 ? "," : "-") + last;
  }

  /** Empty where the Job says so already. */
  Optional<Action> changed() {
    if (!conditions.array().isEmpty()) {
      // Those of Jobs have no time of their last update.
      conditions.array().forEach(each -> ((ObjectNode) each).remove("lastUpdateTime"));
      patch.set("conditions", conditions.array());
    }
    boolean same =
        patch.properties().stream()
            .allMatch(
                each ->
                    each.getValue().isNull()
                        ? !before.has(each.getKey())
                        : each.getValue().equals(before.path(each.getKey())));
    if (same) {
      return Optional.empty();
    }
    ObjectNode whole = Trees.object();
    whole.set("status", patch);
    return Optional.of(new Action.PatchStatus(Kinds.JOBS, ObjectKey.of(job), whole));
  }
}
