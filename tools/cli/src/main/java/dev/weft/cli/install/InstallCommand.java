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
import picocli.CommandLine.Option;
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
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-y", "--skip-confirmation"},
      description = "Do not ask")
  boolean yes;

  @Option(names = "--dry-run", description = "Say what would be installed, and change nothing")
  boolean dryRun;

  @Option(
      names = "--readiness-timeout",
      paramLabel = "SECONDS",
      description = "How long each step may take to become ready (default: ${DEFAULT-VALUE})",
      defaultValue = "300")
  int patience;

  @Override
  public Integer call() throws InterruptedException {
    return install(access, options, spec, new Wish(yes, dryRun, patience, false));
  }

  /**
   * @param upgrade whether there has to be an older one
   */
  record Wish(boolean yes, boolean dryRun, int patience, boolean upgrade) {}

  static int install(ClusterAccess access, OperatorOptions options, CommandSpec spec, Wish wish)
      throws InterruptedException {
    Console console = new Console(spec.commandLine().getOut());
    Installation installation = ChartFiles.installation();
    IstioOperator wanted =
        ChartFiles.saying(() -> options.read(installation, spec.commandLine().getErr()));
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      if (wish.upgrade() && !installation.installed(client, wanted)) {
        throw CommandFailure.failed(
            "there is no control plane of revision "
                + wanted.revision()
                + " in namespace "
                + wanted.namespace()
                + ": weft install installs the first one");
      }
      if (wish.dryRun()) {
        installation.titles(wanted).forEach(console::say);
        installation
            .precheck(client, wanted)
            .forEach(f -> console.say((f.error() ? "error: " : "warning: ") + f.message()));
        return 0;
      }
      if (!wish.yes()
          && !console.asks(
              "Install this into " + client.getMasterUrl() + "?", installation.titles(wanted))) {
        console.say("nothing was done");
        return 1;
      }
      Map<String, String> lacking =
          installation.install(client, wanted, Duration.ofSeconds(wish.patience()), console);
      if (lacking.isEmpty()) {
        console.say(
            "installed: revision " + wanted.revision() + " in namespace " + wanted.namespace());
      }
      return console.lacking(
          lacking,
          "not ready within "
              + wish.patience()
              + " s. What is there stays; the same command goes on from here.");
    } catch (InstallException e) {
      throw new CommandFailure(CommandFailure.Kind.FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
