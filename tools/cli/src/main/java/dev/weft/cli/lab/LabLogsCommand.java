package dev.weft.cli.lab;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.LabException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft lab logs}. */
@Command(
    name = "logs",
    description = "Shows the log of the supervisor or of a part such as control.")
final class LabLogsCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      defaultValue = "supervisor",
      description = "Default: supervisor")
  private String part = "supervisor";

  @Option(
      names = {"-f", "--follow"},
      description = "Keep showing new lines")
  private boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "N",
      defaultValue = "200",
      description = "Only the last lines (default: 200)")
  private int tail = 200;

  @Override
  public Integer call() throws LabException, InterruptedException {
    Path log = lab.commands().log(part);
    List<String> command =
        follow
            ? List.of("tail", "-n", String.valueOf(tail), "-F", log.toString())
            : List.of("tail", "-n", String.valueOf(tail), log.toString());
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "cannot show " + log + ": " + e.getMessage(), e);
    }
  }
}
