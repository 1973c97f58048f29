package dev.weft.cli.lab;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code weft lab}. */
@Command(
    name = "lab",
    description = "Whole clusters on this machine, with a mesh over them.",
    subcommands = {
      LabUpCommand.class,
      LabStatusCommand.class,
      LabDownCommand.class,
      LabResetCommand.class,
      LabKubeconfigCommand.class,
      LabLogsCommand.class,
      LabShellCommand.class,
      LabPartCommand.Stop.class,
      LabPartCommand.Start.class,
      LabPartCommand.Kill.class,
      LabImageCommand.class
    })
public final class LabCommand {
  @Mixin private final HelpOption help = new HelpOption();
}
