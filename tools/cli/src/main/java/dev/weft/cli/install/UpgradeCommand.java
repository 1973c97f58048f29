package dev.weft.cli.install;

import dev.weft.cli.reach.ClusterAccess;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft upgrade}. */
@Command(
    name = "upgrade",
    description = {
      "Brings an installed revision to this version of Weft.",
      "To have old and new side by side, install the new one with --revision and move"
          + " namespaces, or a tag, to it."
    },
    mixinStandardHelpOptions = true)
public final class UpgradeCommand implements Callable<Integer> {
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
    return InstallCommand.install(
        access, options, spec, new InstallCommand.Wish(yes, dryRun, patience, true));
  }
}
