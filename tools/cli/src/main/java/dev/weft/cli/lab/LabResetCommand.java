package dev.weft.cli.lab;

import dev.weft.lab.supervisor.LabException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft lab reset}. */
@Command(name = "reset", description = "Ends the lab and deletes all its objects, keys and logs.")
final class LabResetCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws LabException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    lab.commands().reset(out::println);
    out.flush();
    return 0;
  }
}
