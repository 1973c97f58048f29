package dev.weft.cli.lab;

import dev.weft.cli.demo.BookinfoDemo;
import dev.weft.cli.demo.HttpbinDemo;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.lab.supervisor.ClusterPlan;
import dev.weft.lab.supervisor.LabCommands;
import dev.weft.lab.supervisor.LabException;
import dev.weft.lab.supervisor.LabOptions;
import dev.weft.lab.supervisor.LabPlan;
import dev.weft.lab.supervisor.LabStatus;
import dev.weft.lab.supervisor.Model;
import dev.weft.lab.supervisor.Topology;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code weft lab up}. */
@Command(
    name = "up",
    description = {
      "Brings clusters and the mesh up, and returns when everything is ready.",
      "A lab that was down comes back with its objects. A second 'up' changes nothing;",
      "after a start that failed, it continues from what is running."
    })
final class LabUpCommand implements Callable<Integer> {
  /** Network models. */
  enum Network {
    /** Same address ranges everywhere, no way between clusters. */
    isolated,
    /** Different ranges with routes between them. */
    flat
  }

  /** Reads the word for a model. */
  static final class ModelWord implements ITypeConverter<Model> {
    @Override
    public Model convert(String word) {
      return Model.of(word)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of %s".formatted(word, String.join(", ", Model.words()))));
    }
  }

  /** The words for models. */
  static final class ModelWords implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Model.words().iterator();
    }
  }

  /** What can be shown right after. */
  enum Demo {
    /** A call to a service that only the other cluster has. */
    httpbin,
    /** An application whose services lie in both clusters. */
    bookinfo
  }

  @Mixin private final LabOption lab = new LabOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--clusters",
      paramLabel = "N",
      description = "How many clusters (default: as many as the lab had, else 2)")
  private @Nullable Integer clusters;

  @Option(
      names = "--network",
      description =
          "isolated (same ranges, no route between them) or flat (default: as the lab was made, else"
              + " isolated)")
  private @Nullable Network network;

  @Option(
      names = "--cross-cluster-proxy",
      paramLabel = "all|none|NAMES",
      description = "Which clusters get a cross-cluster proxy (default: as before, else all)")
  private @Nullable String crossClusterProxy;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelWord.class,
      completionCandidates = ModelWords.class,
      description = "Where control planes run: ${COMPLETION-CANDIDATES} (default: hosted)")
  private @Nullable Model model;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = {
        "The clusters one by one, in YAML: clusters: [{name, network, podRange, serviceRange,",
        "wanAddress, loadBalancers, region, zone}, ...]; what is left out has the default"
      })
  private @Nullable Path topology;

  @Option(names = "--no-mesh", description = "Bare clusters, to install a mesh by hand")
  private boolean bare;

  @Option(names = "--demo", description = "Then run a demo: ${COMPLETION-CANDIDATES}")
  private @Nullable Demo demo;

  @Override
  public Integer call() throws LabException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (bare && model != null) {
      throw CommandFailure.failed("--no-mesh and --model exclude each other: give one of them");
    }
    if (topology != null && clusters != null) {
      throw CommandFailure.failed(
          "--topology and --clusters exclude each other: the file lists the clusters");
    }
    LabCommands commands = lab.commands();
    Path home = Installation.home();
    LabOptions options = options(commands.plan(), home);
    if (demo != null && (options.model() == Model.NONE || options.clusters() < 2)) {
      throw CommandFailure.failed("--demo needs a mesh of at least two clusters");
    }
    if (demo == Demo.bookinfo && options.model() != Model.HOSTED) {
      throw CommandFailure.failed(
          "--demo bookinfo writes into the config API of a hosted mesh: use it with --model hosted");
    }
    LabStatus status = commands.up(options, Waiting.on(out));
    out.println();
    out.print(LabTables.overview(status));
    out.flush();
    if (demo != null) {
      return switch (demo) {
        case httpbin ->
            new HttpbinDemo(commands, home.resolve("samples/httpbin"), proxy(options), out).run();
        case bookinfo -> new BookinfoDemo(commands, home.resolve("samples/bookinfo"), out).run();
      };
    }
    return 0;
  }

  /** The app of the gateway of cluster2, by which calls of other networks enter. */
  private static Optional<String> proxy(LabOptions options) {
    if (!options.isolated()) {
      return Optional.empty();
    }
    return Optional.of(
        options.model() == Model.HOSTED
            ? "istio-asm-cross-network-cluster2"
            : "istio-eastwestgateway");
  }

  /** What was asked for; where nothing was, a lab stays as it is. */
  private LabOptions options(Optional<LabPlan> has, Path home) {
    boolean isolated =
        network != null ? network == Network.isolated : has.map(LabPlan::isolated).orElse(true);
    List<ClusterPlan> listed =
        topology != null
            ? read(topology, isolated)
            : clusters == null ? has.map(LabPlan::clusters).orElse(List.of()) : List.of();
    return new LabOptions(
        clusters != null ? clusters : listed.isEmpty() ? 2 : listed.size(),
        isolated,
        bare ? Model.NONE : model != null ? model : has.map(LabPlan::model).orElse(Model.HOSTED),
        crossClusterProxy != null
            ? crossClusterProxy
            : has.map(LabPlan::crossClusterProxy).orElse("all"),
        listed,
        List.of(home.resolve("bin/weft").toString()),
        Installation.libraries(home).toString(),
        List.of());
  }

  private static List<ClusterPlan> read(Path file, boolean isolated) {
    try {
      return Topology.parse(Files.readString(file), isolated);
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "cannot read " + file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.Kind.FAILED, file + ": " + e.getMessage(), e);
    }
  }
}
