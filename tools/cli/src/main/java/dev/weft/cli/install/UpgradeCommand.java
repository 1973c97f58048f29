package dev.weft.cli.install;

import dev.weft.cli.reach.ClusterAccess;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Mixin InstallOptions how = new InstallOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    return InstallCommand.install(access, options, how, spec, true);
  }
}
