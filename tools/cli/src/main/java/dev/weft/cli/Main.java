package dev.weft.cli;

import dev.weft.cli.cluster.ClusterCommand;
import dev.weft.cli.explain.ExplainCommand;
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
import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.LabException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
      ExplainCommand.class,
      InstallCommand.class,
      UpgradeCommand.class,
      UninstallCommand.class,
      ManifestCommand.class,
      TagCommand.class,
      PrecheckCommand.class,
      VerifyInstallCommand.class,
      GatewayCommand.class,
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

  static int run(String... args) {
    CommandLine command = new CommandLine(new Main());
    command.setExecutionExceptionHandler(
        (failure, line, result) -> {
          switch (failure) {
            case CommandFailure known -> {
              line.getErr().println("weft: " + known.getMessage());
              return known.kind().exitCode();
            }
            case LabException lab -> {
              line.getErr().println("weft: " + lab.getMessage());
              return 1;
            }
            case KubernetesClientException api -> {
              line.getErr().println("weft: the API server: " + api.getMessage());
              return api.getCode() == 0 ? 3 : 1;
            }
            default -> throw failure;
          }
        });
    return command.execute(args);
  }
}
