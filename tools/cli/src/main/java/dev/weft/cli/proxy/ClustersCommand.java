package dev.weft.cli.proxy;

import static dev.weft.cli.proxy.ConfigDump.field;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code weft proxy-config clusters}. */
@Command(
    name = "clusters",
    aliases = {"cluster", "c"},
    description = "Upstream clusters: what can be reached, and how it is found.")
final class ClustersCommand extends PodCommand {
  @Override
  List<JsonNode> select(ProxyAdmin admin, Pod target) {
    return ConfigDump.clusters(admin.json(target, "config_dump"));
  }

  @Override
  String table(List<JsonNode> clusters) {
    Table table =
        new Table("service fqdn", "port", "subset", "direction", "type", "balancing", "tls");
    for (JsonNode cluster : clusters) {
      String name = cluster.path("name").asText();
      String[] parts = name.split("\\|", -1);
      boolean structured = parts.length == 4;
      JsonNode type = cluster.path("type");
      table.row(
          structured && !parts[3].isEmpty() ? parts[3] : name,
          structured ? parts[1] : "",
          structured ? parts[2] : "",
          structured ? parts[0] : "",
          type.isMissingNode() ? "STATIC" : type.asText(),
          field(cluster, "lb_policy").isMissingNode()
              ? "ROUND_ROBIN"
              : field(cluster, "lb_policy").asText(),
          tls(cluster));
    }
    return table.render();
  }

  private static String tls(JsonNode cluster) {
    if (!field(cluster, "transport_socket_matches").isEmpty()) {
      return "by endpoint";
    }
    return field(cluster, "transport_socket").isMissingNode() ? "" : "yes";
  }
}
