package dev.weft.cli.explain;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.output.Warnings;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.explain.Portion;
import dev.weft.explain.Prediction;
import dev.weft.explain.PredictionCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft what-if}. */
@Command(
    name = "what-if",
    description = {
      "Where current traffic would go if something were lost, and what would break.",
      "A prediction, by the balancer of the proxies, of the state once every proxy knows of the"
          + " loss."
    })
public final class WhatIfCommand implements Callable<Integer> {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @ArgGroup(multiplicity = "1")
  private Gone gone = new Gone();

  /** What is taken to be gone; one of them. */
  static final class Gone {
    @Option(
        names = "--lost",
        required = true,
        paramLabel = "CLUSTER",
        description = "A cluster, by its id in the mesh")
    private @Nullable String cluster;

    @Option(
        names = "--lost-zone",
        required = true,
        paramLabel = "ZONE",
        description = "REGION/ZONE or ZONE; of the cluster of --context, else of all")
    private @Nullable String zone;

    @Option(
        names = "--lost-gateway",
        required = true,
        paramLabel = "NETWORK",
        description = "The gateways into a network; of the cluster of --context, else of all")
    private @Nullable String network;

    @Option(
        names = "--lost-workload",
        required = true,
        paramLabel = "NAMESPACE/WORKLOAD",
        description = "All pods of a Deployment or its like, in the cluster of --context")
    private @Nullable String workload;
  }

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description =
          "Only traffic from or to this namespace (default: all); also that of a workload without one")
  private @Nullable String namespace;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How many seconds of traffic count as current, at most 3600 (default:"
              + " ${DEFAULT-VALUE})")
  private int window;

  @Override
  public Integer call() {
    ControlPlane.Answers said = controlPlane.all(access, RunningLab.HERE, "/debug/whatif", query());
    Warnings.print(spec.commandLine().getErr(), said.failures());
    Prediction prediction =
        Prediction.merged(
                said.answers().stream()
                    .map(answer -> Answers.read(answer.json(), Prediction.class))
                    .toList())
            .within(namespace == null ? "" : namespace);
    output.print(spec.commandLine().getOut(), prediction, () -> render(prediction));
    return prediction.broken().isEmpty() ? 0 : 1;
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("window", Integer.toString(window));
    if (gone.cluster != null) {
      query.put("kind", "cluster");
      query.put("cluster", gone.cluster);
      return query;
    }
    query.put("cluster", Caller.cluster(access, controlPlane));
    if (gone.zone != null) {
      query.put("kind", "zone");
      query.put("name", gone.zone);
    } else if (gone.network != null) {
      query.put("kind", "gateway");
      query.put("name", gone.network);
    } else {
      String workload = String.valueOf(gone.workload);
      query.put("kind", "workload");
      query.put(
          "name",
          workload.indexOf('/') < 0 && namespace != null ? namespace + "/" + workload : workload);
    }
    return query;
  }

  static String render(Prediction prediction) {
    StringBuilder out = new StringBuilder();
    out.append("Without ").append(prediction.loss()).append(", a prediction:\n\n");
    prediction
        .sentences()
        .forEach(s -> out.append("* ").append(PredictionCode.english(s)).append('\n'));
    Table table = new Table("from", "service", "rate", "now", "then", "why");
    for (Prediction.Moved edge : prediction.edges()) {
      table.row(
          edge.source(),
          edge.service(),
          String.format(Locale.ROOT, "%.1f/s", edge.rate()),
          places(edge.before()),
          places(edge.after()),
          edge.reason().toString().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    if (!table.isEmpty()) {
      out.append('\n').append(table.render());
    }
    return out.toString();
  }

  private static String places(List<Portion> portions) {
    return portions.stream()
        .map(
            p ->
                (p.place().isEmpty() ? "nowhere" : p.place())
                    + " "
                    + ExplainRequestCommand.percent(p.share()))
        .collect(Collectors.joining(", "));
  }
}
