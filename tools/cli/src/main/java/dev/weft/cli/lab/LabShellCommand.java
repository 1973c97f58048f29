package dev.weft.cli.lab;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.LabException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft lab shell}. */
@Command(
    name = "shell",
    description =
        "Runs a shell or a command on the WAN: outside of all clusters, where their nodes can be reached.")
final class LabShellCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Default: a shell")
  private List<String> command = List.of();

  @Override
  public Integer call() throws LabException, InterruptedException {
    try {
      return new ProcessBuilder(lab.commands().shell(command)).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new CommandFailure(CommandFailure.Kind.FAILED, "cannot run it: " + e.getMessage(), e);
    }
  }
}
