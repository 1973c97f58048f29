package dev.weft.lab.supervisor;

import dev.weft.lab.net.Place;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a mesh can be made of: the clusters, one of its own, and processes. Each is made once,
 * however often it is asked for. Thread-safe.
 */
public final class LabGround {
  private final LabPlan plan;
  private final LabDirectory directory;
  private final LabComposition.NodeStarter starter;
  private final HostForwards forwards;
  private final LabParts parts;
  private final Closing closing;
  private final Progress progress;
  private final WanCommands commands;

  LabGround(
      LabPlan plan,
      LabDirectory directory,
      Place wan,
      LabComposition.NodeStarter starter,
      HostForwards forwards,
      LabParts parts,
      Closing closing,
      Progress progress) {
    this.plan = plan;
    this.directory = directory;
    this.starter = starter;
    this.forwards = forwards;
    this.parts = parts;
    this.closing = closing;
    this.progress = progress;
    this.commands = new WanCommands(wan);
    closing.add(commands);
    parts.commands(commands);
  }

  public LabPlan plan() {
    return plan;
  }

  public LabDirectory directory() {
    return directory;
  }

  /** In the order of the plan; those that are up. */
  public List<LabCluster> clusters() {
    return parts.clusters().stream().map(n -> new LabCluster(n.plan(), n.member())).toList();
  }

  /** What people do from outside of the clusters. */
  public WanCommands commands() {
    return commands;
  }

  /**
   * The cluster of a hosted mesh itself, which holds its configuration; it is a kubectl context.
   */
  public synchronized MeshNode mesh() throws IOException {
    Optional<RunningNode> up = parts.mesh();
    if (up.isEmpty()) {
      RunningNode started = starter.start(plan.mesh());
      closing.add(started);
      parts.mesh(started);
      up = Optional.of(started);
    }
    RunningNode node = up.get();
    return new MeshNode(new LabCluster(node.plan(), node.member()), node.place());
  }

  /**
   * @param place where processes of the mesh run that are no pods
   */
  public record MeshNode(LabCluster cluster, Place place) {}

  /** Keeps a process running at a place; its log has its name. */
  public synchronized void supervise(String name, Place place, List<String> command) {
    if (parts.process(name).isEmpty()) {
      SupervisedProcess process =
          new SupervisedProcess(name, place.entering(command), directory.log(name));
      parts.add(process);
      closing.add(process);
      process.start();
    }
  }

  /**
   * Makes a port of the wan, which is no Service's, one of this machine.
   *
   * @param from where connections to it are made from: its own place, so that it is reached as by a
   *     port-forward
   */
  public void forward(String cluster, String name, Place from, String address, int port) {
    forwards.open(cluster, name, from, address, port);
  }

  /** Tells people what has been done. */
  public void say(String line) {
    progress.line(line);
  }
}
