package dev.weft.snapshot;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ObjectParser;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Objects as people write them, in few words. */
final class IstioObjects {
  private IstioObjects() {}

  static Map<String, Object> to(String host, Map<String, Object> more) {
    Map<String, Object> destination = new TreeMap<>(more);
    destination.put("host", host);
    return Map.of("route", List.of(Map.of("destination", destination)));
  }

  static Map<String, Object> matched(String... prefixes) {
    return Map.of(
        "match",
        Stream.of(prefixes).map(p -> Map.of("uri", Map.of("prefix", p))).toList(),
        "route",
        List.of(Map.of("destination", Map.of("host", "cart"))));
  }

  static ConfigObject routes(String name, List<Map<String, Object>> http) {
    return virtualService(name, Map.of("hosts", List.of("cart"), "http", http));
  }

  static ConfigObject virtualService(String name, Map<String, Object> spec) {
    return object(ConfigKind.VIRTUAL_SERVICE, name, spec);
  }

  static ConfigObject gateway(String name, String app, int port, String host) {
    return object(
        ConfigKind.GATEWAY,
        name,
        Map.of(
            "selector",
            Map.of("app", app),
            "servers",
            List.of(
                Map.of(
                    "port",
                    Map.of("number", port, "name", "http", "protocol", "HTTP"),
                    "hosts",
                    List.of(host)))));
  }

  static ConfigObject rule(String host, Map<String, Object> more) {
    Map<String, Object> spec = new TreeMap<>(more);
    spec.put("host", host);
    return object(ConfigKind.DESTINATION_RULE, "rule", spec);
  }

  static ConfigObject policy(Map<String, Object> policy) {
    return rule("cart", Map.of("trafficPolicy", policy));
  }

  static ConfigObject object(ConfigKind kind, String name, Map<String, Object> spec) {
    return ObjectParser.parse(
            kind, Map.of("metadata", Map.of("name", name, "namespace", "default"), "spec", spec))
        .value()
        .orElseThrow();
  }
}
