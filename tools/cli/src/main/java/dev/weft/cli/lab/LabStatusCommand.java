package dev.weft.cli.lab;

import dev.weft.cli.output.OutputOption;
import dev.weft.lab.supervisor.LabStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft lab status}. Exits with 1 where the lab is not ready. */
@Command(name = "status", description = "Shows clusters, parts, and ports on this machine.")
final class LabStatusCommand implements Callable<Integer> {
  @Mixin private final LabOption lab = new LabOption();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    LabStatus status = lab.commands().status();
    output.print(spec.commandLine().getOut(), status, () -> LabTables.overview(status));
    return status.phase().equals("ready") ? 0 : 1;
  }
}
