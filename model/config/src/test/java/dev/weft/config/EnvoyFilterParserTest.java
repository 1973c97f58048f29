package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.Diagnostic.Severity;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.Context;
import dev.weft.config.EnvoyFilter.Level;
import dev.weft.config.EnvoyFilter.MergeFilter;
import dev.weft.config.EnvoyFilter.Position;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import dev.weft.types.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** EnvoyFilters as people write them: what is carried out, what is left out, what is refused. */
class EnvoyFilterParserTest {
  private static final String HTTP = "type.googleapis.com/envoy.extensions.filters.http.";
  private static final String LIMIT =
      "'@type':'"
          + HTTP
          + "local_ratelimit.v3.LocalRateLimit','stat_prefix':'p',"
          + "'token_bucket':{'max_tokens':1,'fill_interval':'1s'}";
  private static final String GZIP =
      "'compressor_library':{'name':'g','typed_config':{'@type':'type.googleapis.com/"
          + "envoy.extensions.compression.gzip.compressor.v3.Gzip'}}";
  private static final String VALUE = "spec.configPatches[0].patch.value";
  private static final String CONFIG = VALUE + ".typed_config";

  private static Parsed parse(String spec) {
    return ObjectParser.parse(
        ConfigKind.ENVOY_FILTER,
        Json.parseObject(
            ("{'metadata':{'name':'f','namespace':'shop'},'spec':" + spec + "}")
                .replace('\'', '"')));
  }

  private static EnvoyFilter object(String spec) {
    return (EnvoyFilter) parse(spec).value().orElseThrow();
  }

  private static Parsed patch(String to, String match, String patch) {
    return parse(
        "{'configPatches':[{'applyTo':'"
            + to
            + "','match':{"
            + match
            + "},'patch':{"
            + patch
            + "}}]}");
  }

  private static Parsed filter(String config) {
    return patch(
        "HTTP_FILTER",
        "",
        "'operation':'ADD','value':{'name':'f','typed_config':{" + config + "}}");
  }

  private static Parsed route(String value) {
    return patch("HTTP_ROUTE", "", "'operation':'MERGE','value':{" + value + "}");
  }

  private static String anchored(String name) {
    return "'listener':{'filterChain':{'filter':{'name':'"
        + "envoy.filters.network.http_connection_manager','subFilter':{'name':'"
        + name
        + "'}}}}";
  }

  private static void says(Parsed parsed, String severity, String path, String message) {
    assertThat(parsed.diagnostics())
        .anySatisfy(
            d -> {
              assertThat(d.severity()).isEqualTo(Severity.valueOf(severity));
              assertThat(d.path()).isEqualTo(path);
              assertThat(d.message()).contains(message);
            });
    assertThat(parsed.value().isPresent()).isEqualTo(!severity.equals("ERROR"));
  }

  @Test
  void a_filter_is_added_where_it_is_said() {
    EnvoyFilter object =
        object(
            "{'priority':-3,'workloadSelector':{'labels':{'app':'web'}},'configPatches':[{"
                + "'applyTo':'HTTP_FILTER','match':{'context':'SIDECAR_INBOUND','listener':{"
                + "'portNumber':80,'name':'virtualInbound','filterChain':{'name':'c','filter':{"
                + "'name':'envoy.http_connection_manager','subFilter':{'name':'envoy.router'}}}}},"
                + "'patch':{'operation':'INSERT_BEFORE','value':{'name':'f','typedConfig':{"
                + LIMIT
                + "}}}}]}");
    assertThat(object.priority()).isEqualTo(-3);
    assertThat(object.target().labels()).containsExactly(Map.entry("app", "web"));
    AddFilter add = (AddFilter) object.patches().getFirst();
    assertThat(add.where()).isEqualTo(new EnvoyFilter.Where(Context.SIDECAR_INBOUND, ""));
    assertThat(add.at())
        .isEqualTo(
            new EnvoyFilter.ListenerMatch(
                80, "virtualInbound", new EnvoyFilter.ChainMatch("c", 0, "", "", List.of())));
    assertThat(add.position()).isEqualTo(Position.BEFORE);
    assertThat(add.anchor()).isEqualTo("envoy.filters.http.router");
    assertThat(add.config())
        .isEqualTo(
            new TypedConfig(
                TypedConfig.Type.LOCAL_RATE_LIMIT,
                Map.of(
                    "stat_prefix",
                    "p",
                    "token_bucket",
                    Map.of("max_tokens", 1, "fill_interval", "1s"))));
  }

