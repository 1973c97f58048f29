package dev.weft.lab.node;

import dev.weft.lab.node.ContainerState.Phase;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import dev.weft.lab.node.PodSpec.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to happen to the containers of a pod that is not terminating.
 *
 * @param start to be started now, in this order
 * @param stop sidecars whose work is over, last first
 * @param wake when to plan again although nothing has happened
 * @param over no container will run any more
 */
record PodPlan(
    List<ContainerSpec> start, List<ContainerSpec> stop, Optional<Instant> wake, boolean over) {

  static PodPlan of(PodSpec pod, Map<String, ContainerState> states, Instant now) {
    List<ContainerSpec> start = new ArrayList<>();
    List<Instant> wakes = new ArrayList<>();
    List<ContainerSpec> all = pod.containers();
    if (over(pod, all, states)) {
      List<ContainerSpec> sidecars =
          all.stream()
              .filter(c -> c.kind() == Kind.SIDECAR && state(states, c).isRunning())
              .toList();
      return new PodPlan(List.of(), sidecars.reversed(), Optional.empty(), sidecars.isEmpty());
    }
    for (ContainerSpec each : all) {
      ContainerState state = state(states, each);
      boolean due = toRun(pod, each, state);
      if (due && !state.notBefore().isAfter(now)) {
        start.add(each);
      } else if (due) {
        wakes.add(state.notBefore());
      }
      if (blocksTheNext(each, state)) {
        break;
      }
    }
    return new PodPlan(start, List.of(), wakes.stream().min(Comparator.naturalOrder()), false);
  }

  private static ContainerState state(Map<String, ContainerState> states, ContainerSpec each) {
    return states.getOrDefault(each.name(), ContainerState.initial());
  }

  private static boolean toRun(PodSpec pod, ContainerSpec each, ContainerState state) {
    return switch (state.phase()) {
      case Phase.Running r -> false;
      case Phase.Waiting w -> true;
      case Phase.Ended ended -> pod.restarts(each, ended.code());
    };
  }

  private static boolean blocksTheNext(ContainerSpec each, ContainerState state) {
    return switch (each.kind()) {
      case INIT -> !state.succeeded();
      case SIDECAR -> !state.started();
      // the next container waits for the postStart hook of this one
      case MAIN ->
          each.json().path("lifecycle").has("postStart") && !state.isEnded() && !state.started();
    };
  }

  /** All main containers, or an init container, have ended for good. */
  private static boolean over(
      PodSpec pod, List<ContainerSpec> all, Map<String, ContainerState> states) {
    boolean mains = true;
    for (ContainerSpec each : all) {
      boolean ended =
          state(states, each).phase() instanceof Phase.Ended e && !pod.restarts(each, e.code());
      if (each.kind() == Kind.MAIN) {
        mains &= ended;
      } else if (each.kind() == Kind.INIT
          && state(states, each).phase() instanceof Phase.Ended e
          && e.code() != 0
          && ended) {
        return true;
      }
    }
    return mains;
  }
}
