package dev.weft.lab.node;

import dev.weft.lab.container.ContainerRuntime.Container;
import dev.weft.lab.image.ImageCatalogue.Image;
import dev.weft.lab.net.LabNetwork.PodNetwork;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Begins runs of containers and listens to them. Confined to the pod's worker. */
final class ContainerRuns {
  private final NodeContext node;
  private final ContainerStarter starter;
  private final Map<String, RunningContainer> live;
  private final PodEvents events;
  private final Consumer<PodMessage> inbox;

  ContainerRuns(
      NodeContext node,
      ContainerStarter starter,
      Map<String, RunningContainer> live,
      PodEvents events,
      Consumer<PodMessage> inbox) {
    this.node = node;
    this.starter = starter;
    this.live = live;
    this.events = events;
    this.inbox = inbox;
  }

  /** The state after the attempt. */
  ContainerState start(
      PodSpec pod, ContainerSpec container, ContainerState state, PodNetwork sandbox) {
    String name = container.name();
    Instant now = node.clock().instant();
    Optional<Image> image = node.images().find(container.image());
    if (image.isEmpty()) {
      return noImage(container, state, now);
    }
    events.tell(
        false,
        name,
        "Pulled",
        "Container image \"" + container.image() + "\" already present on machine");
    String id =
        "%s-%s-%x-%d"
            .formatted(
                pod.uid().substring(0, Math.min(8, pod.uid().length())),
                name,
                now.toEpochMilli(),
                state.restarts());
    try {
      Container process = starter.start(pod, container, sandbox, image.get(), state.restarts(), id);
      events.tell(false, name, "Created", "Created container: " + name);
      ProbeTarget target =
          new ProbeTarget(node.network().place(), sandbox.address(), container.json(), process);
      Prober prober = new Prober(container.json(), target, listener(name, id));
      live.put(name, new RunningContainer(id, state.restarts(), process, target, prober));
      ContainerState running = state.running(id, node.clock().instant());
      var unused =
          process
              .exit()
              .whenComplete(
                  (code, failure) ->
                      inbox.accept(exited(name, id, process, code == null ? 255 : code)));
      prober.start();
      events.tell(false, name, "Started", "Started container " + name);
      String limit = container.json().path("resources").path("limits").path("memory").asText("");
      if (!limit.isEmpty() && !process.limited()) {
        String what = "the memory limit %s of container %s is not enforced by the lab";
        events.tell(true, name, "LimitNotEnforced", what.formatted(limit, name));
      }
      return running;
    } catch (StartException e) {
      events.tell(true, name, "Failed", "Error: " + e.text());
      return state.failedToStart(e.reason(), e.text(), now);
    }
  }

  private static PodMessage exited(String name, String id, Container process, int code) {
    String reason = code == 0 ? "Completed" : process.outOfMemory() ? "OOMKilled" : "Error";
    return new PodMessage.Exited(name, id, code, reason);
  }

  private ContainerState noImage(ContainerSpec container, ContainerState state, Instant now) {
    String why =
        "the lab has no image \"%s\"; it has %s; add it with: weft lab image map '%s' -- COMMAND"
            .formatted(
                container.image(),
                String.join(", ", node.images().describe().keySet()),
                container.image());
    String backOff = "Back-off pulling image \"%s\"".formatted(container.image());
    if (state.failures() == 0) {
      String failed = "Failed to pull image \"%s\": %s".formatted(container.image(), why);
      events.tell(true, container.name(), "Failed", failed);
      return state.failedToStart("ErrImagePull", why, now);
    }
    events.tell(true, container.name(), "BackOff", backOff);
    return state.failedToStart("ImagePullBackOff", backOff + ": " + why, now);
  }

  private Prober.Listener listener(String name, String id) {
    return new Prober.Listener() {
      @Override
      public void started() {
        inbox.accept(new PodMessage.Started(name, id));
      }

      @Override
      public void ready(boolean ready) {
        inbox.accept(new PodMessage.Ready(name, id, ready));
      }

      @Override
      public void condemned(String why) {
        inbox.accept(new PodMessage.Condemned(name, id, why));
      }

      @Override
      public void unhealthy(String probe, String message) {
        events.tell(true, name, "Unhealthy", probe + " probe failed: " + message);
      }
    };
  }
}