  @Test
  void a_struct_and_the_other_spelling_of_names_are_the_same_message() {
    AddFilter plain =
        (AddFilter) ((EnvoyFilter) filter(LIMIT).value().orElseThrow()).patches().getFirst();
    for (String struct : List.of("udpa.type.v1", "xds.type.v3")) {
      Parsed parsed =
          filter(
              "'@type':'type.googleapis.com/"
                  + struct
                  + ".TypedStruct','typeUrl':'"
                  + HTTP
                  + "local_ratelimit.v3.LocalRateLimit','value':{'statPrefix':'p',"
                  + "'tokenBucket':{'maxTokens':'1','fillInterval':'1s'}}");
      assertThat(((EnvoyFilter) parsed.value().orElseThrow()).patches()).containsExactly(plain);
    }
  }

  @Test
  void routes_are_configured_by_the_names_of_filters() {
    EnvoyFilter object =
        object(
            "{'configPatches':[{'applyTo':'VIRTUAL_HOST','match':{'routeConfiguration':{'vhost':"
                + "{'name':'inbound|http|80'}}},'patch':{'operation':'MERGE','value':{"
                + "'typed_per_filter_config':{'fOne':{"
                + LIMIT
                + "}}}}}]}");
    ConfigureRoutes configure = (ConfigureRoutes) object.patches().getFirst();
    assertThat(configure.level()).isEqualTo(Level.HOST);
    assertThat(configure.at().host()).isEqualTo("inbound|http|80");
    assertThat(configure.configs()).containsOnlyKeys("fOne");
  }

