package dev.weft.cli.lab;

import dev.weft.cli.demo.HttpbinDemo;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.LabCommands;
import dev.weft.lab.supervisor.LabException;
import dev.weft.lab.supervisor.LabOptions;
import dev.weft.lab.supervisor.LabStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft lab up}. */
@Command(
    name = "up",
    description = {
      "Brings clusters and the mesh up, and returns when all is ready.",
      "A lab that was down comes back with its objects. A second up changes nothing."
    })
final class LabUpCommand implements Callable<Integer> {
  /** Network models. */
  enum Network {
    /** Same address ranges everywhere, no way between clusters. */
    isolated,
    /** Different ranges with routes between them. */
    flat
  }

  /** What can be shown right after. */
  enum Demo {
    httpbin
  }

  @Mixin private final LabOption lab = new LabOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--clusters", paramLabel = "N", defaultValue = "2", description = "Default: 2")
  private int clusters = 2;

  @Option(
      names = "--network",
      defaultValue = "isolated",
      description = "isolated (same ranges, no way across) or flat (default: isolated)")
  private Network network = Network.isolated;

  @Option(
      names = "--cross-cluster-proxy",
      paramLabel = "all|none|NAMES",
      defaultValue = "all",
      description = "Which clusters get a cross-cluster proxy (default: all)")
  private String crossClusterProxy = "all";

  @Option(names = "--no-mesh", description = "Bare clusters without a mesh")
  private boolean bare;

  @Option(names = "--demo", description = "Then show something: ${COMPLETION-CANDIDATES}")
  private @Nullable Demo demo;

  @Override
  public Integer call() throws LabException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (demo != null && (bare || clusters < 2)) {
      throw CommandFailure.failed("--demo needs a mesh over at least two clusters");
    }
    Path home = Installation.home();
    LabCommands commands = lab.commands();
    LabStatus status =
        commands.up(
            new LabOptions(
                clusters,
                network == Network.isolated,
                !bare,
                crossClusterProxy,
                List.of(home.resolve("bin/weft").toString()),
                Installation.libraries(home).toString(),
                List.of()),
            line -> {
              out.println(line);
              out.flush();
            });
    out.println();
    out.print(LabTables.overview(status));
    out.flush();
    if (demo != null) {
      return switch (demo) {
        case httpbin ->
            new HttpbinDemo(commands.kubeconfig(), home.resolve("samples/httpbin"), out).run();
      };
    }
    return 0;
  }
}
