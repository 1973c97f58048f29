package dev.weft.cli.proxy;

import static dev.weft.cli.proxy.ConfigDump.field;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code weft proxy-config listeners}. */
@Command(
    name = "listeners",
    aliases = {"listener", "l"},
    description = "Listeners with what each filter chain matches and where it leads.")
final class ListenersCommand extends PodCommand {
  @Override
  List<JsonNode> select(ProxyAdmin admin, Pod target) {
    return ConfigDump.listeners(admin.json(target, "config_dump"));
  }

  @Override
  String table(List<JsonNode> listeners) {
    Table table = new Table("address", "port", "match", "destination");
    for (JsonNode listener : listeners) {
      JsonNode socket = field(field(listener, "address"), "socket_address");
      String address = socket.path("address").asText();
      String port = field(socket, "port_value").asText();
      List<JsonNode> chains = new ArrayList<>();
      field(listener, "filter_chains").forEach(chains::add);
      JsonNode fallback = field(listener, "default_filter_chain");
      if (!fallback.isMissingNode()) {
        chains.add(fallback);
      }
      for (JsonNode chain : chains) {
        table.row(address, port, match(field(chain, "filter_chain_match")), destination(chain));
      }
    }
    return table.render();
  }

  private static String match(JsonNode match) {
    List<String> parts = new ArrayList<>();
    JsonNode names = field(match, "server_names");
    if (!names.isEmpty()) {
      parts.add("SNI: " + joined(names));
    }
    String transport = field(match, "transport_protocol").asText();
    if (!transport.isEmpty()) {
      parts.add("Trans: " + transport);
    }
    JsonNode alpn = field(match, "application_protocols");
    if (!alpn.isEmpty()) {
      parts.add("App: " + joined(alpn));
    }
    String port = field(match, "destination_port").asText();
    if (!port.isEmpty()) {
      parts.add("Addr: *:" + port);
    }
    for (JsonNode range : field(match, "prefix_ranges")) {
      parts.add(
          "Addr: "
              + field(range, "address_prefix").asText()
              + "/"
              + field(range, "prefix_len").asText());
    }
    return parts.isEmpty() ? "ALL" : String.join("; ", parts);
  }

  private static String joined(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(v -> values.add(v.asText()));
    return String.join(",", values);
  }

  private static String destination(JsonNode chain) {
    for (JsonNode filter : chain.path("filters")) {
      JsonNode config = field(filter, "typed_config");
      String type = config.path("@type").asText();
      if (type.endsWith(".HttpConnectionManager")) {
        JsonNode inline = field(config, "route_config");
        return inline.isMissingNode()
            ? "Route: " + field(config.path("rds"), "route_config_name").asText()
            : "Inline Route: " + inline.path("name").asText();
      }
      if (type.endsWith(".TcpProxy")) {
        return "Cluster: " + (config.has("cluster") ? config.path("cluster").asText() : "weighted");
      }
    }
    return "";
  }
}
