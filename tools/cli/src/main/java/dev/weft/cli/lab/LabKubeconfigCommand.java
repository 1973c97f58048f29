package dev.weft.cli.lab;

import dev.weft.lab.supervisor.LabException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft lab kubeconfig}. */
@Command(name = "kubeconfig", description = "Prints the path of kubectl's configuration.")
final class LabKubeconfigCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws LabException {
    spec.commandLine().getOut().println(lab.commands().kubeconfig());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
