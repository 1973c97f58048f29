package dev.weft.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.cli.reach.PodName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft explain}. */
@Command(
    name = "explain",
    description = {
      "Endpoint by endpoint: why a pod reaches a service the way it does, or does not.",
      "The answer comes from the code that configures the proxies."
    })
public final class ExplainCommand implements Callable<Integer> {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SERVICE", description = "NAME[.NAMESPACE][:PORT]")
  private String service = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "POD",
      description = "POD, POD.NAMESPACE, NAMESPACE/POD or deploy/NAME")
  private String from = "";

  @Override
  public Integer call() {
    PodName pod = PodName.parse(from, "default");
    Map<String, String> query = new LinkedHashMap<>();
    query.put("service", service);
    query.put("from", pod.name() + "." + pod.namespace());
    query.put("cluster", access.context().orElse(""));
    JsonNode answer = controlPlane.get("/debug/explain", query, RunningLab::controlPlane);
    output.print(spec.commandLine().getOut(), answer, () -> render(answer));
    return 0;
  }

  private static String render(JsonNode answer) {
    StringBuilder out = new StringBuilder();
    answer.path("summary").forEach(line -> out.append(line.asText()).append('\n'));
    Table table = new Table("endpoint", "cluster", "network", "verdict", "sent to", "why");
    for (JsonNode endpoint : answer.path("endpoints")) {
      table.row(
          endpoint.path("endpoint").asText(),
          endpoint.path("cluster").asText(),
          endpoint.path("network").asText(),
          endpoint.path("verdict").asText(),
          endpoint.path("sentTo").asText(),
          endpoint.path("why").asText());
    }
    if (!table.isEmpty()) {
      out.append('\n').append(table.render());
    }
    return out.toString();
  }
}