  @Test
  void what_is_left_out_leaves_the_rest() {
    Parsed parsed =
        parse(
            "{'configPatches':[{'applyTo':'CLUSTER','patch':{'operation':'MERGE','value':{"
                + "'connect_timeout':'1s'}}},{'applyTo':'HTTP_FILTER','patch':{'operation':"
                + "'INSERT_FIRST','value':{'name':'lua','typed_config':{'@type':'"
                + HTTP
                + "lua.v3.Lua','inlineCode':'x'}}}},{'applyTo':'HTTP_FILTER','match':{"
                + anchored("f")
                + "},'patch':{'operation':'REMOVE'}}]}");
    assertThat(parsed.diagnostics())
        .extracting(Diagnostic::path)
        .containsExactly(
            "spec.configPatches[0].applyTo",
            "spec.configPatches[1].patch.value.typed_config.@type");
    assertThat(((EnvoyFilter) parsed.value().orElseThrow()).patches())
        .singleElement()
        .isInstanceOf(RemoveFilter.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ERROR | .@type | is missing | 'stat_prefix':'p'",
        "ERROR | .type_url | is missing | '@type':'a/udpa.type.v1.TypedStruct','value':{}",
        "ERROR | .@type | typed_per_filter_config | '@type':'a/HTTP.compressor.v3.CompressorPerRoute'",
        "ERROR | .stat_prefixx | no such field | LIMIT,'stat_prefixx':'p'",
        "ERROR | .stat_prefix | a name is needed | '@type':'a/HTTP.local_ratelimit.v3.LocalRateLimit'",
        "ERROR | .token_bucket.max_tokens | a whole number | RATE,'token_bucket':{'max_tokens':'many','fill_interval':'1s'}",
        "ERROR | .token_bucket.fill_interval | write 60s | RATE,'token_bucket':{'max_tokens':1,'fill_interval':'1m'}",
        "ERROR | .token_bucket.fill_interval | shortest | RATE,'token_bucket':{'max_tokens':1,'fill_interval':'0.01s'}",
        "ERROR | .enable_x_ratelimit_headers | none of | LIMIT,'enable_x_ratelimit_headers':'ON'",
        "ERROR | .status.code | a whole number | LIMIT,'status':{'code':'Teapot'}",
        "ERROR | .filter_enabled.default_value.denominator | none of | LIMIT,'filter_enabled':{'default_value':{'denominator':'TEN'}}",
        "ERROR | .response_headers_to_add[0].header.key | name of a header | LIMIT,'response_headers_to_add':[{'header':{'key':'a b'}}]",
        "ERROR | .response_headers_to_add[0].append | keep the latter | LIMIT,'response_headers_to_add':[{'append':true,'append_action':'ADD_IF_ABSENT','header':{'key':'a'}}]",
        "ERROR | .rate_limits[0].actions | at least one | LIMIT,'rate_limits':[{}]",
        "ERROR | .rate_limits[0].actions[0].generic_key | is one of | LIMIT,'rate_limits':[{'actions':[{}]}]",
        "ERROR | .rate_limits[0].actions[0].request_headers.header_name | name of a header | LIMIT,'rate_limits':[{'actions':[{'request_headers':{'header_name':':status','descriptor_key':'k'}}]}]",
        "WARNING | .rate_limits[0].actions[0].source_cluster | left out | LIMIT,'rate_limits':[{'actions':[{'source_cluster':{}}]}]",
        "ERROR | .compressor_library | is missing | '@type':'a/HTTP.compressor.v3.Compressor'",
        "WARNING | .request_direction_config | compress no requests | COMPRESS,'request_direction_config':{}",
        "ERROR | .response_direction_config.uncompressible_response_codes | from 200 | COMPRESS,'response_direction_config':{'uncompressible_response_codes':[206,206]}",
        "WARNING | .response_direction_config.status_header_enabled | left out | COMPRESS,'response_direction_config':{'status_header_enabled':true}",
        "NOTE | .response_direction_config.common_config.enabled.runtime_key | default_value holds | COMPRESS,'response_direction_config':{'common_config':{'enabled':{'default_value':true,'runtime_key':'k'}}}",
        "WARNING | .compressor_library.typed_config.@type | Gzip | '@type':'a/HTTP.compressor.v3.Compressor','compressor_library':{'typed_config':{'@type':'a/b.Brotli'}}",
        "WARNING | .choose_first | one library | COMPRESS,'choose_first':true",
        "ERROR | .stage | from 0 to 10 | LIMIT,'stage':11",
        "WARNING | .local_cluster_rate_limit | left out | LIMIT,'local_cluster_rate_limit':{}",
        "WARNING | .max_dynamic_descriptors | changes nothing | LIMIT,'max_dynamic_descriptors':1",
        "WARNING | .descriptors[0].entries[0].value | left out | LIMIT,'descriptors':[{'entries':[{'key':'k'}],'token_bucket':{'max_tokens':1,'fill_interval':'1s'}}]",
        "ERROR | .response_headers_to_add[0].header.key | not for a filter | LIMIT,'response_headers_to_add':[{'header':{'key':'Content-Length','value':'1'}}]",
        "ERROR | .mutations.request_mutations[0].remove | one of | '@type':'a/HTTP.header_mutation.v3.HeaderMutation','mutations':{'request_mutations':[{}]}",
        "ERROR | .mutations.request_mutations[0].remove | not for a filter | '@type':'a/HTTP.header_mutation.v3.HeaderMutation','mutations':{'request_mutations':[{'remove':'Content-Length'}]}",
        "ERROR | .mutations.request_mutations[0].remove | can only be set | '@type':'a/HTTP.header_mutation.v3.HeaderMutation','mutations':{'request_mutations':[{'remove':'host'}]}",
        "ERROR | .mutations.response_mutations[0].append.header.value | NOTHING | '@type':'a/HTTP.header_mutation.v3.HeaderMutation','mutations':{'response_mutations':[{'append':{'header':{'key':'a','value':'%NOTHING%'}}}]}",
        "WARNING | .mutations.query_parameter_mutations | left out | '@type':'a/HTTP.header_mutation.v3.HeaderMutation','mutations':{'query_parameter_mutations':[{}]}",
      })
  void a_configuration_is_looked_at(String severity, String path, String message, String config) {
    says(
        filter(
            config
                .replace(
                    "COMPRESS,", "'@type':'" + HTTP + "compressor.v3.Compressor'," + GZIP + ",")
                .replace("LIMIT,", LIMIT + ",")
                .replace(
                    "RATE,",
                    "'@type':'" + HTTP + "local_ratelimit.v3.LocalRateLimit','stat_prefix':'p',")
                .replace("a/HTTP.", HTTP)),
        severity,
        CONFIG + path,
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "HTTP_FILTER | 'proxy':{'metadata':{'a':'b'}} | match.proxy.metadata",
        "HTTP_FILTER | 'listener':{'portName':'http'} | match.listener.portName",
        "HTTP_FILTER | 'listener':{'filterChain':{'filter':{'name':'envoy.filters.network.tcp_proxy'}}} | match.listener.filterChain.filter.name",
        "LISTENER | | applyTo",
        "NETWORK_FILTER | | applyTo",
        "EXTENSION_CONFIG | | applyTo",
        "BOOTSTRAP | | applyTo",
      })
  void what_is_not_understood_of_a_match_leaves_the_patch_out(
      String to, String match, String path) {
    Parsed parsed =
        patch(
            to,
            match == null ? "" : match,
            "'operation':'ADD','value':{'name':'f','typed_config':{" + LIMIT + "}}");
    says(parsed, "WARNING", "spec.configPatches[0]." + path, "left out");
    assertThat(((EnvoyFilter) parsed.value().orElseThrow()).patches()).isEmpty();
  }

