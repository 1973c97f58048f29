package dev.weft.lab.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ObjectStore.DeleteOptions;
import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.image.ImageCatalogue.Image;
import dev.weft.lab.net.LabNetwork.PodNetwork;
import dev.weft.lab.net.Place;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import dev.weft.lab.node.PodSpec.Kind;
import dev.weft.lab.object.Directories;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.ObjectKey;
import dev.weft.lab.object.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

  /**
   * Between the deletion of a ready pod and SIGTERM. Endpoints are taken out meanwhile; a machine
   * that does both at once would make every rollout lose requests, as fewer things are in the way
   * than in a cluster.
   */
  private static final Duration HEAD_START = Duration.ofMillis(500);

  /** Between the end of a sidecar's hook and SIGTERM for the others. */
  private static final Duration AFTER_HOOK = Duration.ofMillis(250);

  private static final Duration IDLE = Duration.ofHours(1);

  private final NodeContext node;
  private final Runnable onEnd;
  private final BlockingQueue<PodMessage> inbox = new LinkedBlockingQueue<>();
  private final Map<String, ContainerState> states = new HashMap<>();
  private final Map<String, RunningContainer> live = new ConcurrentHashMap<>();
  private final Set<String> stopping = new HashSet<>();
  private final Volumes volumes;
  private final ContainerStarter starter;
  private volatile PodSpec pod;
  private ObjectNode reported = Trees.object();
  private volatile @Nullable PodNetwork network;
  private boolean volumesReady;
  private boolean gone;
  private boolean closed;
  private @Nullable Instant deadline;
  private Instant stopFrom = Instant.EPOCH;

  /** Sidecars whose preStop hook was run at the beginning of the end, and those still at it. */
  private final Set<String> hooks = new HashSet<>();

  private final Set<String> hooking = new HashSet<>();
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
    this.starter = new ContainerStarter(node, volumes);
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
      case PodMessage.Hooked m -> {
        hooking.remove(m.container());
        stopFrom = latest(stopFrom, node.clock().instant().plus(AFTER_HOOK));
      }
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
    stopping.remove(message.container());
    boolean again =
        deadline == null
            && !gone
            && pod.container(message.container())
                .map(c -> pod.restarts(c, message.code()))
                .orElse(false);
    ContainerState next =
        state(message.container()).exited(message.code(), node.clock().instant(), again);
    states.put(message.container(), next);
    if (again && next.phase() instanceof ContainerState.Phase.Waiting waiting) {
      tell(
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
      tell(false, message.container(), "Killing", what + ", will be restarted");
      stop(
          message.container(), running, pod.spec().path("terminationGracePeriodSeconds").asInt(30));
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
    for (ContainerSpec each : plan.stop()) {
      RunningContainer running = live.get(each.name());
      if (running != null) {
        stop(each.name(), running, pod.spec().path("terminationGracePeriodSeconds").asInt(30));
        break;
      }
    }
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
      tell(true, "", "FailedCreatePodSandBox", String.valueOf(e.getMessage()));
      retry = again;
      return false;
    }
    try {
      volumes.prepare(pod, fields(network));
      volumesReady = true;
      retry = Instant.MAX;
      return true;
    } catch (ConfigException | IOException | ApiException e) {
      tell(true, "", "FailedMount", String.valueOf(e.getMessage()));
      retry = again;
      return false;
    }
  }

  private DownwardFields fields(PodNetwork sandbox) {
    return new DownwardFields(pod, node.name(), node.address(), sandbox.address());
  }

  private void start(ContainerSpec container) {
    String name = container.name();
    ContainerState state = state(name);
    Instant now = node.clock().instant();
    Optional<Image> image = node.images().find(container.image());
    if (image.isEmpty()) {
      noImage(container, state, now);
      return;
    }
    tell(
        false,
        name,
        "Pulled",
        "Container image \"" + container.image() + "\" already present on machine");
    String id =
        pod.uid().substring(0, Math.min(8, pod.uid().length()))
            + "-"
            + name
            + "-"
            + Long.toHexString(now.toEpochMilli())
            + "-"
            + state.restarts();
    PodNetwork sandbox = network;
    if (sandbox == null) {
      return;
    }
    try {
      Container process = starter.start(pod, container, sandbox, image.get(), state.restarts(), id);
      tell(false, name, "Created", "Created container: " + name);
      ProbeTarget target =
          new ProbeTarget(node.network().place(), sandbox.address(), container.json(), process);
      Prober prober = new Prober(container.json(), target, listener(name, id));
      live.put(name, new RunningContainer(id, state.restarts(), process, target, prober));
      states.put(name, state.running(id, node.clock().instant()));
      var unused =
          process
              .exit()
              .whenComplete(
                  (code, failure) ->
                      post(new PodMessage.Exited(name, id, code == null ? 255 : code)));
      prober.start();
      tell(false, name, "Started", "Started container " + name);
    } catch (StartException e) {
      states.put(name, state.failedToStart(e.reason(), e.text(), now));
      tell(true, name, "Failed", "Error: " + e.text());
    }
  }

  private void noImage(ContainerSpec container, ContainerState state, Instant now) {
    String why =
        "the lab has no image \"%s\"; it has %s; add it with: weft lab image map '%s' -- COMMAND"
            .formatted(
                container.image(),
                String.join(", ", node.images().describe().keySet()),
                container.image());
    boolean first = state.failures() == 0;
    states.put(
        container.name(),
        state.failedToStart(
            first ? "ErrImagePull" : "ImagePullBackOff",
            first ? why : "Back-off pulling image \"%s\": %s".formatted(container.image(), why),
            now));
    tell(
        true,
        container.name(),
        first ? "Failed" : "BackOff",
        first
            ? "Failed to pull image \"%s\": %s".formatted(container.image(), why)
            : "Back-off pulling image \"%s\"".formatted(container.image()));
  }

  private Prober.Listener listener(String name, String id) {
    return new Prober.Listener() {
      @Override
      public void started() {
        post(new PodMessage.Started(name, id));
      }

      @Override
      public void ready(boolean ready) {
        post(new PodMessage.Ready(name, id, ready));
      }

      @Override
      public void condemned(String why) {
        post(new PodMessage.Condemned(name, id, why));
      }

      @Override
      public void unhealthy(String probe, String message) {
        tell(true, name, "Unhealthy", probe + " probe failed: " + message);
      }
    };
  }

  private Instant terminate() {
    Instant now = node.clock().instant();
    if (deadline == null) {
      deadline = now.plusSeconds(pod.graceSeconds());
      boolean serving = live.keySet().stream().anyMatch(c -> state(c).ready());
      stopFrom = serving && pod.graceSeconds() > 1 ? now.plus(HEAD_START) : now;
      live.keySet().forEach(c -> tell(false, c, "Killing", "Stopping container " + c));
      hookSidecars();
    }
    Instant shorter = now.plusSeconds(pod.graceSeconds());
    if (shorter.isBefore(deadline)) {
      deadline = shorter;
      stopping.clear();
    }
    if (!live.isEmpty() && pod.graceSeconds() > 1) {
      Instant patience = deadline.minusSeconds(pod.graceSeconds() / 2);
      if (!hooking.isEmpty() && now.isBefore(patience)) {
        return patience;
      }
      if (now.isBefore(stopFrom)) {
        return stopFrom;
      }
    }
    if (live.isEmpty()) {
      report();
      deleteObject();
      return gone ? Instant.MAX : now.plus(RETRY);
    }
    int left = (int) Math.max(0, Duration.between(now, deadline).toSeconds());
    List<ContainerSpec> running =
        pod.containers().stream().filter(c -> live.containsKey(c.name())).toList();
    List<ContainerSpec> mains = running.stream().filter(c -> c.kind() != Kind.SIDECAR).toList();
    // sidecars serve the others to their end and go in reverse order
    List<ContainerSpec> next = mains.isEmpty() ? List.of(running.getLast()) : mains;
    for (ContainerSpec each : next) {
      RunningContainer target = live.get(each.name());
      if (target != null) {
        stop(each.name(), target, left);
      }
    }
    return Instant.MAX;
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** Sidecars hear first that the pod ends, as they serve the others until then (KEP-753). */
  private void hookSidecars() {
    if (pod.graceSeconds() <= 1) {
      return;
    }
    for (ContainerSpec each : pod.containers()) {
      RunningContainer running = live.get(each.name());
      boolean hooked =
          running != null
              && each.kind() == Kind.SIDECAR
              && each.json().path("lifecycle").path("preStop").isObject();
      if (hooked && running != null) {
        hooking.add(each.name());
        hooks.add(each.name());
        Thread.ofVirtual()
            .name("preStop " + each.name())
            .start(
                () -> {
                  preStop(each.name(), running, pod.graceSeconds());
                  post(new PodMessage.Hooked(each.name()));
                });
      }
    }
  }

  private void preStop(String name, RunningContainer container, int grace) {
    try {
      ProbeTarget.Outcome outcome =
          container
              .target()
              .attempt(container.target().container().path("lifecycle").path("preStop"), grace);
      if (!outcome.ok()) {
        tell(true, name, "FailedPreStopHook", "PreStopHook failed: " + outcome.message());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hook, SIGTERM, and SIGKILL at the end of the grace period; returns at once. */
  private void stop(String name, RunningContainer container, int grace) {
    if (!stopping.add(name)) {
      return;
    }
    container.prober().close();
    boolean hook = container.target().container().path("lifecycle").path("preStop").isObject();
    if (!hook || grace == 0 || hooks.contains(name)) {
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
              container.process().stop((int) Math.max(2, grace - used));
            });
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

  private void tell(boolean warning, String container, String reason, String message) {
    String path =
        container.isEmpty()
            ? ""
            : pod.container(container).filter(c -> c.kind() == Kind.MAIN).isPresent()
                ? "spec.containers{" + container + "}"
                : "spec.initContainers{" + container + "}";
    node.events()
        .tell(new Events.Subject("kubelet", Kinds.PODS, pod.pod(), path), warning, reason, message);
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
