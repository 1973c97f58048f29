package dev.weft.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.cluster.MemberClusters;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.output.Warnings;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.cli.reach.MeshAccess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft remote-clusters}. */
@Command(
    name = "remote-clusters",
    description = "The clusters that each control plane reads, their Secrets, and their state.")
public final class RemoteClustersCommand implements Callable<Integer> {
  @Mixin private final MeshAccess access = new MeshAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * A cluster as one control plane sees it.
   *
   * @param secret namespace/name; empty for the control plane's own cluster
   * @param status synced, syncing, lost, last-known, rejected
   * @param istiod the pod, or the address, of the control plane
   */
  record Row(String name, String secret, String status, String istiod) {}

  @Override
  public Integer call() {
    List<Row> rows = rows();
    output.print(spec.commandLine().getOut(), rows, () -> table(rows));
    return 0;
  }

  private List<Row> rows() {
    try {
      ControlPlane.Answers said =
          controlPlane.all(access.clusters(), RunningLab.HERE, "/debug/clusterz", Map.of());
      Warnings.print(spec.commandLine().getErr(), said.failures());
      return rows(said.answers());
    } catch (CommandFailure e) {
      if (e.kind() != CommandFailure.Kind.UNREACHABLE) {
        throw e;
      }
      // Hosted elsewhere: what it has written is the next best.
      try (KubernetesClient mesh = access.client(RunningLab.HERE)) {
        return new MemberClusters(mesh)
            .list().stream()
                .map(
                    member ->
                        new Row(
                            member.getMetadata().getName(),
                            "",
                            phase(member.get("status", "phase")),
                            "hosted"))
                .toList();
      } catch (CommandFailure other) {
        throw e;
      }
    }
  }

  private static String phase(Object phase) {
    return phase instanceof String text ? text.toLowerCase(Locale.ROOT) : "unknown";
  }

  static List<Row> rows(List<ControlPlane.Answer> answers) {
    List<Row> rows = new ArrayList<>();
    for (ControlPlane.Answer answer : answers) {
      for (JsonNode cluster : answer.json()) {
        rows.add(
            new Row(
                cluster.path("id").asText(),
                cluster.path("secretName").asText(),
                cluster.path("syncStatus").asText(),
                answer.istiod()));
      }
    }
    return rows;
  }

  static String table(List<Row> rows) {
    Table table = new Table("name", "secret", "status", "istiod");
    rows.forEach(row -> table.row(row.name(), row.secret(), row.status(), row.istiod()));
    return table.isEmpty() ? "No clusters in the mesh yet.\n" : table.render();
  }
}