  @Test
  void requests_are_told_apart_by_what_they_have() {
    Parsed parsed =
        filter(
            LIMIT
                + ",'descriptors':[{'entries':[{'key':'path','value':'/a'},{'key':'k','value':'v'}],"
                + "'token_bucket':{'max_tokens':1,'fill_interval':'60s'}}],'rate_limits':[{'actions':["
                + "{'request_headers':{'header_name':':path','descriptor_key':'path'}},"
                + "{'generic_key':{'descriptor_key':'k','descriptor_value':'v'}},{'remote_address':{}},"
                + "{'header_value_match':{'descriptor_value':'x','headers':[{'name':'x-a',"
                + "'string_match':{'exact':'b'}}]}}]}]");
    assertThat(parsed.diagnostics()).isEmpty();
    assertThat(((EnvoyFilter) parsed.value().orElseThrow()).patches()).hasSize(1);
  }

  @Test
  void a_chain_is_found_by_the_connections_that_it_is_for() {
    EnvoyFilter object =
        (EnvoyFilter)
            patch(
                    "HTTP_FILTER",
                    "'listener':{'filterChain':{'sni':'a.example','transportProtocol':'tls',"
                        + "'applicationProtocols':'h2, http/1.1','destinationPort':443}}",
                    "'operation':'ADD','value':{'name':'f','typed_config':{" + LIMIT + "}}")
                .value()
                .orElseThrow();
    assertThat(((AddFilter) object.patches().getFirst()).at().chain())
        .isEqualTo(
            new EnvoyFilter.ChainMatch("", 443, "a.example", "tls", List.of("h2", "http/1.1")));
  }

  private static Parsed merged(String config) {
    return patch(
        "HTTP_FILTER",
        anchored("f"),
        "'operation':'MERGE','value':{'typed_config':{" + config + "}}");
  }

  @Test
  void what_is_merged_need_not_be_complete() {
    Parsed parsed =
        merged(
            "'@type':'"
                + HTTP
                + "local_ratelimit.v3.LocalRateLimit','token_bucket':{'max_tokens':5},"
                + "'descriptors':[{'entries':[{'key':'k','value':'v'}],'token_bucket':"
                + "{'max_tokens':1,'fill_interval':'1s'}}]");
    assertThat(parsed.diagnostics()).isEmpty();
    MergeFilter merge =
        (MergeFilter) ((EnvoyFilter) parsed.value().orElseThrow()).patches().getFirst();
    assertThat(merge.name()).isEqualTo("f");
    AddFilter add =
        (AddFilter) ((EnvoyFilter) filter(LIMIT).value().orElseThrow()).patches().getFirst();
    assertThat(add.config().with(merge.config()).orElseThrow().fields())
        .containsEntry("stat_prefix", "p")
        .containsEntry("token_bucket", Map.of("max_tokens", 5, "fill_interval", "1s"))
        .containsKey("descriptors");
  }

