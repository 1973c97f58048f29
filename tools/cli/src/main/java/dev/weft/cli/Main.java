package dev.weft.cli;

import dev.weft.cli.analyze.AnalyzeCommand;
import dev.weft.cli.certs.CertsCommand;
import dev.weft.cli.cluster.ClusterCommand;
import dev.weft.cli.console.ConsoleCommand;
import dev.weft.cli.explain.ExplainCommand;
import dev.weft.cli.explain.WhatIfCommand;
import dev.weft.cli.gateway.GatewayCommand;
import dev.weft.cli.install.InstallCommand;
import dev.weft.cli.install.ManifestCommand;
import dev.weft.cli.install.PrecheckCommand;
import dev.weft.cli.install.TagCommand;
import dev.weft.cli.install.UninstallCommand;
import dev.weft.cli.install.UpgradeCommand;
import dev.weft.cli.install.VerifyInstallCommand;
import dev.weft.cli.lab.LabCommand;
import dev.weft.cli.proxy.ProxyConfigCommand;
import dev.weft.cli.proxy.ProxyStatusCommand;
import dev.weft.cli.remote.CreateRemoteSecretCommand;
import dev.weft.cli.remote.RemoteClustersCommand;
import dev.weft.cli.topology.TopologyCommand;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/** The {@code weft} command. */
@Command(
    name = "weft",
    description = "A service mesh over many Kubernetes clusters.",
    mixinStandardHelpOptions = true,
    version = "weft 0.1.0",
    subcommands = {
      LabCommand.class,
      ClusterCommand.class,
      ProxyStatusCommand.class,
      ProxyConfigCommand.class,
      TopologyCommand.class,
      ExplainCommand.class,
      WhatIfCommand.class,
      ConsoleCommand.class,
      InstallCommand.class,
      UpgradeCommand.class,
      UninstallCommand.class,
      ManifestCommand.class,
      TagCommand.class,
      PrecheckCommand.class,
      VerifyInstallCommand.class,
      GatewayCommand.class,
      AnalyzeCommand.class,
      CertsCommand.class,
      CreateRemoteSecretCommand.class,
      RemoteClustersCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done; 1 the answer is no; 2 wrong usage; 3 something does not answer."
    })
public final class Main {
  private static final Logger LIBRARIES = Logger.getLogger("io.fabric8");

  private Main() {}

  public static void main(String[] args) {
    // The client library talks about its own affairs; people want one sentence.
    LIBRARIES.setLevel(Level.OFF);
    System.exit(run(args));
  }

  /** The whole tree of commands; each says what it does when it is asked for {@code --help}. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    help(line);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failures());
  }

  private static void help(CommandLine line) {
    if (line.getCommandSpec().findOption("--help") == null) {
      line.getCommandSpec()
          .addOption(
              OptionSpec.builder("-h", "--help")
                  .usageHelp(true)
                  .description("Show this help message and exit.")
                  .build());
    }
    line.getSubcommands().values().forEach(Main::help);
  }

  static int run(String... args) {
    return commandLine().execute(args);
  }
}
