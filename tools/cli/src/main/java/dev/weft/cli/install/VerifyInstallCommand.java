package dev.weft.cli.install;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.install.Installation;
import dev.weft.install.IstioOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft verify-install}. */
@Command(
    name = "verify-install",
    description = {
      "Looks whether what was installed does its work, and says what does not and why.",
      "With IstioOperators, it also looks whether all that they ask for is there."
    },
    mixinStandardHelpOptions = true)
public final class VerifyInstallCommand implements Callable<Integer> {
  @Mixin ClusterAccess access = new ClusterAccess();
  @Mixin OperatorOptions options = new OperatorOptions();
  @Mixin NamespaceOption mesh = new NamespaceOption();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine().getOut());
    Installation installation = ChartFiles.installation();
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      Map<String, String> lacking;
      if (options.files.isEmpty() && options.settings.isEmpty()) {
        Optional<String> revision =
            options.revision.isEmpty() ? Optional.empty() : Optional.of(options.revision);
        lacking = installation.verify(client, mesh.namespace, revision);
      } else {
        IstioOperator wanted =
            ChartFiles.saying(() -> options.read(installation, spec.commandLine().getErr()));
        lacking = ChartFiles.saying(() -> installation.verify(client, wanted));
      }
      if (lacking.isEmpty()) {
        console.say("All that is installed does its work.");
      }
      return console.lacking(lacking, "This does not do its work:");
    }
  }
}
