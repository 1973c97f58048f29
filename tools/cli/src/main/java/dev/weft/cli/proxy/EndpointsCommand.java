package dev.weft.cli.proxy;

import static dev.weft.cli.proxy.ConfigDump.field;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft proxy-config endpoints}. */
@Command(
    name = "endpoints",
    aliases = {"endpoint", "ep"},
    description = "Addresses behind each cluster, with health, locality and weight.")
final class EndpointsCommand extends PodCommand {
  @Option(names = "--cluster", paramLabel = "NAME", description = "Only those of one cluster")
  private @Nullable String cluster;

  @Override
  List<JsonNode> select(ProxyAdmin admin, Pod target) {
    List<JsonNode> selected = new ArrayList<>();
    for (JsonNode status : field(admin.json(target, "clusters?format=json"), "cluster_statuses")) {
      if (cluster == null || cluster.equals(status.path("name").asText())) {
        selected.add(status);
      }
    }
    return selected;
  }

  @Override
  String table(List<JsonNode> clusters) {
    Table table = new Table("endpoint", "health", "locality", "weight", "cluster");
    for (JsonNode status : clusters) {
      for (JsonNode host : field(status, "host_statuses")) {
        JsonNode socket = field(host.path("address"), "socket_address");
        JsonNode locality = host.path("locality");
        String zone = locality.path("zone").asText();
        table.row(
            socket.path("address").asText()
                + ":"
                + field(socket, "port_value").asText()
                + hop(host),
            health(field(host, "health_status")),
            locality.path("region").asText() + (zone.isEmpty() ? "" : "/" + zone),
            host.path("weight").asText(),
            status.path("name").asText());
      }
    }
    return table.render();
  }

  /** Which endpoint behind a gateway is meant. */
  private static String hop(JsonNode host) {
    String label = host.path("hop").asText();
    return label.isEmpty() ? "" : " " + label;
  }

  private static String health(JsonNode status) {
    if (field(status, "failed_outlier_check").asBoolean()) {
      return "EJECTED";
    }
    String eds = field(status, "eds_health_status").asText();
    return eds.isEmpty() || eds.equals("UNKNOWN") ? "HEALTHY" : eds;
  }
}