  @Test
  void what_is_merged_has_no_mistakes_either() {
    String bucket = VALUE + ".typed_config.token_bucket.max_tokens";
    String type = "'@type':'" + HTTP + "local_ratelimit.v3.LocalRateLimit',";
    says(merged(type + "'token_bucket':{'max_tokens':0}"), "ERROR", bucket, "a whole number");
    says(
        merged(type + "'descriptors':[{'entries':[{'key':'k','value':'v'}]}]"),
        "ERROR",
        VALUE + ".typed_config.descriptors[0].token_bucket",
        "the limit is missing");
    says(
        patch(
            "HTTP_FILTER",
            anchored("f"),
            "'operation':'MERGE','value':{'name':'g','typed_config':{" + LIMIT + "}}"),
        "WARNING",
        VALUE + ".name",
        "keeps its name");
    says(
        patch("HTTP_FILTER", anchored("f"), "'operation':'MERGE','value':{}"),
        "ERROR",
        VALUE + ".typed_config",
        "is missing");
  }

  @Test
  void nothing_is_merged_that_a_filter_cannot_have() {
    AddFilter add =
        (AddFilter) ((EnvoyFilter) filter(LIMIT).value().orElseThrow()).patches().getFirst();
    assertThat(
            add.config()
                .with(
                    new TypedConfig(
                        TypedConfig.Type.LOCAL_RATE_LIMIT,
                        Map.of("filter_enabled", Map.of("runtime_key", "k")))))
        .isEmpty();
    assertThat(add.config().with(new TypedConfig(TypedConfig.Type.COMPRESSOR, Map.of()))).isEmpty();
  }

  @Test
  void requests_of_routes_are_told_apart_for_limits() {
    EnvoyFilter object =
        (EnvoyFilter)
            route(
                    "'route':{'rateLimits':[{'actions':[{'remoteAddress':{}}]}],"
                        + "'includeVhRateLimits':true}")
                .value()
                .orElseThrow();
    ConfigureRoutes configure = (ConfigureRoutes) object.patches().getFirst();
    assertThat(configure.configs()).isEmpty();
    assertThat(configure.limits())
        .isEqualTo(
            new EnvoyFilter.LimitRules(
                List.of(Map.of("actions", List.of(Map.of("remote_address", Map.of())))), true));
  }

  @Test
  void filters_of_the_mesh_stay() {
    String operation = "spec.configPatches[0].patch.operation";
    says(
        patch("HTTP_FILTER", anchored("envoy.filters.http.rbac"), "'operation':'REMOVE'"),
        "WARNING",
        operation,
        "those of the mesh stay");
    says(
        patch(
            "HTTP_FILTER",
            anchored("envoy.router"),
            "'operation':'REPLACE','value':{'name':'f','typed_config':{" + LIMIT + "}}"),
        "WARNING",
        operation,
        "those of the mesh stay");
    says(
        patch(
            "HTTP_FILTER",
            anchored("envoy.filters.http.cors"),
            "'operation':'MERGE','value':{'name':'f','typed_config':{" + LIMIT + "}}"),
        "WARNING",
        operation,
        "those of the mesh stay");
    says(
        patch(
            "HTTP_FILTER",
            "",
            "'operation':'ADD','value':{'name':'envoy.filters.http.cors','typed_config':{"
                + LIMIT
                + "}}"),
        "ERROR",
        VALUE + ".name",
        "choose another one");
    says(
        route("'typed_per_filter_config':{'envoy.filters.http.rbac':{" + LIMIT + "}}"),
        "ERROR",
        VALUE + ".typed_per_filter_config.envoy.filters.http.rbac.@type",
        "another configuration");
  }

