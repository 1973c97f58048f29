package dev.weft.cli.cluster;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.MeshAccess;
import dev.weft.types.HostPort;
import dev.weft.types.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft cluster network set}. */
@Command(
    name = "set",
    description = {
      "Sets the logical network of a cluster and whether others reach it through a cross-cluster"
          + " proxy.",
      "Takes effect at once: no pod has to be restarted."
    })
final class NetworkSetCommand implements Callable<Integer> {
  @Mixin MeshAccess access = new MeshAccess();
  @Mixin OutputOption output = new OutputOption();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "CLUSTER", description = "The cluster to change")
  String cluster = "";

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "Its logical network; clusters of one network reach each other's pods directly")
  @Nullable String network;

  @Option(
      names = "--cross-cluster-proxy",
      negatable = true,
      description = "Whether a cross-cluster proxy on port 15443 lets the other networks in")
  @Nullable Boolean proxy;

  @Option(
      names = "--proxy-address",
      paramLabel = "IP:PORT",
      description = "Announce this address instead of that of the proxy's Service")
  @Nullable String address;

  @Override
  public Integer call() {
    Map<String, Object> change = new LinkedHashMap<>();
    if (network != null) {
      if (!network.isEmpty() && !Names.isLabel(network)) {
        throw CommandFailure.failed(
            "--network '" + network + "' is not a DNS label: lower case letters, digits and '-'");
      }
      change.put("network", network);
    }
    Map<String, Object> crossCluster = new LinkedHashMap<>();
    if (proxy != null) {
      crossCluster.put("enabled", proxy);
    }
    if (address != null) {
      crossCluster.put("address", address.isEmpty() ? "" : checked(address));
    }
    if (!crossCluster.isEmpty()) {
      change.put("crossClusterProxy", crossCluster);
    }
    if (change.isEmpty()) {
      throw CommandFailure.failed(
          "nothing to set: give --network, --cross-cluster-proxy, --no-cross-cluster-proxy or"
              + " --proxy-address");
    }
    try (KubernetesClient mesh = access.client(RunningLab.HERE)) {
      GenericKubernetesResource changed = new MemberClusters(mesh).patchSpec(cluster, change);
      output.print(
          spec.commandLine().getOut(),
          changed,
          () -> "set.\n\n" + ClusterListCommand.table(List.of(changed)));
    }
    return 0;
  }

  private static String checked(String address) {
    try {
      return HostPort.parse(address).toString();
    } catch (IllegalArgumentException e) {
      throw CommandFailure.failed("--proxy-address: " + e.getMessage());
    }
  }
}
