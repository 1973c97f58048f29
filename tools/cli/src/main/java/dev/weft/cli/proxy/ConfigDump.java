package dev.weft.cli.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads Envoy's {@code /config_dump} form (envoy/admin/v3/config_dump_shared.proto). */
final class ConfigDump {
  private ConfigDump() {}

  static List<JsonNode> listeners(JsonNode dump) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode section : section(dump, "ListenersConfigDump")) {
      section
          .path("dynamic_listeners")
          .forEach(l -> add(found, l.path("active_state").path("listener")));
      section.path("static_listeners").forEach(l -> add(found, l.path("listener")));
    }
    return found;
  }

  static List<JsonNode> clusters(JsonNode dump) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode section : section(dump, "ClustersConfigDump")) {
      section.path("dynamic_active_clusters").forEach(c -> add(found, c.path("cluster")));
      section.path("static_clusters").forEach(c -> add(found, c.path("cluster")));
    }
    return found;
  }

  static List<JsonNode> routes(JsonNode dump) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode section : section(dump, "RoutesConfigDump")) {
      section.path("dynamic_route_configs").forEach(r -> add(found, r.path("route_config")));
      section.path("static_route_configs").forEach(r -> add(found, r.path("route_config")));
    }
    return found;
  }

  /** A field under its proto name or its JSON name: both forms are in use. */
  static JsonNode field(JsonNode node, String protoName) {
    JsonNode value = node.path(protoName);
    if (!value.isMissingNode()) {
      return value;
    }
    StringBuilder camel = new StringBuilder();
    boolean up = false;
    for (char c : protoName.toCharArray()) {
      if (c == '_') {
        up = true;
      } else {
        camel.append(up ? Character.toUpperCase(c) : c);
        up = false;
      }
    }
    return node.path(camel.toString());
  }

  private static List<JsonNode> section(JsonNode dump, String type) {
    List<JsonNode> found = new ArrayList<>();
    dump.path("configs")
        .forEach(
            c -> {
              if (c.path("@type").asText().endsWith("." + type)) {
                found.add(c);
              }
            });
    return found;
  }

  private static void add(List<JsonNode> to, JsonNode node) {
    if (!node.isMissingNode()) {
      to.add(node);
    }
  }
}
