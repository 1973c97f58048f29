package dev.weft.lab.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.Selector;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what starts in a lab: its pods that are not ready, its processes. Thread-safe. */
final class Movement {
  /** A process that has ended so often has moved without getting anywhere. */
  private static final int RESTARTS_THAT_COUNT = 5;

  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final LabParts parts;
  private final Stillness stillness = new Stillness(System.nanoTime());

  private Duration last = Duration.ZERO;
  private long lookedNanos = System.nanoTime();

  Movement(LabParts parts) {
    this.parts = parts;
  }

  /**
   * For how long nothing has moved. Looks at most once a second.
   *
   * @param more facts that only the caller knows
   * @param own whether this process's work is one that starts something
   */
  synchronized Duration still(List<String> more, boolean own) {
    Duration since = Duration.ofNanos(System.nanoTime() - lookedNanos);
    if (since.compareTo(BETWEEN) < 0) {
      return last.plus(since);
    }
    last = look(more, own);
    lookedNanos = System.nanoTime();
    return last;
  }

  private Duration look(List<String> more, boolean own) {
    List<String> facts = new ArrayList<>(more);
    Duration work = own ? cpu(ProcessHandle.current()) : Duration.ZERO;
    for (RunningNode node : parts.nodes()) {
      node.member().store().list(Kinds.PODS, "", Selector.ALL).items().stream()
          .filter(pod -> !PodWords.ready(pod))
          .forEach(pod -> facts.add(node.plan().name() + " " + fact(pod)));
      for (ProcessHandle each : node.kubelet().starting()) {
        work = work.plus(all(each));
      }
    }
    for (SupervisedProcess process : parts.processes()) {
      SupervisedProcess.State state = process.state();
      facts.add(state.name() + " " + Math.min(RESTARTS_THAT_COUNT, state.restarts()));
      Optional<ProcessHandle> handle = ProcessHandle.of(state.pid());
      work = work.plus(handle.map(Movement::all).orElse(Duration.ZERO));
    }
    for (ProcessHandle each : parts.running()) {
      work = work.plus(all(each));
    }
    return stillness.after(facts, work, System.nanoTime());
  }

  private static Duration all(ProcessHandle process) {
    return process.descendants().map(Movement::cpu).reduce(cpu(process), Duration::plus);
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static String fact(ObjectNode pod) {
    StringBuilder fact = new StringBuilder(Meta.namespace(pod)).append('/').append(Meta.name(pod));
    JsonNode status = pod.path("status");
    fact.append(' ').append(status.path("phase").asText());
    for (String list : List.of("initContainerStatuses", "containerStatuses")) {
      for (JsonNode each : status.path(list)) {
        fact.append(' ').append(each.path("restartCount").asInt());
        fact.append(each.path("ready").asBoolean() ? '+' : '-');
        fact.append(each.path("started").asBoolean() ? '+' : '-');
        fact.append(each.path("state").path("waiting").path("reason").asText(""));
      }
    }
    return fact.toString();
  }
}
