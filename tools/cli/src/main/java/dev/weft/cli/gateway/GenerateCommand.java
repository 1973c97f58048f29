package dev.weft.cli.gateway;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.install.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft gateway generate}. */
@Command(
    name = "generate",
    description = {
      "Prints the gateway by which other networks enter a cluster, for weft install -f -.",
      "For example: weft gateway generate --mesh mesh1 --cluster cluster1 --network network1 |"
          + " weft install --context cluster1 -y -f -"
    },
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--mesh",
      paramLabel = "ID",
      description = "Accepted for Istio's scripts and ignored: the mesh installed there decides")
  String mesh = "";

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "Accepted for Istio's scripts and ignored: --context of weft install decides")
  String cluster = "";

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "The network that the gateway leads into")
  String network = "";

  @Option(
      names = "--single-cluster",
      description = "For a mesh of one cluster: no network is needed")
  boolean singleCluster;

  @Option(
      names = "--revision",
      paramLabel = "NAME",
      description = "The control plane of the gateway (default: the default one)")
  String revision = "";

  @Override
  public Integer call() {
    if (network.isEmpty() && !singleCluster) {
      throw CommandFailure.failed(
          "--network is missing: the network that the gateway leads into (or give --single-cluster)");
    }
    spec.commandLine()
        .getOut()
        .print(Installation.eastWestGateway(singleCluster ? "" : network, revision));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
