package dev.weft.translate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** EnvoyFilters at random, all of which can be carried out. */
final class RandomFilters {
  private static final String HTTP = "type.googleapis.com/envoy.extensions.filters.http.";
  private static final String LIMIT = HTTP + "local_ratelimit.v3.LocalRateLimit";
  private static final String GZIP =
      "type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip";

  private final Random random;

  RandomFilters(Random random) {
    this.random = random;
  }

  Map<String, Object> spec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      spec.put("workloadSelector", Map.of("labels", Map.of("version", "v" + random.nextInt(3))));
    }
    if (random.nextInt(3) == 0) {
      spec.put("priority", random.nextInt(3) - 1);
    }
    spec.put("configPatches", List.of(patch(), patch()));
    return spec;
  }

  private Map<String, Object> patch() {
    Map<String, Object> match = new LinkedHashMap<>();
    match.put("context", any("ANY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "GATEWAY"));
    if (random.nextInt(6) == 0) {
      match.put("proxy", Map.of("proxyVersion", any("^1\\.", ".*")));
    }
    return random.nextBoolean() ? ofListener(match) : ofRoutes(match);
  }

  private Map<String, Object> ofListener(Map<String, Object> match) {
    Map<String, Object> filter = new LinkedHashMap<>();
    filter.put("name", "envoy.filters.network.http_connection_manager");
    String operation =
        any("INSERT_FIRST", "INSERT_BEFORE", "INSERT_AFTER", "ADD", "REPLACE", "REMOVE", "MERGE");
    boolean ofAdded = operation.startsWith("RE") || operation.equals("MERGE");
    if (ofAdded || random.nextBoolean()) {
      String anchor = ofAdded ? any("limit", "heads") : any("envoy.filters.http.router", "limit");
      filter.put("subFilter", Map.of("name", anchor));
    }
    Map<String, Object> listener = new LinkedHashMap<>();
    Map<String, Object> chain = new LinkedHashMap<>();
    chain.put("filter", filter);
    switch (random.nextInt(8)) {
      case 0 -> chain.put("transportProtocol", any("tls", "raw_buffer"));
      case 1 -> chain.put("destinationPort", random.nextBoolean() ? 80 : 90);
      case 2 -> chain.put("applicationProtocols", any("http/1.1", "istio-h2,istio"));
      case 3 -> chain.put("sni", any("a.example", "*.example"));
      default -> {}
    }
    listener.put("filterChain", chain);
    if (random.nextInt(3) == 0) {
      listener.put("portNumber", random.nextBoolean() ? 80 : 90);
    }
    match.put("listener", listener);
    Map<String, Object> patch = new LinkedHashMap<>();
    patch.put("operation", operation);
    if (operation.equals("MERGE")) {
      patch.put("value", part());
    } else if (!operation.equals("REMOVE")) {
      patch.put("value", filter());
    }
    return Map.of("applyTo", "HTTP_FILTER", "match", match, "patch", patch);
  }

  private Map<String, Object> filter() {
    return switch (random.nextInt(3)) {
      case 0 -> Map.of("name", "limit", "typed_config", limit());
      case 1 ->
          Map.of(
              "name",
              "heads",
              "typed_config",
              Map.of("@type", HTTP + "header_mutation.v3.HeaderMutation", "mutations", edits()));
      default ->
          Map.of(
              "name",
              "gzip",
              "typed_config",
              Map.of(
                  "@type",
                  HTTP + "compressor.v3.Compressor",
                  "compressor_library",
                  Map.of("name", "gzip", "typed_config", Map.of("@type", GZIP))));
    };
  }

  private Map<String, Object> part() {
    return random.nextBoolean()
        ? Map.of(
            "typed_config",
            Map.of("@type", LIMIT, "token_bucket", Map.of("max_tokens", 1 + random.nextInt(9))))
        : Map.of(
            "typed_config",
            Map.of("@type", HTTP + "header_mutation.v3.HeaderMutation", "mutations", edits()));
  }

  private Map<String, Object> limit() {
    return Map.of(
        "@type",
        LIMIT,
        "stat_prefix",
        "limit",
        "token_bucket",
        Map.of("max_tokens", 1 + random.nextInt(2), "fill_interval", "60s"));
  }

  private Map<String, Object> edits() {
    return Map.of(
        "request_mutations",
        List.of(Map.of("append", Map.of("header", Map.of("key", "x-of", "value", any("a", "b"))))));
  }

  private Map<String, Object> ofRoutes(Map<String, Object> match) {
    String level = any("ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE");
    Map<String, Object> routes = new LinkedHashMap<>();
    if (random.nextInt(3) == 0) {
      routes.put("portNumber", random.nextBoolean() ? 80 : 90);
    }
    if (random.nextInt(3) == 0) {
      routes.put(
          "vhost",
          Map.of(
              "name",
              any("inbound|http|80", "web.a.svc.cluster.local:80", "allow_any"),
              "route",
              Map.of("action", any("ANY", "ROUTE", "DIRECT_RESPONSE"))));
    }
    match.put("routeConfiguration", routes);
    Map<String, Object> config =
        random.nextBoolean()
            ? Map.of("limit", limit())
            : Map.of(
                "heads",
                Map.of(
                    "@type",
                    HTTP + "header_mutation.v3.HeaderMutationPerRoute",
                    "mutations",
                    edits()));
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("typed_per_filter_config", config);
    if (random.nextInt(3) == 0 && level.equals("VIRTUAL_HOST")) {
      value.put("rate_limits", rules());
    } else if (random.nextInt(3) == 0 && level.equals("HTTP_ROUTE")) {
      value.put(
          "route", Map.of("rate_limits", rules(), "include_vh_rate_limits", random.nextBoolean()));
    }
    return Map.of(
        "applyTo", level, "match", match, "patch", Map.of("operation", "MERGE", "value", value));
  }

  private List<Object> rules() {
    return List.of(
        Map.of(
            "stage",
            random.nextInt(2),
            "actions",
            List.of(
                Map.of("remote_address", Map.of()),
                Map.of("generic_key", Map.of("descriptor_value", any("a", "b"))))));
  }

  private String any(String... words) {
    return words[random.nextInt(words.length)];
  }
}
