package dev.weft.lab.supervisor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lab's life: it is composed, answers on the control socket how it is, and is closed. It stays
 * after an attempt that failed, with all that is up, and goes on when it is asked to.
 */
public final class LabSupervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabSupervisor.class);

  private final LabPlan plan;
  private final LabDirectory directory;
  private final Runnable onDown;
  private final LabParts parts;
  private final Lines progress = new Lines();
  private final Closing closing = new Closing();
  private final LabComposition composition;
  private final Movement movement;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Phase phase = new Phase.Starting();

  /** How far it is. */
  private sealed interface Phase {
    record Starting() implements Phase {}

    record Ready(long startMillis) implements Phase {}

    record Failed(String why) implements Phase {}
  }

  /**
   * @param model what makes a mesh of the clusters
   * @param onDown called when somebody asked for the end
   */
  public LabSupervisor(LabPlan plan, LabDirectory directory, MeshModel model, Runnable onDown) {
    this.plan = plan;
    this.directory = directory;
    this.onDown = onDown;
    this.parts = new LabParts(plan, directory);
    this.movement = new Movement(parts);
    this.composition = new LabComposition(plan, directory, parts, closing, progress, model);
  }

  /**
   * Listens on the control socket and begins to make the lab; the status tells how far it is.
   *
   * @throws IOException where it cannot be asked anything
   */
  public void start() throws IOException {
    LabRequests.Life life =
        new LabRequests.Life(progress, this::status, this::still, this::again, onDown);
    closing.add(ControlSocket.open(directory.socket(), new LabRequests(parts, life)));
    compose();
  }

  /** On a thread of its own, as it may take as long as it takes. */
  private void compose() {
    Thread.ofPlatform().name("composition").daemon().start(this::attempt);
  }

  private void attempt() {
    long begun = System.nanoTime();
    try {
      composition.compose();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      progress.line("ready after %.1f s".formatted(millis / 1000.0));
      ended(new Phase.Ready(millis));
    } catch (IOException | RuntimeException e) {
      if (!closed.get()) {
        LOG.error("lab {} is not complete", plan.name(), e);
      }
      ended(new Phase.Failed(String.valueOf(e.getMessage())));
    }
  }

  /** In one step: whoever hears of the end may ask for another attempt at once. */
  private synchronized void ended(Phase how) {
    phase = how;
    progress.end();
  }

  /** Goes on with what an attempt that failed has left. */
  private synchronized void again() {
    if (phase instanceof Phase.Failed) {
      phase = new Phase.Starting();
      progress.begin();
      compose();
    }
  }

  /** For how long nothing has moved. */
  private Duration still() {
    List<String> facts = new ArrayList<>(composition.lacks());
    facts.add(progress.count() + " lines");
    boolean composes = phase instanceof Phase.Starting && composition.lacks().isEmpty();
    return movement.still(facts, composes);
  }

  private String message() {
    return switch (phase) {
      case Phase.Failed failed -> failed.why();
      case Phase.Starting starting ->
          composition.lacks().stream().findFirst().map("waits: "::concat).orElse("");
      case Phase.Ready ready -> "";
    };
  }

  private LabStatus status() {
    return new LabStatus(
        plan.name(),
        switch (phase) {
          case Phase.Starting starting -> "starting";
          case Phase.Ready ready -> "ready";
          case Phase.Failed failed -> "failed";
        },
        message(),
        ProcessHandle.current().pid(),
        directory.kubeconfig().toString(),
        plan.model() != Model.NONE,
        plan.model().word().orElse(""),
        plan.isolated(),
        phase instanceof Phase.Ready ready ? ready.startMillis() : 0,
        members(),
        states(),
        parts.hostPorts());
  }

  private List<LabStatus.Member> members() {
    List<LabStatus.Member> members = new ArrayList<>();
    for (RunningNode each : parts.nodes()) {
      ClusterPlan cluster = each.plan();
      members.add(
          new LabStatus.Member(
              cluster.name(),
              cluster.name(),
              cluster.network(),
              cluster.nodeName(),
              cluster.wanAddress(),
              cluster.podRange(),
              cluster.serviceRange(),
              cluster.loadBalancerRanges(),
              each.member().hostServer()));
    }
    return members;
  }

  private List<LabStatus.Part> states() {
    List<LabStatus.Part> states = new ArrayList<>();
    String log = directory.log("supervisor").toString();
    for (Member each : parts.members()) {
      boolean up = !each.hostServer().isEmpty();
      states.add(
          new LabStatus.Part(
              "apiserver/" + each.name(),
              up ? "running" : "stopped",
              ProcessHandle.current().pid(),
              0,
              log));
    }
    for (SupervisedProcess process : parts.processes()) {
      SupervisedProcess.State state = process.state();
      states.add(
          new LabStatus.Part(
              state.name(),
              state.pid() > 0 ? "running" : state.wanted() ? "restarting" : "stopped",
              state.pid(),
              state.restarts(),
              directory.log(state.name()).toString()));
    }
    return states;
  }

  /** Ends everything that runs; what is stored stays. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LOG.info("lab {} goes down", plan.name());
      closing.close();
    }
  }
}
