package dev.weft.cli.lab;

import dev.weft.lab.supervisor.LabCommands;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which lab is meant. */
final class LabOption {
  @Mixin private final HelpOption help = new HelpOption();

  @Option(
      names = "--lab",
      paramLabel = "NAME",
      description = "The lab (default: $WEFT_LAB, else \"default\")",
      defaultValue = "${env:" + RunningLab.NAME_VARIABLE + ":-" + RunningLab.DEFAULT_NAME + "}")
  String name = RunningLab.DEFAULT_NAME;

  LabCommands commands() {
    return new LabCommands(name, System.getenv());
  }
}
