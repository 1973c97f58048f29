package dev.weft.cli.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.output.Warnings;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.prometheus.Diagnosis;
import dev.weft.prometheus.Diagnosis.Verdict;
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
      "Traffic between workloads, within and across clusters, as the proxies counted it.",
      "It needs no Prometheus: proxies tell the control plane every few seconds. Where Prometheus",
      "servers are configured, it shows what they have; --doctor says whether that can be trusted."
    })
public final class TopologyCommand implements Callable<Integer> {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only traffic from or to it (default: all)")
  private @Nullable String namespace;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How far to look back, at most 3600 (default: ${DEFAULT-VALUE})")
  private int window;

  @Option(
      names = "--doctor",
      description =
          "Check the Prometheus servers instead: reachable, up to date, covering all clusters?")
  private boolean doctor;

  @Override
  public Integer call() {
    return doctor ? doctor() : traffic();
  }

  private int traffic() {
    ControlPlane.Answers said =
        controlPlane.all(
            access, RunningLab.HERE, "/debug/topology", Map.of("window", String.valueOf(window)));
    Warnings.print(spec.commandLine().getErr(), said.failures());
    List<ControlPlane.Answer> answers = SourcedAnswers.of(said.answers());
    Warnings.print(spec.commandLine().getErr(), SourcedAnswers.complaints(answers));
    Topology topology = merged(answers);
    output.print(spec.commandLine().getOut(), topology, () -> table(topology));
    return 0;
  }

  private int doctor() {
    JsonNode said =
        controlPlane.any(
            access, RunningLab.HERE, "/debug/prometheus", Map.of("window", String.valueOf(window)));
    Diagnosis diagnosis;
    try {
      diagnosis = new ObjectMapper().treeToValue(said, Diagnosis.class);
    } catch (JsonProcessingException e) {
      throw CommandFailure.failed(
          "the control plane has another version: " + e.getOriginalMessage());
    }
    output.print(spec.commandLine().getOut(), diagnosis, () -> table(diagnosis));
    return diagnosis.findings().stream().anyMatch(f -> f.verdict() == Verdict.ERROR) ? 1 : 0;
  }

  static String table(Diagnosis diagnosis) {
    if (diagnosis.findings().isEmpty()) {
      return "No Prometheus is configured: traffic is what the proxies tell the control plane.\n";
    }
    Table table = new Table("server", "check", "verdict", "found");
    diagnosis
        .findings()
        .forEach(f -> table.row(f.server(), word(f.check()), word(f.verdict()), f.message()));
    return table.render();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private Topology merged(List<ControlPlane.Answer> answers) {
    List<Topology> seen = new ArrayList<>();
    for (ControlPlane.Answer answer : answers) {
      try {
        seen.add(SourcedAnswers.topology(answer));
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
