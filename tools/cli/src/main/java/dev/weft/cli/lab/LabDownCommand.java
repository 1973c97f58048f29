package dev.weft.cli.lab;

import dev.weft.lab.supervisor.LabException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft lab down}. */
@Command(
    name = "down",
    description =
        "Ends everything that runs, after a crash too. Objects are kept for the next 'up'.")
final class LabDownCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws LabException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    boolean ran = lab.commands().down(out::println);
    out.println(
        ran
            ? "lab " + lab.name + " is down"
            : "lab " + lab.name + " was not up; nothing is left of it");
    out.flush();
    return 0;
  }
}
