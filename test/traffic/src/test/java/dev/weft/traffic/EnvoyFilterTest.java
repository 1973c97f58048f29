package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import dev.weft.traffic.Client.Answer;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters that EnvoyFilters add do their work, in both versions of HTTP. */
class EnvoyFilterTest extends WithClient {
  private static final String MESH =
      """
      clusters:
        west:
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9}
            - {name: web-1.shop, app: web, ip: NET.11}
      """;

  private static final String HTTP = "type.googleapis.com/envoy.extensions.filters.http.";

  EnvoyFilterTest() {
    super(MESH);
  }

  private Client applied(boolean http2, String app, String patches) {
    world.objects(
        """
        - kind: EnvoyFilter
          metadata: {name: own, namespace: shop}
          spec:
            workloadSelector: {labels: {app: APP}}
            configPatches:
        PATCHES"""
            .replace("APP", app)
            .replace("PATCHES", patches.replace("HTTP/", HTTP).indent(6)));
    reopenClient();
    return http2 ? client.overHttp2() : client;
  }

  private static void limited(Client caller) {
    assertThat(caller.times(5, "/")).isEqualTo(Map.of("web-1", 2, "429", 3));
    Answer refused = caller.get("/");
    assertThat(refused.body()).isEqualTo("local_rate_limited");
    assertThat(refused.header("x-limited")).isEqualTo("yes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_comes_in_is_limited(boolean http2) {
    Client caller =
        applied(
            http2,
            "web",
            """
            - applyTo: HTTP_FILTER
              match: {context: SIDECAR_INBOUND}
              patch:
                operation: INSERT_BEFORE
                value:
                  name: envoy.filters.http.local_ratelimit
                  typed_config:
                    "@type": type.googleapis.com/udpa.type.v1.TypedStruct
                    type_url: HTTP/local_ratelimit.v3.LocalRateLimit
                    value:
                      stat_prefix: limit
                      token_bucket: {max_tokens: 2, fill_interval: 3600s}
                      filter_enabled: {default_value: {numerator: 100}}
                      filter_enforced: {default_value: {numerator: 100}}
                      response_headers_to_add: [{append: false, header: {key: x-limited, value: "yes"}}]
            """);
    limited(caller);
    world.objects("[]");
    assertThat(caller.get("/").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_limit_may_be_one_of_a_route(boolean http2) {
    limited(
        applied(
            http2,
            "web",
            """
            - applyTo: HTTP_FILTER
              match: {context: SIDECAR_INBOUND}
              patch:
                operation: INSERT_BEFORE
                value:
                  name: envoy.filters.http.local_ratelimit
                  typed_config: {"@type": HTTP/local_ratelimit.v3.LocalRateLimit, stat_prefix: limit}
            - applyTo: HTTP_ROUTE
              match: {context: SIDECAR_INBOUND, routeConfiguration: {vhost: {name: "inbound|http|8000", route: {action: ANY}}}}
              patch:
                operation: MERGE
                value:
                  typed_per_filter_config:
                    envoy.filters.http.local_ratelimit:
                      "@type": HTTP/local_ratelimit.v3.LocalRateLimit
                      stat_prefix: limit
                      token_bucket: {max_tokens: 2, fill_interval: 3600s}
                      filter_enabled: {default_value: {numerator: 100}}
                      filter_enforced: {default_value: {numerator: 100}}
                      response_headers_to_add: [{append: false, header: {key: x-limited, value: "yes"}}]
            """));
  }

  /** As samples/ratelimit of Istio has it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_limit_may_be_one_of_a_path(boolean http2) {
    Client caller =
        applied(
            http2,
            "web",
            """
            - applyTo: HTTP_FILTER
              match: {context: SIDECAR_INBOUND}
              patch:
                operation: INSERT_BEFORE
                value:
                  name: envoy.filters.http.local_ratelimit
                  typed_config: {"@type": HTTP/local_ratelimit.v3.LocalRateLimit, stat_prefix: limit}
            - applyTo: HTTP_ROUTE
              match: {context: SIDECAR_INBOUND, routeConfiguration: {vhost: {name: "inbound|http|8000", route: {action: ANY}}}}
              patch:
                operation: MERGE
                value:
                  route:
                    rate_limits:
                      - actions: [{remote_address: {}}]
                      - actions:
                          - header_value_match:
                              descriptor_value: pages
                              expect_match: true
                              headers: [{name: ":path", string_match: {prefix: /pages, ignore_case: true}}]
                  typed_per_filter_config:
                    envoy.filters.http.local_ratelimit:
                      "@type": HTTP/local_ratelimit.v3.LocalRateLimit
                      stat_prefix: limit
                      token_bucket: {max_tokens: 100, fill_interval: 3600s}
                      filter_enabled: {default_value: {numerator: 100}}
                      filter_enforced: {default_value: {numerator: 100}}
                      response_headers_to_add: [{append: false, header: {key: x-limited, value: "yes"}}]
                      descriptors: [{entries: [{key: header_match, value: pages}], token_bucket: {max_tokens: 2, fill_interval: 3600s}}]
            """);
    assertThat(caller.times(5, "/Pages/1")).isEqualTo(Map.of("web-1", 2, "429", 3));
    assertThat(caller.get("/pages").header("x-limited")).isEqualTo("yes");
    assertThat(caller.times(5, "/")).isEqualTo(Map.of("web-1", 5));
  }

  /** Rules of a virtual host hold for the limit of a filter, in a gateway's way of writing them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void requests_of_a_virtual_host_are_told_apart(boolean http2) {
    Client caller =
        applied(
            http2,
            "client",
            """
            - applyTo: HTTP_FILTER
              match: {context: SIDECAR_OUTBOUND}
              patch:
                operation: INSERT_BEFORE
                value:
                  name: limit
                  typed_config:
                    "@type": HTTP/local_ratelimit.v3.LocalRateLimit
                    stat_prefix: limit
                    token_bucket: {max_tokens: 100, fill_interval: 3600s}
                    filter_enabled: {default_value: {numerator: 100}}
                    filter_enforced: {default_value: {numerator: 100}}
                    descriptors: [{entries: [{key: PATH, value: /two}], token_bucket: {max_tokens: 5, fill_interval: 3600s}}]
            - applyTo: HTTP_FILTER
              match: {context: SIDECAR_OUTBOUND, listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager, subFilter: {name: limit}}}}}
              patch:
                operation: MERGE
                value:
                  typed_config:
                    "@type": HTTP/local_ratelimit.v3.LocalRateLimit
                    descriptors: [{entries: [{key: PATH, value: /one}], token_bucket: {max_tokens: 1, fill_interval: 3600s}}]
            - applyTo: VIRTUAL_HOST
              match: {context: SIDECAR_OUTBOUND, routeConfiguration: {vhost: {name: "web.shop.svc.cluster.local:8000"}}}
              patch:
                operation: MERGE
                value:
                  rate_limits: [{actions: [{request_headers: {header_name: ":path", descriptor_key: PATH}}]}]
            """);
    assertThat(caller.times(3, "/one")).isEqualTo(Map.of("web-1", 1, "429", 2));
    assertThat(caller.times(6, "/two")).isEqualTo(Map.of("web-1", 5, "429", 1));
    assertThat(caller.times(6, "/")).isEqualTo(Map.of("web-1", 6));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answers_to_what_goes_out_are_compressed(boolean http2) {
    Client caller =
        applied(
            http2,
            "client",
            """
            - applyTo: HTTP_FILTER
              match:
                context: SIDECAR_OUTBOUND
                listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager, subFilter: {name: envoy.filters.http.router}}}}
              patch:
                operation: INSERT_BEFORE
                value:
                  name: envoy.filters.http.compressor
                  typed_config:
                    "@type": HTTP/compressor.v3.Compressor
                    compressor_library:
                      name: gzip
                      typed_config: {"@type": type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip}
            """);
    Answer plain = caller.get("/");
    assertThat(plain.header("content-encoding")).isEmpty();
    assertThat(plain.received()).contains("get / http/1.1");
    Answer compressed = caller.get("/", "accept-encoding: gzip");
    assertThat(compressed.status()).isEqualTo(200);
    assertThat(compressed.header("content-encoding")).isEqualTo("gzip");
    assertThat(compressed.header("content-length")).isEmpty();
    Settle.until(
        "what was compressed is counted",
        () -> caller.proxy().metrics().contains("_compressed_bytes "));
    String name = "envoy_http_outbound_0_0_0_0_8000_compressor_gzip_gzip_";
    assertThat(caller.proxy().metrics())
        .contains(
            name + "compressed 1\n",
            name + "not_compressed 1\n",
            name + "no_accept_header 1\n",
            name + "header_compressor_used 1\n")
        .containsPattern(name + "total_uncompressed_bytes [1-9]")
        .containsPattern(name + "total_compressed_bytes [1-9]");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void heads_of_what_goes_out_are_changed(boolean http2) {
    Answer answer =
        applied(
                http2,
                "client",
                """
                - applyTo: HTTP_FILTER
                  match: {context: SIDECAR_OUTBOUND, listener: {portNumber: 8000}}
                  patch:
                    operation: INSERT_FIRST
                    value:
                      name: envoy.filters.http.header_mutation
                      typed_config:
                        "@type": HTTP/header_mutation.v3.HeaderMutation
                        mutations:
                          request_mutations: [{append: {header: {key: x-by, value: filter}}}, {remove: x-no}]
                          response_mutations: [{remove: x-secret}]
                - applyTo: VIRTUAL_HOST
                  match: {context: SIDECAR_OUTBOUND, routeConfiguration: {vhost: {name: "web.shop.svc.cluster.local:8000"}}}
                  patch:
                    operation: MERGE
                    value:
                      typed_per_filter_config:
                        envoy.filters.http.header_mutation:
                          "@type": HTTP/header_mutation.v3.HeaderMutationPerRoute
                          mutations: {response_mutations: [{append: {header: {key: x-of, value: route}}}]}
                """)
            .get("/", "x-no: 1");
    assertThat(answer.received()).contains("x-by: filter").doesNotContain("x-no");
    assertThat(answer.header("x-secret")).isEmpty();
    assertThat(answer.header("x-of")).isEqualTo("route");
  }
}
