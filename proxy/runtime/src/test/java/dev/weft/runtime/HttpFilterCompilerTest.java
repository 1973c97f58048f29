package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.CompressionPolicy;
import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderMutations;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RateLimitPolicy.Entry;
import dev.weft.routing.RateLimitRule;
import dev.weft.routing.RateLimitRules;
import dev.weft.routing.Route;
import dev.weft.routing.TokenBucket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters of Envoy's types, in a listener and by route, are carried out or refused by name. */
class HttpFilterCompilerTest {
  private static final String HTTP = "'@type':'type.googleapis.com/envoy.extensions.filters.http.";
  private static final String LIMIT = HTTP + "local_ratelimit.v3.LocalRateLimit',";
  private static final String COMPRESSOR = HTTP + "compressor.v3.Compressor',";
  private static final String PER_ROUTE = HTTP + "compressor.v3.CompressorPerRoute',";
  private static final String BUCKET = "'tokenBucket':{'maxTokens':4,'fillInterval':'60s'}";

  private static String gzip(String fields) {
    return "'compressorLibrary':{'name':'gzip','typedConfig':{'@type':'type.googleapis.com/"
        + "envoy.extensions.compression.gzip.compressor.v3.Gzip'"
        + fields
        + "}}";
  }

  private static Compiled compile(String filter, String host, String route, String action) {
    String listener =
        "{'name':'l','address':{'socketAddress':{'address':'0.0.0.0','portValue':80}},"
            + "'filterChains':[{'name':'c','filters':[{'name':'hcm','typedConfig':{'@type':"
            + "'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',"
            + "'statPrefix':'s','rds':{'routeConfigName':'r','configSource':{'ads':{}}},'httpFilters':["
            + (filter.isEmpty() ? "" : "{'name':'f','typedConfig':{" + filter + "}},")
            + "{'name':'router','typedConfig':{"
            + HTTP
            + "router.v3.Router'}}]}}]}]}";
    String table =
        "{'name':'r','virtualHosts':[{'name':'h','domains':['*'],"
            + host
            + "'routes':[{"
            + route
            + "'match':{'prefix':'/'},'route':{"
            + action
            + "'cluster':'c'}}]}]}";
    return RuntimeConfigCompiler.compile(
        RuntimeConfig.EMPTY,
        List.of(Xds.listener(listener.replace('\'', '"')), Xds.route(table.replace('\'', '"'))));
  }

  private static HttpFilter filter(String config) {
    Compiled compiled = compile(config, "", "", "");
    assertThat(compiled.rejections()).isEmpty();
    Listener listener = Objects.requireNonNull(compiled.config().listeners().get("l"));
    return ((HttpPipeline) listener.chains().chains().getFirst().pipeline()).filters().getFirst();
  }

  private static Route route(Compiled compiled) {
    assertThat(compiled.rejections()).isEmpty();
    return Objects.requireNonNull(compiled.config().routeTables().get("r"))
        .virtualHosts()
        .getFirst()
        .routes()
        .getFirst();
  }

  private static String perFilter(String... configs) {
    StringBuilder out = new StringBuilder("'typedPerFilterConfig':{");
    for (int i = 0; i < configs.length; i++) {
      out.append(i == 0 ? "" : ",").append("'f").append(i).append("':{").append(configs[i]);
      out.append("}");
    }
    return out.append("},").toString();
  }

  @Test
  void a_limit_that_says_only_what_it_must_looks_at_no_request() {
    RateLimitPolicy limit =
        ((HttpFilter.LocalRateLimit) filter(LIMIT + "'statPrefix':'p'")).policy();
    assertThat(limit.bucket()).isNull();
    assertThat(limit.enabled()).isEqualTo(Fraction.NONE);
    assertThat(limit.enforced()).isEqualTo(Fraction.NONE);
    assertThat(limit.refusal().status()).isEqualTo(429);
    assertThat(limit.alwaysDefault()).isTrue();
    assertThat(limit.name()).isEqualTo("l/c/0");
  }

