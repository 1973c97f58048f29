package dev.weft.lab.supervisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a lab consists of so far. Filled by the threads that compose it, read by those that answer
 * for it.
 */
final class LabParts {
  private final LabPlan plan;
  private final LabDirectory directory;
  private final List<Member> apis = new CopyOnWriteArrayList<>();
  private final List<SupervisedProcess> processes = new CopyOnWriteArrayList<>();
  private volatile List<RunningNode> nodes = List.of();
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

  void nodes(List<RunningNode> up) {
    nodes = List.copyOf(up);
  }

  void add(Member api) {
    apis.add(api);
  }

  void add(SupervisedProcess process) {
    processes.add(process);
  }

  /** The clusters that are up, in the order of the plan. */
  List<RunningNode> nodes() {
    return nodes;
  }

  /** API servers without a node. */
  List<Member> apis() {
    return List.copyOf(apis);
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

  /** The clusters, then what has no node. */
  List<Member> members() {
    List<Member> result = new ArrayList<>();
    nodes.forEach(each -> result.add(each.member()));
    result.addAll(apis);
    return result;
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
