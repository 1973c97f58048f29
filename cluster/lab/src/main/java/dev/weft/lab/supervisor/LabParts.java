package dev.weft.lab.supervisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a lab consists of so far. Filled by the threads that compose it, read by those that answer
 * for it.
 */
final class LabParts {
  private final LabPlan plan;
  private final LabDirectory directory;
  private final List<SupervisedProcess> processes = new CopyOnWriteArrayList<>();
  private volatile List<RunningNode> clusters = List.of();
  private volatile Optional<RunningNode> mesh = Optional.empty();
  private volatile @Nullable HostForwards forwards;
  private volatile @Nullable WanCommands commands;

  LabParts(LabPlan plan, LabDirectory directory) {
    this.plan = plan;
    this.directory = directory;
  }

  void forwards(HostForwards opened) {
    forwards = opened;
  }

  void commands(WanCommands opened) {
    commands = opened;
  }

  void clusters(List<RunningNode> up) {
    clusters = List.copyOf(up);
  }

  void mesh(RunningNode up) {
    mesh = Optional.of(up);
  }

  void add(SupervisedProcess process) {
    processes.add(process);
  }

  /** The clusters that are up, in the order of the plan. */
  List<RunningNode> clusters() {
    return clusters;
  }

  /** That of a hosted mesh itself, where it is up. */
  Optional<RunningNode> mesh() {
    return mesh;
  }

  /** The clusters, then the mesh. */
  List<RunningNode> nodes() {
    return Stream.concat(clusters.stream(), mesh.stream()).toList();
  }

  List<SupervisedProcess> processes() {
    return List.copyOf(processes);
  }

  Optional<SupervisedProcess> process(String name) {
    return processes.stream().filter(each -> each.state().name().equals(name)).findFirst();
  }

  /** What is done in the lab as people would do it. */
  List<ProcessHandle> running() {
    WanCommands all = commands;
    return all == null ? List.of() : all.running();
  }

  List<LabStatus.Forward> hostPorts() {
    HostForwards host = forwards;
    return host == null ? List.of() : host.list();
  }

  /** The API servers of all nodes. */
  List<Member> members() {
    return nodes().stream().map(RunningNode::member).toList();
  }

  /**
   * Writes the configuration of kubectl, with the ports that the API servers have now, and that for
   * the lab's own inside, with addresses that the wan and every pod can reach.
   */
  void writeKubeconfig() throws IOException {
    List<String> host = new ArrayList<>();
    List<String> wan = new ArrayList<>();
    for (Member each : members()) {
      host.add(each.api().kubeconfig(each.name(), each.hostServer()));
      wan.add(each.wanKubeconfig());
    }
    String current = plan.clusters().getFirst().name();
    LabDirectory.write(directory.kubeconfig(), Kubeconfigs.merge(host, current));
    LabDirectory.write(directory.wanKubeconfig(), Kubeconfigs.merge(wan, current));
  }
}