  @Test
  void a_limit_is_read_with_all_its_fields() {
    RateLimitPolicy limit =
        ((HttpFilter.LocalRateLimit)
                filter(
                    LIMIT
                        + "'statPrefix':'p','status':{'code':503},"
                        + "'tokenBucket':{'maxTokens':4,'tokensPerFill':2,'fillInterval':'0.05s'},"
                        + "'filterEnabled':{'runtimeKey':'k','defaultValue':{'numerator':100}},"
                        + "'filterEnforced':{'defaultValue':{'numerator':5,'denominator':'TEN_THOUSAND'}},"
                        + "'requestHeadersToAddWhenNotEnforced':[{'header':{'key':'X-A','value':'1'}}],"
                        + "'responseHeadersToAdd':[{'header':{'key':'X-B','value':'2'}}],"
                        + "'descriptors':[{'entries':[{'key':'remote_address','value':'::1'},"
                        + "{'key':'k','value':'v'}],'tokenBucket':{'maxTokens':1,'fillInterval':'1s'}}],"
                        + "'stage':3,'localRateLimitPerDownstreamConnection':true,"
                        + "'enableXRatelimitHeaders':'DRAFT_VERSION_03','vhRateLimits':'INCLUDE',"
                        + "'alwaysConsumeDefaultTokenBucket':false,"
                        + "'rateLimitedAsResourceExhausted':true,'maxDynamicDescriptors':7,"
                        + "'rateLimits':[{'actions':[{'requestHeaders':{'headerName':':Path',"
                        + "'descriptorKey':'path','skipIfAbsent':true}},{'remoteAddress':{}},"
                        + "{'genericKey':{'descriptorValue':'g'}}]}]"))
            .policy();
    assertThat(limit.bucket()).isEqualTo(new TokenBucket(4, 2, Duration.ofMillis(50)));
    assertThat(limit.enabled()).isEqualTo(Fraction.ALL);
    assertThat(limit.enforced()).isEqualTo(new Fraction(500));
    assertThat(limit.marks().edits().getFirst().name()).isEqualTo("x-a");
    assertThat(limit.refusal().status()).isEqualTo(503);
    assertThat(limit.refusal().exhausted()).isTrue();
    assertThat(limit.refusal().headers().edits().getFirst().name()).isEqualTo("x-b");
    assertThat(limit.limits())
        .containsExactly(
            new RateLimitPolicy.Limit(
                List.of(new Entry("remote_address", "0:0:0:0:0:0:0:1"), new Entry("k", "v")),
                new TokenBucket(1, 1, Duration.ofSeconds(1))));
    assertThat(limit.rules())
        .containsExactly(
            new RateLimitRule(
                0,
                List.of(
                    new RateLimitRule.Header(":path", "path", true),
                    new RateLimitRule.Client(),
                    new RateLimitRule.Fixed("generic_key", "g"))));
    assertThat(limit.stage()).isEqualTo(3);
    assertThat(limit.hostRules()).isEqualTo(RateLimitPolicy.HostRules.ALWAYS);
    assertThat(limit.alwaysDefault()).isFalse();
    assertThat(limit.perConnection()).isTrue();
    assertThat(limit.tellsQuota()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'tokenBucket':{'maxTokens':0,'fillInterval':'1s'} | token_bucket.max_tokens",
        "'tokenBucket':{'maxTokens':1,'fillInterval':'0.049s'} | token_bucket.fill_interval",
        "'tokenBucket':{'maxTokens':1} | token_bucket.fill_interval",
        "'tokenBucket':{'maxTokens':1,'tokensPerFill':0,'fillInterval':'1s'} | tokens_per_fill",
        "'filterEnabled':{} | filter_enabled.default_value",
        "'localClusterRateLimit':{} | local_cluster_rate_limit",
        "'stage':11 | stage",
        "'responseHeadersToAdd':[{'header':{'key':'content-length','value':'1'}}] | response_headers",
        "'descriptors':[{'entries':[{'key':'k'}],'tokenBucket':{'maxTokens':1,'fillInterval':'1s'}}] | value",
        "'descriptors':[{'entries':[{'key':'k','value':'v'}]}] | token_bucket",
        "'rateLimits':[{'actions':[{'sourceCluster':{}}]}] | actions[0].action_specifier",
        "'rateLimits':[{'disableKey':'k','actions':[{'remoteAddress':{}}]}] | disable_key",
      })
  void what_a_limit_cannot_do_is_refused_by_name(String fields, String field) {
    assertThat(compile(LIMIT + "'statPrefix':'p'," + fields, "", "", "").rejections())
        .singleElement()
        .satisfies(r -> assertThat(r.field()).contains(field));
  }

