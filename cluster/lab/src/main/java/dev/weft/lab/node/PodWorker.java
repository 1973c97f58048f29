package dev.weft.lab.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.net.LabNetwork.PodNetwork;
import dev.weft.lab.net.Place;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import dev.weft.lab.object.Directories;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one pod to life and to its end. Confined to its own virtual thread; others {@link #post}
 * messages and read {@link #running}.
 */
final class PodWorker {
  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofHours(1);

  private final NodeContext node;
  private final Runnable onEnd;
  private final BlockingQueue<PodMessage> inbox = new LinkedBlockingQueue<>();
  private final Map<String, ContainerState> states = new HashMap<>();
  private final Map<String, RunningContainer> live = new ConcurrentHashMap<>();
  private final Volumes volumes;
  private final PodEvents events;
  private final ContainerRuns runs;
  private final PodEnding ending;
  private volatile PodSpec pod;
  private ObjectNode reported = Trees.object();
  private volatile @Nullable PodNetwork network;
  private boolean volumesReady;
  private boolean gone;
  private boolean closed;
  private Instant retry = Instant.MAX;

  /**
   * @param first the pod as it was first seen, perhaps with a status of a former life of the node
   * @param onEnd called when nothing of the pod is left
   */
  PodWorker(NodeContext node, ObjectNode first, Runnable onEnd) {
    this.node = node;
    this.onEnd = onEnd;
    this.pod = new PodSpec(first);
    this.volumes =
        new Volumes(
            node.store(),
            node.tokens(),
            node.clock(),
            node.podDirectory(pod.uid()).resolve("volumes"));
    this.events = new PodEvents(node.events(), () -> pod);
    this.runs =
        new ContainerRuns(node, new ContainerStarter(node, volumes), live, events, inbox::add);
    this.ending = new PodEnding(live, events, inbox::add);
    states.putAll(FormerLife.states(pod, node.clock().instant()));
    inbox.add(new PodMessage.Changed(first));
  }

  void start() {
    Thread.ofVirtual().name("pod " + pod.name()).start(this::run);
  }

  void post(PodMessage message) {
    inbox.add(message);
  }

  /** From any thread. */
  Optional<RunningContainer> running(String container) {
    return Optional.ofNullable(live.get(container));
  }

  /** From any thread: of the containers that run. */
  Stream<Long> pids() {
    return live.values().stream().map(each -> each.process().pid());
  }

  /** From any thread; the spec of a pod's containers never changes. */
  PodSpec pod() {
    return pod;
  }

  /** From any thread; empty until the pod has its network. */
  Optional<Place> place() {
    PodNetwork sandbox = network;
    return sandbox == null ? Optional.empty() : Optional.of(sandbox.place());
  }

  Path logs() {
    return node.podDirectory(pod.uid()).resolve("logs");
  }

  Instant now() {
    return node.clock().instant();
  }

  private void run() {
    try {
      while (!closed && !ended()) {
        Instant wake = step();
        PodMessage message = inbox.poll(millisUntil(wake), TimeUnit.MILLISECONDS);
        while (message != null) {
          handle(message);
          message = inbox.poll();
        }
      }
      if (!closed) {
        cleanUp();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("worker of pod {}/{} failed", pod.namespace(), pod.name(), e);
      cleanUp();
    } finally {
      live.values().forEach(each -> each.prober().close());
      onEnd.run();
    }
  }

  private long millisUntil(Instant wake) {
    Instant now = node.clock().instant();
    if (wake.isAfter(now.plus(IDLE))) {
      return IDLE.toMillis();
    }
    return Math.max(0, Duration.between(now, wake).toMillis() + 1);
  }

  private boolean ended() {
    return gone && live.isEmpty();
  }

  private void handle(PodMessage message) {
    switch (message) {
      case PodMessage.Changed m -> pod = new PodSpec(m.pod());
      case PodMessage.Gone m -> gone();
      case PodMessage.Exited m -> exited(m);
      case PodMessage.Started m -> change(m.container(), m.id(), s -> s.withStarted(true));
      case PodMessage.Ready m -> change(m.container(), m.id(), s -> s.withReady(m.ready()));
      case PodMessage.Condemned m -> condemned(m);
      case PodMessage.Hooked m -> ending.hooked(m.container(), node.clock().instant());
      case PodMessage.Refresh m -> {
        volumesReady = false;
        retry = Instant.MAX;
      }
      case PodMessage.Close m -> closed = true;
    }
  }

  /** A change of one container's state. */
  private interface Transition {
    ContainerState next(ContainerState state);
  }

  private void change(String container, String id, Transition transition) {
    RunningContainer running = live.get(container);
    // news of a former run come late
    if (running != null && running.id().equals(id)) {
      states.put(container, transition.next(state(container)));
    }
  }

  private ContainerState state(String container) {
    return states.getOrDefault(container, ContainerState.initial());
  }

  private void gone() {
    gone = true;
    live.values().forEach(each -> each.process().stop(0));
  }

  private void exited(PodMessage.Exited message) {
    RunningContainer running = live.get(message.container());
    if (running == null || !running.id().equals(message.id())) {
      return;
    }
    running.prober().close();
    live.remove(message.container());
    ending.ended(message.container());
    boolean again =
        !ending.begun()
            && !gone
            && pod.container(message.container())
                .map(c -> pod.restarts(c, message.code()))
                .orElse(false);
    ContainerState next =
        state(message.container())
            .exited(message.code(), message.reason(), node.clock().instant(), again);
    states.put(message.container(), next);
    if (again && next.phase() instanceof ContainerState.Phase.Waiting waiting) {
      events.tell(
          true,
          message.container(),
          "BackOff",
          "Back-off restarting failed container %s in pod %s (%s)"
              .formatted(message.container(), pod.name(), waiting.message()));
    }
  }

  private void condemned(PodMessage.Condemned message) {
    RunningContainer running = live.get(message.container());
    if (running != null && running.id().equals(message.id())) {
      String what = "Container " + message.container() + " " + message.why();
      events.tell(false, message.container(), "Killing", what + ", will be restarted");
      ending.stop(message.container(), ordinaryGrace());
    }
  }

  /** Does what can be done now; returns when to look again although nothing happens. */
  private Instant step() {
    if (gone) {
      return Instant.MAX;
    }
    Instant wake;
    if (Meta.deleting(pod.pod())) {
      wake = terminate();
    } else {
      wake = live();
    }
    if (!gone) {
      report();
    }
    return wake.isBefore(retry) ? wake : retry;
  }

  private Instant live() {
    Instant now = node.clock().instant();
    PodPlan plan = PodPlan.of(pod, states, now);
    if (plan.over()) {
      return Instant.MAX;
    }
    if (network == null || !volumesReady) {
      if (now.isBefore(retry) && retry != Instant.MAX) {
        return retry;
      }
      if (!prepare()) {
        return retry;
      }
    }
    Optional<Instant> refresh = volumes.nextRefresh();
    if (refresh.isPresent() && !refresh.get().isAfter(now)) {
      prepare();
      refresh = volumes.nextRefresh();
    }
    // one after the other, as each may serve the next
    plan.stop().stream()
        .filter(each -> live.containsKey(each.name()))
        .findFirst()
        .ifPresent(each -> ending.stop(each.name(), ordinaryGrace()));
    for (ContainerSpec each : plan.start()) {
      start(each);
    }
    Optional<Instant> planned =
        plan.start().isEmpty() ? plan.wake() : PodPlan.of(pod, states, now).wake();
    Instant wake = planned.orElse(Instant.MAX);
    return refresh.isPresent() && refresh.get().isBefore(wake) ? refresh.get() : wake;
  }

  /** Network and volumes; false where something is missing still. */
  private boolean prepare() {
    Instant again = node.clock().instant().plus(RETRY);
    try {
      if (network == null) {
        network = node.network().addPod(pod.uid());
      }
    } catch (IOException e) {
      events.tell(true, "", "FailedCreatePodSandBox", String.valueOf(e.getMessage()));
      retry = again;
      return false;
    }
    try {
      volumes.prepare(pod, fields(network));
      volumesReady = true;
      retry = Instant.MAX;
      return true;
    } catch (ConfigException | IOException | ApiException e) {
      events.tell(true, "", "FailedMount", String.valueOf(e.getMessage()));
      retry = again;
      return false;
    }
  }

  private DownwardFields fields(PodNetwork sandbox) {
    return new DownwardFields(pod, node.name(), node.address(), sandbox.address());
  }

  private void start(ContainerSpec container) {
    PodNetwork sandbox = network;
    if (sandbox != null) {
      states.put(container.name(), runs.start(pod, container, state(container.name()), sandbox));
    }
  }

  private Instant terminate() {
    Instant now = node.clock().instant();
    if (!live.isEmpty()) {
      boolean serving = live.keySet().stream().anyMatch(c -> state(c).ready());
      return ending.step(pod, serving, now);
    }
    report();
    deleteObject();
    return gone ? Instant.MAX : now.plus(RETRY);
  }

  private int ordinaryGrace() {
    return pod.spec().path("terminationGracePeriodSeconds").asInt(30);
  }

  private void deleteObject() {
    try {
      node.store().delete(Kinds.PODS, pod.namespace(), pod.name(), DeleteOptions.NOW);
      // with finalizers it stays until those are served; nothing of it runs any more
      gone =
          node.store()
              .get(Kinds.PODS, pod.namespace(), pod.name())
              .filter(left -> Meta.uid(left).equals(pod.uid()))
              .isEmpty();
    } catch (ApiException e) {
      gone = e.code() == 404;
    }
  }

  /** Writes the status where it differs from what was written last. */
  private void report() {
    String address = network == null ? "" : network.address();
    ObjectNode before = reported.isEmpty() ? pod.pod() : reported;
    ObjectNode status =
        new PodStatus(pod, states, node.address(), address, before).build(node.clock().instant());
    if (Trees.canonical(status).equals(Trees.canonical(before.path("status")))) {
      return;
    }
    ObjectNode patch = Trees.object();
    patch.set("status", status);
    try {
      node.store().mergePatchStatus(Kinds.PODS, pod.namespace(), pod.name(), patch.deepCopy());
      reported = patch;
    } catch (ApiException e) {
      if (e.code() != 404) {
        LOG.warn("status of pod {}/{}: {}", pod.namespace(), pod.name(), e.getMessage());
        retry = node.clock().instant().plus(RETRY);
      }
    }
  }

  private void cleanUp() {
    try {
      if (network != null) {
        node.network().removePod(pod.uid());
      }
      Directories.delete(node.podDirectory(pod.uid()));
    } catch (IOException e) {
      LOG.warn("removing pod {}: {}", ObjectKey.of(pod.pod()), e.toString());
    }
  }
}
