package dev.weft.lab.node;

import dev.weft.lab.node.PodSpec.ContainerSpec;
import dev.weft.lab.node.PodSpec.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends containers, and all of them in order when the pod ends: sidecars' hooks, then SIGTERM for
 * the others, then the sidecars, with SIGKILL at the end of the grace period. Confined to the pod's
 * worker; hooks run beside it.
 */
final class PodEnding {
  /**
   * Between the deletion of a ready pod and SIGTERM. Endpoints are taken out meanwhile; a machine
   * that does both at once would make every rollout lose requests, as fewer things are in the way
   * than in a cluster.
   */
  private static final Duration HEAD_START = Duration.ofMillis(500);

  /** Between the end of a sidecar's hook and SIGTERM for the others. */
  private static final Duration AFTER_HOOK = Duration.ofMillis(250);

  private final Map<String, RunningContainer> live;
  private final PodEvents events;
  private final Consumer<PodMessage> inbox;

  /** Containers that were told to end. */
  private final Set<String> stopping = new HashSet<>();

  /** Sidecars whose hook was run when the pod began to end, and those still at it. */
  private final Set<String> hooked = new HashSet<>();

  private final Set<String> hooking = new HashSet<>();
  private @Nullable Instant deadline;
  private Instant stopFrom = Instant.EPOCH;

  PodEnding(Map<String, RunningContainer> live, PodEvents events, Consumer<PodMessage> inbox) {
    this.live = live;
    this.events = events;
    this.inbox = inbox;
  }

  boolean begun() {
    return deadline != null;
  }

  /**
   * Goes on with the end of a pod that has running containers.
   *
   * @param serving whether the pod was ready
   * @return when to go on although nothing happens
   */
  Instant step(PodSpec pod, boolean serving, Instant now) {
    Instant end = deadline;
    if (end == null) {
      end = begin(pod, serving, now);
    }
    Instant shorter = now.plusSeconds(pod.graceSeconds());
    if (shorter.isBefore(end)) {
      end = shorter;
      stopping.clear();
    }
    deadline = end;
    if (patient(pod)) {
      Instant patience = end.minusSeconds(pod.graceSeconds() / 2);
      if (!hooking.isEmpty() && now.isBefore(patience)) {
        return patience;
      }
      if (now.isBefore(stopFrom)) {
        return stopFrom;
      }
    }
    int left = (int) Math.max(0, Duration.between(now, end).toSeconds());
    List<ContainerSpec> running =
        pod.containers().stream().filter(c -> live.containsKey(c.name())).toList();
    List<ContainerSpec> mains = running.stream().filter(c -> c.kind() != Kind.SIDECAR).toList();
    // sidecars serve the others to their end and go in reverse order
    List<ContainerSpec> next =
        mains.isEmpty() && !running.isEmpty() ? List.of(running.getLast()) : mains;
    next.forEach(each -> stop(each.name(), left));
    return Instant.MAX;
  }

  /** A pod with hardly any grace is in a hurry. */
  private static boolean patient(PodSpec pod) {
    return pod.graceSeconds() > 1;
  }

  private Instant begin(PodSpec pod, boolean serving, Instant now) {
    stopFrom = serving && patient(pod) ? now.plus(HEAD_START) : now;
    live.keySet().forEach(c -> events.tell(false, c, "Killing", "Stopping container " + c));
    if (patient(pod)) {
      for (ContainerSpec each : pod.containers()) {
        RunningContainer running = live.get(each.name());
        // sidecars hear first that the pod ends, as they serve the others until then (KEP-753)
        if (running != null && each.kind() == Kind.SIDECAR && hasHook(running)) {
          hook(each.name(), running, pod.graceSeconds());
        }
      }
    }
    return now.plusSeconds(pod.graceSeconds());
  }

  private void hook(String name, RunningContainer running, int grace) {
    hooked.add(name);
    hooking.add(name);
    Thread.ofVirtual()
        .name("preStop " + name)
        .start(
            () -> {
              preStop(name, running, grace);
              inbox.accept(new PodMessage.Hooked(name));
            });
  }

  /** The hook of a sidecar is through. */
  void hooked(String container, Instant now) {
    hooking.remove(container);
    Instant next = now.plus(AFTER_HOOK);
    stopFrom = stopFrom.isAfter(next) ? stopFrom : next;
  }

  void ended(String container) {
    stopping.remove(container);
    hooking.remove(container);
  }

  /** Hook, SIGTERM, and SIGKILL at the end of the grace period; returns at once. */
  void stop(String name, int grace) {
    RunningContainer container = live.get(name);
    if (container == null || !stopping.add(name)) {
      return;
    }
    container.prober().close();
    if (grace == 0 || !hasHook(container) || hooked.contains(name)) {
      container.process().stop(grace);
      return;
    }
    Thread.ofVirtual()
        .name("preStop " + name)
        .start(
            () -> {
              long begun = System.nanoTime();
              preStop(name, container, grace);
              long used = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
              // Kubernetes gives two seconds however long the hook took
              container.process().stop((int) Math.max(2, grace - used));
            });
  }

  private static boolean hasHook(RunningContainer container) {
    return container.target().container().path("lifecycle").path("preStop").isObject();
  }

  private void preStop(String name, RunningContainer container, int grace) {
    try {
      ProbeTarget.Outcome outcome =
          container
              .target()
              .attempt(container.target().container().path("lifecycle").path("preStop"), grace);
      if (!outcome.ok()) {
        events.tell(true, name, "FailedPreStopHook", "PreStopHook failed: " + outcome.message());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
