package dev.weft.cli.install;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.install.InstallException;
import dev.weft.install.Installation;
import dev.weft.install.IstioOperator;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft install}. */
@Command(
    name = "install",
    description = {
      "Installs a control plane, gateways, or both into a cluster.",
      "Takes IstioOperators; without one, the profile default: a control plane and an ingress"
          + " gateway."
    },
    mixinStandardHelpOptions = true)
public final class InstallCommand implements Callable<Integer> {
  @Mixin ClusterAccess access = new ClusterAccess();
  @Mixin OperatorOptions options = new OperatorOptions();
  @Mixin InstallOptions how = new InstallOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    return install(access, options, how, spec, false);
  }

  /**
   * @param upgrade whether there has to be an older one
   */
  static int install(
      ClusterAccess access,
      OperatorOptions options,
      InstallOptions how,
      CommandSpec spec,
      boolean upgrade)
      throws InterruptedException {
    Console console = new Console(spec.commandLine().getOut());
    Installation installation = ChartFiles.installation();
    IstioOperator wanted =
        ChartFiles.saying(() -> options.read(installation, spec.commandLine().getErr()));
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      if (upgrade && !installation.installed(client, wanted)) {
        throw CommandFailure.failed(
            "there is no control plane of revision "
                + wanted.revision()
                + " in namespace "
                + wanted.namespace()
                + ": weft install installs the first one");
      }
      if (how.dryRun) {
        installation.titles(wanted).forEach(console::say);
        installation
            .precheck(client, wanted)
            .forEach(f -> console.say((f.error() ? "error: " : "warning: ") + f.message()));
        return 0;
      }
      if (!how.yes
          && !console.asks(
              "Install this into " + client.getMasterUrl() + "?", installation.titles(wanted))) {
        console.say("nothing was done");
        return 1;
      }
      Map<String, String> lacking =
          installation.install(client, wanted, Duration.ofSeconds(how.patience), console);
      if (lacking.isEmpty()) {
        console.say(
            "installed: revision " + wanted.revision() + " in namespace " + wanted.namespace());
      }
      return console.lacking(
          lacking,
          "not ready within "
              + how.patience
              + " s. What is there stays; the same command goes on from here.");
    } catch (InstallException e) {
      throw new CommandFailure(CommandFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
