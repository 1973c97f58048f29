package dev.weft.cli.explain;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.cli.reach.NamespaceOption;
import dev.weft.cli.reach.PodName;
import dev.weft.explain.Explanation;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft explain}. */
@Command(
    name = "explain",
    description = {
      "Says endpoint by endpoint why a pod reaches a service the way it does, or does not.",
      "The answer comes from the code that configures the proxies."
    },
    subcommands = ExplainRequestCommand.class)
public final class ExplainCommand implements Callable<Integer> {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "NAME[.NAMESPACE][:PORT]; without a namespace, the pod's")
  private String service = "";

  @Option(
      names = "--from",
      paramLabel = "POD",
      description = "POD, POD.NAMESPACE, NAMESPACE/POD or deploy/NAME")
  private String from = "";

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "A subset of the service's DestinationRule (default: the whole service)")
  private String subset = "";

  @Override
  public Integer call() {
    if (service.isEmpty() || from.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "SERVICE and --from=<POD> are needed, or a subcommand: explain request");
    }
    PodName pod = PodName.parse(from, namespace.value(access, RunningLab.HERE));
    Caller caller = Caller.of(access, controlPlane, pod);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("service", service);
    query.put("subset", subset);
    query.put("from", caller.from());
    query.put("cluster", caller.cluster());
    Explanation answer =
        Answers.read(
            controlPlane.any(access, RunningLab.HERE, "/debug/explain", query), Explanation.class);
    output.print(spec.commandLine().getOut(), answer, () -> render(answer));
    return 0;
  }

  static String render(Explanation answer) {
    StringBuilder out = new StringBuilder();
    answer.summary().forEach(line -> out.append(line).append('\n'));
    Table table =
        new Table(
            "endpoint",
            "cluster",
            "network",
            "locality",
            "verdict",
            "sent to",
            "priority",
            "weight",
            "share",
            "why");
    for (Explanation.Row row : answer.endpoints()) {
      Explanation.@Nullable Placing placing = row.placing();
      table.row(
          row.endpoint(),
          row.cluster(),
          row.network(),
          row.locality(),
          row.verdict(),
          row.sentTo(),
          placing == null ? "" : Integer.toString(placing.priority()),
          placing == null ? "" : Long.toString(placing.weight()),
          placing == null ? "" : String.format(Locale.ROOT, "%.1f %%", placing.share()),
          row.why());
    }
    if (!table.isEmpty()) {
      out.append('\n').append(table.render());
    }
    return out.toString();
  }
}