  @Test
  void routes_have_only_configuration_of_filters() {
    says(
        route("'rate_limits':[],'typed_per_filter_config':{'f':{" + LIMIT + "}}"),
        "WARNING",
        VALUE + ".rate_limits",
        "left out");
    says(
        route("'route':{'timeout':'1s','rate_limits':[]}"),
        "WARNING",
        VALUE + ".route.timeout",
        "left out");
    says(
        route("'route':{'rate_limits':[{'actions':[{'generic_key':{}}]}]}"),
        "ERROR",
        VALUE + ".route.rate_limits[0].actions[0].generic_key.descriptor_value",
        "a text is needed");
    says(
        route("'route':{'rate_limits':[{'actions':[{'remote_address':{}}],'limits':{}}]}"),
        "ERROR",
        VALUE + ".route.rate_limits[0].limits",
        "no such field");
    says(
        route(
            "'typed_per_filter_config':{'f':{'@type':'"
                + HTTP
                + "rbac.v3.RBACPerRoute','rbac':{}}}"),
        "WARNING",
        VALUE + ".typed_per_filter_config.f.@type",
        "left out");
    says(
        route("'typed_per_filter_config':{'f':{'@type':'" + HTTP + "compressor.v3.Compressor'}}"),
        "ERROR",
        VALUE + ".typed_per_filter_config.f.@type",
        "CompressorPerRoute");
    says(
        route(
            "'typed_per_filter_config':{'f':{'@type':'"
                + HTTP
                + "compressor.v3.CompressorPerRoute'}}"),
        "ERROR",
        VALUE + ".typed_per_filter_config.f.disabled",
        "overrides");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_ROUTE, REPLACE, IST0152",
    "ROUTE_CONFIGURATION, ADD, IST0153",
    "HTTP_ROUTE, REMOVE, IST0154",
    "VIRTUAL_HOST, ADD, unsupported-field"
  })
  void other_operations_on_routes_have_the_code_of_Istio(String to, String operation, String code) {
    assertThat(patch(to, "", "'operation':'" + operation + "','value':{}").diagnostics())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.code()).isEqualTo(code);
              assertThat(d.path()).isEqualTo("spec.configPatches[0].patch.operation");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'configPatches':[{'patch':{'operation':'ADD','value':{}}}]} | configPatches[0].applyTo",
        "{'configPatches':[{'applyTo':'HTTP_FILTER'}]} | configPatches[0].patch",
        "{'configPatches':[{'applyTo':'HTTP_FILTER','patch':{'value':{}}}]} | configPatches[0].patch.operation",
        "{'configPatches':[{'applyTo':'HTTP_FILTER','patch':{'operation':'ADD'}}]} | configPatches[0].patch.value",
        "{'configPatches':[{'applyTo':'HTTP_FILTER','patch':{'operation':'ADD','value':{}}}]} | configPatches[0].patch.value.name",
        "{'configPatches':[{'applyTo':'CLUSTER','match':{'proxy':{'proxyVersion':'('}},'patch':{'operation':'ADD','value':{}}}]} | configPatches[0].match.proxy.proxyVersion",
        "{'configPatches':[{'applyTo':'HTTP_FILTER','match':{'routeConfiguration':{}},'patch':{'operation':'ADD','value':{}}}]} | configPatches[0].match.routeConfiguration",
        "{'configPatches':[{'applyTo':'HTTP_ROUTE','match':{'listener':{}},'patch':{'operation':'MERGE','value':{}}}]} | configPatches[0].match.listener",
        "{'workloadSelector':{'labels':{'a':'b'}},'targetRefs':[{'kind':'Gateway'}]} | workloadSelector",
      })
  void what_Istio_refuses_is_refused(String spec, String path) {
    says(parse(spec), "ERROR", "spec." + path, "");
  }

  @Test
  void a_version_is_found_in_what_a_proxy_announces() {
    EnvoyFilter.Where where = new EnvoyFilter.Where(Context.GATEWAY, "^1\\.29.*");
    assertThat(where.holds(Context.GATEWAY, "1.29-weft")).isTrue();
    assertThat(where.holds(Context.GATEWAY, "1.28.1")).isFalse();
    assertThat(where.holds(Context.GATEWAY, "")).isFalse();
    assertThat(where.holds(Context.SIDECAR_INBOUND, "1.29-weft")).isFalse();
  }
}
