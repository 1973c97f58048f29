package dev.weft.cli.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.output.Warnings;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.topology.Edge;
import dev.weft.topology.Flow;
import dev.weft.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft topology}. */
@Command(
    name = "topology",
    description = {
      "What flows between workloads, within and across clusters, as the proxies counted it.",
      "It needs no Prometheus: proxies tell the control plane every few seconds."
    })
public final class TopologyCommand implements Callable<Integer> {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only what comes from or goes to it (default: all)")
  private @Nullable String namespace;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How far to look back, at most 3600 (default: ${DEFAULT-VALUE})")
  private int window;

  @Override
  public Integer call() {
    ControlPlane.Answers said =
        controlPlane.all(
            access, RunningLab.HERE, "/debug/topology", Map.of("window", String.valueOf(window)));
    Warnings.print(spec.commandLine().getErr(), said.failures());
    Topology topology = merged(said);
    output.print(spec.commandLine().getOut(), topology, () -> table(topology));
    return 0;
  }

  private Topology merged(ControlPlane.Answers said) {
    List<Topology> seen = new ArrayList<>();
    for (ControlPlane.Answer answer : said.answers()) {
      try {
        seen.add(new ObjectMapper().treeToValue(answer.json(), Topology.class));
      } catch (JsonProcessingException e) {
        throw CommandFailure.failed(
            "the control plane %s is of another version: %s"
                .formatted(answer.istiod(), e.getOriginalMessage()));
      }
    }
    return Topology.merged(seen).once().within(namespace == null ? "" : namespace);
  }

  static String table(Topology topology) {
    Table table =
        new Table("from", "to", "service", "rate", "share", "failed", "mean", "way", "mtls");
    for (Edge edge : topology.edges()) {
      boolean tcp = edge.protocol() == Flow.Protocol.TCP;
      table.row(
          edge.source().toString(),
          edge.destination().toString(),
          edge.service(),
          tcp
              ? bytes(topology.perSecond(edge.sentBytes() + edge.receivedBytes())) + "/s"
              : number(topology.perSecond(edge.requests())) + "/s",
          percent(topology.share(edge)),
          edge.requests() == 0 ? "" : percent((double) edge.failed() / edge.requests()),
          tcp || edge.requests() == 0
              ? ""
              : number((double) edge.millis() / edge.requests()) + " ms",
          edge.path().name().toLowerCase(Locale.ROOT),
          edge.requests() == 0 ? "" : percent((double) edge.mutualTls() / edge.requests()));
    }
    return table.isEmpty()
        ? "Nothing flowed in the last %d s.\n".formatted(topology.windowMillis() / 1000)
        : table.render();
  }

  private static String percent(double part) {
    return Math.round(part * 100) + " %";
  }

  private static String number(double value) {
    // A call a minute is not nothing.
    return String.format(Locale.ROOT, value < 1 ? "%.2f" : value < 10 ? "%.1f" : "%.0f", value);
  }

  private static String bytes(double value) {
    if (value < 1_000) {
      return Math.round(value) + " B";
    }
    return value < 1_000_000 ? number(value / 1_000) + " kB" : number(value / 1_000_000) + " MB";
  }
}
