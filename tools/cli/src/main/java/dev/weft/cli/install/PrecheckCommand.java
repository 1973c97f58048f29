package dev.weft.cli.install;

import dev.weft.install.Finding;
import dev.weft.install.Installation;
import dev.weft.install.IstioOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft precheck}. */
@Command(
    name = "precheck",
    description = "Checks whether a cluster would accept an installation, and changes nothing.",
    mixinStandardHelpOptions = true)
public final class PrecheckCommand implements Callable<Integer> {
  @Mixin InCluster cluster = new InCluster();
  @Mixin OperatorOptions options = new OperatorOptions();

  @Override
  public Integer call() {
    Console console = cluster.console();
    Installation installation = ChartFiles.installation();
    IstioOperator wanted = ChartFiles.saying(() -> options.read(installation, cluster.err()));
    try (KubernetesClient client = cluster.client()) {
      List<Finding> findings = ChartFiles.saying(() -> installation.precheck(client, wanted));
      findings.forEach(f -> console.say((f.error() ? "error: " : "warning: ") + f.message()));
      boolean stopped = findings.stream().anyMatch(Finding::error);
      console.say(stopped ? "An installation would fail." : "Nothing prevents an installation.");
      return stopped ? 1 : 0;
    }
  }
}
