package dev.weft.cli.cluster;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.MeshAccess;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft cluster list}. */
@Command(
    name = "list",
    aliases = "ls",
    description = "Shows the clusters of the mesh: state, network, cross-cluster proxy, and why.")
final class ClusterListCommand implements Callable<Integer> {
  @Mixin MeshAccess access = new MeshAccess();
  @Mixin OutputOption output = new OutputOption();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (KubernetesClient mesh = access.client(RunningLab.HERE)) {
      List<GenericKubernetesResource> clusters = new MemberClusters(mesh).list();
      output.print(spec.commandLine().getOut(), clusters, () -> table(clusters));
    }
    return 0;
  }

  static String table(List<GenericKubernetesResource> clusters) {
    Table table =
        new Table(
            "name",
            "state",
            "network",
            "cross-cluster proxy",
            "address",
            "services",
            "endpoints",
            "proxies",
            "message");
    for (GenericKubernetesResource cluster : clusters) {
      Map<String, Object> status = Trees.child(cluster.getAdditionalProperties(), "status");
      Map<String, Object> wanted =
          Trees.child(Trees.child(cluster.getAdditionalProperties(), "spec"), "crossClusterProxy");
      Map<String, Object> proxy = Trees.child(status, "crossClusterProxy");
      boolean enabled = Boolean.TRUE.equals(wanted.get("enabled"));
      String ready = Trees.text(proxy, "readyReplicas");
      table.row(
          cluster.getMetadata().getName(),
          Trees.text(status, "phase"),
          Trees.text(Trees.child(cluster.getAdditionalProperties(), "spec"), "network"),
          enabled ? "on" + (ready.isEmpty() ? "" : ", " + ready + " ready") : "off",
          proxy.get("addresses") instanceof List<?> addresses
              ? addresses.stream().map(Object::toString).collect(Collectors.joining(","))
              : "",
          Trees.text(status, "services"),
          Trees.text(status, "endpoints"),
          Trees.text(status, "proxies"),
          Trees.text(status, "message"));
    }
    return table.isEmpty() ? "No clusters in the mesh yet.\n" : table.render();
  }
}
