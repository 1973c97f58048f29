package dev.weft.cli.proxy;

import static dev.weft.cli.proxy.ConfigDump.field;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code weft proxy-config routes}. */
@Command(
    name = "routes",
    aliases = {"route", "r"},
    description = "Virtual hosts with their routes, in the order in which they are tried.")
final class RoutesCommand extends PodCommand {
  @Override
  List<JsonNode> select(ProxyAdmin admin, Pod target) {
    return ConfigDump.routes(admin.json(target, "config_dump"));
  }

  @Override
  String table(List<JsonNode> configs) {
    Table table = new Table("name", "vhost name", "domains", "match", "action");
    for (JsonNode config : configs) {
      for (JsonNode host : field(config, "virtual_hosts")) {
        JsonNode domains = host.path("domains");
        String shown =
            domains.path(0).asText()
                + (domains.size() > 1 ? " + " + (domains.size() - 1) + " more" : "");
        for (JsonNode route : host.path("routes")) {
          table.row(
              config.path("name").asText(),
              host.path("name").asText(),
              shown,
              match(route.path("match")),
              action(route));
        }
      }
    }
    return table.render();
  }

  private static String match(JsonNode match) {
    for (String kind : List.of("prefix", "path", "path_separated_prefix")) {
      JsonNode value = field(match, kind);
      if (!value.isMissingNode()) {
        return value.asText() + (kind.equals("path") ? "" : "*");
      }
    }
    return "~" + field(match, "safe_regex").path("regex").asText();
  }

  private static String action(JsonNode route) {
    JsonNode target = route.path("route");
    if (target.has("cluster")) {
      return target.path("cluster").asText();
    }
    JsonNode weighted = field(target, "weighted_clusters").path("clusters");
    if (!weighted.isMissingNode()) {
      StringBuilder shown = new StringBuilder();
      for (JsonNode cluster : weighted) {
        shown
            .append(shown.isEmpty() ? "" : ", ")
            .append(cluster.path("weight").asText())
            .append(' ')
            .append(cluster.path("name").asText());
      }
      return shown.toString();
    }
    for (Map.Entry<String, JsonNode> field : route.properties()) {
      if (field.getKey().equals("redirect") || field.getKey().startsWith("direct")) {
        return field.getKey() + " " + field.getValue().path("status").asText();
      }
    }
    return "";
  }
}
