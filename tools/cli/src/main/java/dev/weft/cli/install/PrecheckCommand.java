package dev.weft.cli.install;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.install.Finding;
import dev.weft.install.Installation;
import dev.weft.install.IstioOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft precheck}. */
@Command(
    name = "precheck",
    description = "Looks whether a cluster takes an installation, and changes nothing.",
    mixinStandardHelpOptions = true)
public final class PrecheckCommand implements Callable<Integer> {
  @Mixin ClusterAccess access = new ClusterAccess();
  @Mixin OperatorOptions options = new OperatorOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine().getOut());
    Installation installation = ChartFiles.installation();
    IstioOperator wanted =
        ChartFiles.saying(() -> options.read(installation, spec.commandLine().getErr()));
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      List<Finding> findings = ChartFiles.saying(() -> installation.precheck(client, wanted));
      findings.forEach(f -> console.say((f.error() ? "error: " : "warning: ") + f.message()));
      boolean stopped = findings.stream().anyMatch(Finding::error);
      console.say(stopped ? "An installation would fail." : "Nothing stands in the way.");
      return stopped ? 1 : 0;
    }
  }
}
