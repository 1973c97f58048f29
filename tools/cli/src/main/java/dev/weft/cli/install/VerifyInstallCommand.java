package dev.weft.cli.install;

import dev.weft.install.Installation;
import dev.weft.install.IstioOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft verify-install}. */
@Command(
    name = "verify-install",
    description = {
      "Checks whether what was installed works, and says what does not and why.",
      "With IstioOperators, it also checks whether everything in them is installed."
    },
    mixinStandardHelpOptions = true)
public final class VerifyInstallCommand implements Callable<Integer> {
  @Mixin InCluster cluster = new InCluster();
  @Mixin OperatorOptions options = new OperatorOptions();
  @Mixin NamespaceOption mesh = new NamespaceOption();

  @Override
  public Integer call() {
    Console console = cluster.console();
    Installation installation = ChartFiles.installation();
    try (KubernetesClient client = cluster.client()) {
      Map<String, String> lacking;
      if (options.files.isEmpty() && options.settings.isEmpty()) {
        Optional<String> revision =
            options.revision.isEmpty() ? Optional.empty() : Optional.of(options.revision);
        lacking = installation.verify(client, mesh.namespace, revision);
      } else {
        IstioOperator wanted = ChartFiles.saying(() -> options.read(installation, cluster.err()));
        lacking = ChartFiles.saying(() -> installation.verify(client, wanted));
      }
      if (lacking.isEmpty()) {
        console.say("Everything that is installed works.");
      }
      return console.lacking(lacking, "This does not do its work:");
    }
  }
}
