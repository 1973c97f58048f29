package dev.weft.cli.install;

import dev.weft.install.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft manifest generate}. */
@Command(
    name = "generate",
    description = "Prints the objects that weft install would put into a cluster, as YAML.",
    mixinStandardHelpOptions = true)
final class ManifestGenerateCommand implements Callable<Integer> {
  @Mixin OperatorOptions options = new OperatorOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Installation installation = ChartFiles.installation();
    String manifest =
        ChartFiles.saying(
            () -> installation.manifest(options.read(installation, spec.commandLine().getErr())));
    spec.commandLine().getOut().print(manifest);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
