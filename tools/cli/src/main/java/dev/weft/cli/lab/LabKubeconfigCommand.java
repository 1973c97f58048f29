package dev.weft.cli.lab;

import dev.weft.lab.supervisor.LabException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft lab kubeconfig}. */
@Command(name = "kubeconfig", description = "Prints the path of kubectl's configuration.")
final class LabKubeconfigCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--wan",
      description = "With the addresses inside the lab, for programs in pods and in 'lab shell'")
  private boolean wan;

  @Override
  public Integer call() throws LabException {
    Path file = wan ? lab.commands().wanKubeconfig() : lab.commands().kubeconfig();
    spec.commandLine().getOut().println(file);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
