package dev.weft.lab.supervisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lab's life: it is composed, answers on the control socket how it is, and is closed. */
public final class LabSupervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabSupervisor.class);

  private final LabPlan plan;
  private final LabDirectory directory;
  private final Runnable onDown;
  private final LabParts parts;
  private final Lines progress = new Lines();
  private final Closing closing = new Closing();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final long begun = System.nanoTime();
  private volatile String phase = "starting";
  private volatile String failure = "";
  private volatile long startMillis;

  /**
   * @param onDown called when somebody asked for the end
   */
  public LabSupervisor(LabPlan plan, LabDirectory directory, Runnable onDown) {
    this.plan = plan;
    this.directory = directory;
    this.onDown = onDown;
    this.parts = new LabParts(plan, directory);
  }

  /** Returns when everything is ready. */
  public void start() throws IOException {
    ControlSocket socket =
        ControlSocket.open(
            directory.socket(), new LabRequests(parts, progress, this::status, onDown));
    closing.add(socket);
    try {
      new LabComposition(plan, directory, parts, closing, progress).compose();
      startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      phase = "ready";
      progress.line("ready after %.1f s".formatted(startMillis / 1000.0));
    } catch (IOException | RuntimeException e) {
      failure = String.valueOf(e.getMessage());
      phase = "failed";
      throw e;
    } finally {
      progress.end();
    }
  }

  private LabStatus status() {
    return new LabStatus(
        plan.name(),
        phase,
        failure,
        ProcessHandle.current().pid(),
        directory.kubeconfig().toString(),
        plan.mesh(),
        plan.isolated(),
        startMillis,
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
    parts
        .mesh()
        .ifPresent(
            config ->
                members.add(
                    new LabStatus.Member(
                        LabPlan.MESH,
                        LabPlan.MESH,
                        "",
                        "",
                        LabPlan.CONTROL_ADDRESS,
                        "",
                        "",
                        List.of(),
                        config.hostServer())));
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
    Optional<SupervisedProcess> process = parts.control();
    if (process.isPresent()) {
      SupervisedProcess.State state = process.get().state();
      states.add(
          new LabStatus.Part(
              state.name(),
              state.pid() > 0 ? "running" : state.wanted() ? "restarting" : "stopped",
              state.pid(),
              state.restarts(),
              directory.log(ControlProcess.NAME).toString()));
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
