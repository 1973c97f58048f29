package dev.weft.cli.lab;

import picocli.CommandLine.Option;

/** How a command is asked what it does. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit")
  private boolean help;
}
