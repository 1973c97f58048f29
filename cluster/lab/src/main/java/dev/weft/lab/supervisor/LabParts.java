package dev.weft.lab.supervisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a lab consists of so far. Filled by the thread that composes it, read by those that answer
 * for it.
 */
final class LabParts {
  private final LabPlan plan;
  private final LabDirectory directory;
  private volatile List<RunningNode> nodes = List.of();
  private volatile @Nullable Member mesh;
  private volatile @Nullable HostForwards forwards;
  private volatile @Nullable SupervisedProcess control;

  LabParts(LabPlan plan, LabDirectory directory) {
    this.plan = plan;
    this.directory = directory;
  }

  void forwards(HostForwards opened) {
    forwards = opened;
  }

  void nodes(List<RunningNode> up) {
    nodes = List.copyOf(up);
  }

  void mesh(Member member) {
    mesh = member;
  }

  void control(SupervisedProcess process) {
    control = process;
  }

  List<RunningNode> nodes() {
    return nodes;
  }

  /** The config API, where the lab has a mesh. */
  Optional<Member> mesh() {
    return Optional.ofNullable(mesh);
  }

  Optional<SupervisedProcess> control() {
    return Optional.ofNullable(control);
  }

  List<LabStatus.Forward> hostPorts() {
    HostForwards host = forwards;
    return host == null ? List.of() : host.list();
  }

  /** The clusters, then the config API. */
  List<Member> members() {
    List<Member> result = new ArrayList<>();
    nodes.forEach(each -> result.add(each.member()));
    mesh().ifPresent(result::add);
    return result;
  }

  /** Writes the configuration of kubectl, with the ports that the API servers have now. */
  void writeKubeconfig() throws IOException {
    List<String> configs = new ArrayList<>();
    for (Member each : members()) {
      configs.add(each.api().kubeconfig(each.name(), each.hostServer()));
    }
    LabDirectory.write(
        directory.kubeconfig(), Kubeconfigs.merge(configs, plan.clusters().getFirst().name()));
  }
}
