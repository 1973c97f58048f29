package dev.weft.redirect.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods wait for their redirect, and for which of their containers it was made. Confined to
 * the loop of {@link NodeRedirect}.
 *
 * <p>A container that is started again is another process and gets its rules anew: the pod may have
 * a new network.
 */
final class WaitingPods {
  /** How often processes are looked through while a pod has no redirect yet. */
  static final Duration SOON = Duration.ofMillis(200);

  /** The same after that, in case a container is started again before the API server says so. */
  static final Duration LATER = Duration.ofSeconds(2);

  private static final Duration NOTHING = Duration.ofMinutes(1);

  private final Map<String, NodePod> waiting = new LinkedHashMap<>();
  private final Map<String, Long> redirected = new HashMap<>();

  /** A process that waits in a pod for its redirect. */
  record Due(NodePod pod, long process) {}

  void take(PodEvent event) {
    switch (event) {
      case PodEvent.All(List<NodePod> pods) -> {
        waiting.clear();
        pods.forEach(this::put);
        redirected.keySet().retainAll(waiting.keySet());
      }
      case PodEvent.Changed(NodePod pod) -> put(pod);
      case PodEvent.Gone(String uid) -> remove(uid);
    }
  }

  private void put(NodePod pod) {
    if (pod.settled()) {
      remove(pod.uid());
    } else {
      waiting.put(pod.uid(), pod);
    }
  }

  private void remove(String uid) {
    waiting.remove(uid);
    redirected.remove(uid);
  }

  /**
   * For which processes there is something to do.
   *
   * @param processes that wait, by the uid of their pod
   */
  List<Due> due(Map<String, Long> processes) {
    List<Due> due = new ArrayList<>();
    waiting.forEach(
        (uid, pod) -> {
          Long process = processes.get(uid);
          if (process != null && !process.equals(redirected.get(uid))) {
            due.add(new Due(pod, process));
          }
        });
    return due;
  }

  void done(Due due) {
    redirected.put(due.pod().uid(), due.process());
  }

  boolean none() {
    return waiting.isEmpty();
  }

  /** When to look again, if nothing is heard before. */
  Duration pause() {
    if (waiting.isEmpty()) {
      return NOTHING;
    }
    return redirected.keySet().containsAll(waiting.keySet()) ? LATER : SOON;
  }
}
