package dev.weft.cli.install;

import picocli.CommandLine.Option;

/** How objects are brought into a cluster, whatever they are. */
public final class InstallOptions {
  @Option(
      names = {"-y", "--skip-confirmation"},
      description = "Do not ask")
  boolean yes;

  @Option(names = "--dry-run", description = "Print what would be installed, and change nothing")
  boolean dryRun;

  @Option(
      names = "--readiness-timeout",
      paramLabel = "SECONDS",
      description = "How long to wait for each step to become ready (default: ${DEFAULT-VALUE})",
      defaultValue = "300")
  int patience;
}
