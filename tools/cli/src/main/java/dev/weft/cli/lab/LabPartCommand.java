package dev.weft.cli.lab;

import dev.weft.lab.supervisor.LabException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Taking parts of a lab away and giving them back. */
abstract sealed class LabPartCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "control, or apiserver/CLUSTER")
  private String part = "";

  private final String operation = getClass().getSimpleName().toLowerCase(Locale.ROOT);

  @Override
  public Integer call() throws LabException {
    lab.commands().operate(operation, part);
    spec.commandLine().getOut().println(operation + " " + part + ": done");
    spec.commandLine().getOut().flush();
    return 0;
  }

  /** {@code weft lab stop}. */
  @Command(name = "stop", description = "Stops a part; it stays stopped until it is started.")
  static final class Stop extends LabPartCommand {}

  /** {@code weft lab start}. */
  @Command(name = "start", description = "Starts a part that was stopped or killed.")
  static final class Start extends LabPartCommand {}

  /** {@code weft lab kill}. */
  @Command(
      name = "kill",
      description = "Kills a part with SIGKILL; it stays stopped until it is started.")
  static final class Kill extends LabPartCommand {}
}
