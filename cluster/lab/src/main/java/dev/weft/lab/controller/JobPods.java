package dev.weft.lab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How the pods of a Job stand. A pod that has ended counts for as long as it is there: who deletes
 * it before the Job is complete gets another one.
 */
record JobPods(List<ObjectNode> active, List<ObjectNode> succeeded, List<ObjectNode> failed) {
  static final String INDEX = "batch.kubernetes.io/job-completion-index";

  JobPods {
    active = List.copyOf(active);
    succeeded = List.copyOf(succeeded);
    failed = List.copyOf(failed);
  }

  static JobPods of(ObjectNode job, List<ObjectNode> podsOfNamespace) {
    List<ObjectNode> active = new ArrayList<>();
    List<ObjectNode> succeeded = new ArrayList<>();
    List<ObjectNode> failed = new ArrayList<>();
    for (ObjectNode pod : podsOfNamespace) {
      if (Meta.controls(job, pod)) {
        switch (PodFacts.phase(pod)) {
          case "Succeeded" -> succeeded.add(pod);
          case "Failed" -> failed.add(pod);
          default -> {
            if (!Meta.deleting(pod)) {
              active.add(pod);
            }
          }
        }
      }
    }
    return new JobPods(active, succeeded, failed);
  }

  int ready() {
    return (int) active.stream().filter(PodFacts::ready).count();
  }

  /** How often containers of pods that go on have ended. */
  int restarts() {
    return active.stream().mapToInt(PodFacts::restarts).sum();
  }

  /** The numbers that have been done. */
  SortedSet<Integer> completed() {
    SortedSet<Integer> numbers = new TreeSet<>();
    succeeded.forEach(pod -> index(pod).ifPresent(numbers::add));
    return numbers;
  }

  /** The numbers that are being done. */
  SortedSet<Integer> worked() {
    SortedSet<Integer> numbers = new TreeSet<>();
    active.forEach(pod -> index(pod).ifPresent(numbers::add));
    return numbers;
  }

  /** When a pod failed last. */
  Optional<Instant> failedLast() {
    return failed.stream().map(JobPods::ended).max(Comparator.naturalOrder());
  }

  /** When its last container ended; where none says so, when the pod was made. */
  private static Instant ended(JsonNode pod) {
    Instant last = Meta.created(pod);
    for (JsonNode each : pod.path("status").path("containerStatuses")) {
      Instant end =
          Meta.time(each.path("state").path("terminated").path("finishedAt")).orElse(last);
      last = end.isAfter(last) ? end : last;
    }
    return last;
  }

  private static OptionalInt index(JsonNode pod) {
    String text = Meta.annotation(pod, INDEX);
    return text.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