  @Test
  void the_most_specific_limit_holds_and_bears_the_name_of_its_place() {
    String host = perFilter(LIMIT + "'statPrefix':'host'," + BUCKET);
    RateLimitPolicy ofHost =
        Objects.requireNonNull(route(compile("", host, "", "")).policy(RateLimitPolicy.class));
    assertThat(ofHost.statPrefix()).isEqualTo("host");
    assertThat(ofHost.name()).isEqualTo("r/h#f0");
    String route = perFilter(LIMIT + "'statPrefix':'route'," + BUCKET);
    RateLimitPolicy ofRoute =
        Objects.requireNonNull(route(compile("", host, route, "")).policy(RateLimitPolicy.class));
    assertThat(ofRoute.statPrefix()).isEqualTo("route");
    assertThat(ofRoute.name()).isEqualTo("r/h/0#f0");
  }

  @Test
  void a_limit_of_a_route_has_a_bucket_and_there_is_one_of_them() {
    assertThat(compile("", perFilter(LIMIT + "'statPrefix':'p'"), "", "").rejections())
        .singleElement()
        .satisfies(r -> assertThat(r.field()).endsWith("token_bucket"));
    String one = LIMIT + "'statPrefix':'p'," + BUCKET;
    assertThat(compile("", perFilter(one, one), "", "").rejections())
        .singleElement()
        .satisfies(r -> assertThat(r.field()).endsWith("typed_per_filter_config[f1]"));
  }

