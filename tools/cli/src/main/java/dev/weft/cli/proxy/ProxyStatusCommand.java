package dev.weft.cli.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.output.Warnings;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.ControlPlane;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weft proxy-status}. Exits with 1 where a proxy has refused or not yet taken something. */
@Command(
    name = "proxy-status",
    aliases = "ps",
    description = "Which proxies are connected, and whether each has what was last sent to it.")
public final class ProxyStatusCommand implements Callable<Integer> {
  private static final List<String> TYPES =
      List.of("CDS", "LDS", "EDS", "RDS", "VHDS", "SDS", "NDS");

  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    ControlPlane.Answers said = controlPlane.all(access, RunningLab.HERE, "/debug/syncz", Map.of());
    Warnings.print(spec.commandLine().getErr(), said.failures());
    ArrayNode proxies = merged(said);
    output.print(spec.commandLine().getOut(), proxies, () -> table(proxies));
    for (JsonNode proxy : proxies) {
      for (String type : TYPES) {
        String state = proxy.path("types").path(type).path("state").asText();
        if (state.equals("NACKED") || state.equals("STALE")) {
          return 1;
        }
      }
    }
    return 0;
  }

  /** The proxies of all instances, each with the instance that it is connected to. */
  static ArrayNode merged(ControlPlane.Answers said) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (ControlPlane.Answer answer : said.answers()) {
      for (JsonNode proxy : answer.json()) {
        ObjectNode row = proxy.deepCopy();
        all.add(row.put("istiod", answer.istiod()));
      }
    }
    return all;
  }

  static String table(JsonNode proxies) {
    Table table =
        new Table(
            "name", "cluster", "cds", "lds", "eds", "rds", "nds", "istiod", "version", "message");
    for (JsonNode proxy : proxies) {
      JsonNode types = proxy.path("types");
      StringBuilder message = new StringBuilder(onDemand(proxy));
      for (String type : TYPES) {
        String error = types.path(type).path("error").asText();
        if (!error.isEmpty()) {
          message.append(message.isEmpty() ? "" : "; ").append(type).append(": ").append(error);
        }
      }
      table.row(
          proxy.path("proxy").asText(),
          proxy.path("cluster").asText(),
          state(types, "CDS"),
          state(types, "LDS"),
          state(types, "EDS"),
          state(types, "RDS"),
          state(types, "NDS"),
          proxy.path("istiod").asText(),
          proxy.path("version").asText(),
          message.toString());
    }
    return table.isEmpty() ? "No proxy is connected.\n" : table.render();
  }

  /** What a proxy holds that asks for what it needs; empty for one that is told everything. */
  private static String onDemand(JsonNode proxy) {
    JsonNode types = proxy.path("types");
    return proxy.path("onDemand").asBoolean()
        ? "on demand: %d listeners, %d hosts, %d clusters, %d name tables"
            .formatted(
                held(types, "LDS"), held(types, "VHDS"), held(types, "CDS"), held(types, "NDS"))
        : "";
  }

  private static int held(JsonNode types, String type) {
    return types.path(type).path("resources").asInt();
  }

  private static String state(JsonNode types, String type) {
    return types.path(type).path("state").asText();
  }
}