  @Test
  void routes_and_virtual_hosts_say_by_what_requests_are_told_apart() {
    String client = "'rateLimits':[{'actions':[{'remoteAddress':{}}]}],";
    String match =
        "'rateLimits':[{'stage':2,'actions':[{'headerValueMatch':{'descriptorValue':'v',"
            + "'expectMatch':false,'headers':[{'name':'X-A','presentMatch':true}]}}]}],"
            + "'includeVhRateLimits':true,";
    RateLimitRules rules =
        Objects.requireNonNull(route(compile("", client, "", match)).policy(RateLimitRules.class));
    assertThat(rules.host())
        .containsExactly(new RateLimitRule(0, List.of(new RateLimitRule.Client())));
    assertThat(rules.both()).isTrue();
    assertThat(rules.route())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.stage()).isEqualTo(2);
              assertThat(rule.parts().getFirst())
                  .isInstanceOfSatisfying(
                      RateLimitRule.Matching.class,
                      part -> {
                        assertThat(part.key()).isEqualTo("header_match");
                        assertThat(part.expected()).isFalse();
                      });
            });
    assertThat(route(compile("", "", "", "")).policies()).isEmpty();
  }

  @Test
  void a_compressor_has_envoys_defaults() {
    assertThat(filter(COMPRESSOR + gzip("")))
        .isInstanceOfSatisfying(
            HttpFilter.Compressor.class,
            it -> {
              assertThat(it.enabled()).isTrue();
              assertThat(it.level()).isEqualTo(-1);
              assertThat(it.minLength()).isEqualTo(30);
              assertThat(it.types()).hasSize(18).contains("application/json", "text/html");
              assertThat(it.refusesTags()).isFalse();
              assertThat(it.hidesAcceptEncoding()).isFalse();
            });
  }

  @Test
  void a_compressor_is_read_in_its_newer_and_its_older_form() {
    HttpFilter.Compressor wanted =
        new HttpFilter.Compressor(
            "compressor.gzip.gzip.response",
            false,
            9,
            HttpFilter.Compressor.Strategy.FILTERED,
            100,
            List.of("text/css"),
            true,
            true,
            List.of(404));
    String library =
        gzip(
            ",'memoryLevel':9,'windowBits':15,'chunkSize':8192,"
                + "'compressionLevel':'BEST_COMPRESSION','compressionStrategy':'FILTERED'");
    assertThat(
            filter(
                COMPRESSOR
                    + library
                    + ",'requestDirectionConfig':{'commonConfig':{'enabled':{'defaultValue':false,"
                    + "'runtimeKey':'k'},'minContentLength':1}},'contentLength':1,'chooseFirst':true,"
                    + "'responseDirectionConfig':{'commonConfig':{'enabled':{'defaultValue':false,"
                    + "'runtimeKey':'k'},'minContentLength':100,'contentType':['Text/CSS']},"
                    + "'disableOnEtagHeader':true,'removeAcceptEncodingHeader':true,"
                    + "'uncompressibleResponseCodes':[404]}"))
        .isEqualTo(wanted);
    assertThat(
            filter(
                COMPRESSOR
                    + library
                    + ",'contentLength':100,'contentType':['text/css'],'disableOnEtagHeader':true,"
                    + "'removeAcceptEncodingHeader':true,'runtimeEnabled':{'defaultValue':false,"
                    + "'runtimeKey':'k'}"))
        .isEqualTo(
            new HttpFilter.Compressor(
                "compressor.gzip.gzip",
                false,
                9,
                wanted.strategy(),
                100,
                wanted.types(),
                true,
                true,
                List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ",'requestDirectionConfig':{} | `` | request_direction_config.common_config.enabled",
        "`` | ,'compressionStrategy':'RLE' | compression_strategy",
      })
  void what_a_compressor_cannot_do_is_refused_by_name(String more, String gzip, String field) {
    assertThat(compile(COMPRESSOR + gzip(gzip) + more, "", "", "").rejections())
        .singleElement()
        .satisfies(r -> assertThat(r.field()).endsWith(field));
  }

  @Test
  void a_route_turns_compression_off_or_changes_it() {
    assertThat(
            route(compile("", perFilter(PER_ROUTE + "'disabled':true"), "", ""))
                .policy(CompressionPolicy.class))
        .isEqualTo(new CompressionPolicy(false, null));
    assertThat(
            route(
                    compile(
                        "",
                        "",
                        perFilter(
                            PER_ROUTE
                                + "'overrides':{'responseDirectionConfig':"
                                + "{'removeAcceptEncodingHeader':true}}"),
                        ""))
                .policy(CompressionPolicy.class))
        .isEqualTo(new CompressionPolicy(true, true));
    assertThat(
            route(compile("", "", perFilter(PER_ROUTE + "'overrides':{}"), ""))
                .policy(CompressionPolicy.class))
        .isEqualTo(new CompressionPolicy(null, null));
  }

  private static String mutation(String level) {
    return "{'append':{'header':{'key':'X-Level','value':'" + level + "'}}}";
  }

  @Test
  void mutations_keep_their_order_and_those_of_all_places_hold() {
    HttpFilter own =
        filter(
            HTTP
                + "header_mutation.v3.HeaderMutation','mutations':{'requestMutations':[{'remove':'A'},"
                + mutation("own")
                + ",{'remove':'b'}],'responseMutations':["
                + mutation("own")
                + "]},'mostSpecificHeaderMutationsWins':true");
    assertThat(own)
        .isInstanceOfSatisfying(
            HttpFilter.HeaderMutation.class,
            it -> {
              assertThat(it.specificLast()).isTrue();
              assertThat(it.own().response()).hasSize(1);
              assertThat(it.own().request())
                  .extracting(HeaderEdits::remove)
                  .containsExactly(List.of("a"), List.of("b"));
            });
    String type = HTTP + "header_mutation.v3.HeaderMutationPerRoute',";
    HeaderMutations here =
        Objects.requireNonNull(
            route(
                    compile(
                        "",
                        perFilter(
                            type + "'mutations':{'requestMutations':[" + mutation("host") + "]}"),
                        perFilter(
                            type + "'mutations':{'requestMutations':[" + mutation("route") + "]}"),
                        ""))
                .policy(HeaderMutations.class));
    assertThat(here.levels())
        .extracting(level -> level.request().getFirst().edits().getFirst().value())
        .containsExactly("route", "host");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'requestMutations':[{'remove':'host'}] | request_mutations[0].key",
        "'responseMutations':[{'append':{'header':{'key':'content-length'}}}] | append.key",
        "'queryParameterMutations':[{'remove':'a'}] | query_parameter_mutations",
      })
  void what_mutations_cannot_do_is_refused_by_name(String mutations, String field) {
    assertThat(
            compile(
                    HTTP + "header_mutation.v3.HeaderMutation','mutations':{" + mutations + "}",
                    "",
                    "",
                    "")
                .rejections())
        .singleElement()
        .satisfies(r -> assertThat(r.field()).endsWith(field));
  }
}
