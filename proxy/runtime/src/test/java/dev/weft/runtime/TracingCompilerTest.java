package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tracing of connection managers is carried out, or refused by name. */
class TracingCompilerTest {
  private static final String ZIPKIN =
      "'collectorCluster':'zipkin','collectorEndpoint':'/api/v2/spans',"
          + "'collectorEndpointVersion':'HTTP_JSON','sharedSpanContext':false";
  private static final String GRPC =
      "'grpcService':{'envoyGrpc':{'clusterName':'outbound|1||otel'}}";

  private static Compiled compile(String tracing, String more) {
    return RuntimeConfigCompiler.compile(
        RuntimeConfig.EMPTY,
        List.of(
            Xds.listener(
                ("{'name':'l','address':{'socketAddress':{'address':'0.0.0.0','portValue':80}},"
                        + "'filterChains':[{'filters':[{'name':'hcm','typedConfig':{'@type':"
                        + "'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',"
                        + "'statPrefix':'s','routeConfig':{'name':'r'},'httpFilters':[{'name':'router',"
                        + "'typedConfig':{'@type':'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router'}}],"
                        + more
                        + "'tracing':{"
                        + tracing
                        + "}}}]}]}")
                    .replace('\'', '"'))));
  }

  private static String provider(String kind, String fields) {
    return "'provider':{'name':'n','typedConfig':{'@type':'type.googleapis.com/envoy.config.trace.v3."
        + kind
        + "',"
        + fields
        + "}}";
  }

  private static @Nullable Tracing tracing(String tracing, String more) {
    Compiled compiled = compile(tracing, more);
    assertThat(compiled.rejections()).isEmpty();
    Listener listener = Objects.requireNonNull(compiled.config().listeners().get("l"));
    return ((HttpPipeline) listener.chains().chains().getFirst().pipeline()).tracing();
  }

  @Test
  void without_a_provider_nothing_is_traced() {
    assertThat(tracing("'randomSampling':{'value':1}", "")).isNull();
  }

  @Test
  void zipkin_is_read_with_samplings_and_tags() {
    assertThat(
            tracing(
                "'clientSampling':{'value':100},'randomSampling':{'value':12.34},"
                    + "'overallSampling':{'value':50},'maxPathTagLength':7,'spawnUpstreamSpan':true,"
                    + "'customTags':[{'tag':'a','literal':{'value':'x'}},"
                    + "{'tag':'b','requestHeader':{'name':'X-B','defaultValue':'y'}},"
                    + "{'tag':'c','environment':{'name':'HOME'}},"
                    + "{'tag':'d','metadata':{'kind':{'request':{}},'metadataKey':{'key':'k'}}},"
                    + "{'tag':'e','metadata':{'metadataKey':{'key':'k'},'defaultValue':'z'}}],"
                    + provider("ZipkinConfig", ZIPKIN + ",'traceId128bit':true"),
                ""))
        .isEqualTo(
            new Tracing(
                new Tracing.Sampling(10_000, 1234, 5000),
                true,
                true,
                7,
                List.of(
                    new Tracing.Tag("a", new Tracing.Literal("x")),
                    new Tracing.Tag("b", new Tracing.Header("x-b", "y")),
                    new Tracing.Tag("c", new Tracing.Environment("HOME", "")),
                    new Tracing.Tag("e", new Tracing.Literal("z"))),
                new Tracing.Zipkin("zipkin", "zipkin", "/api/v2/spans", true)));
  }

  @Test
  void opentelemetry_is_read_over_grpc_and_over_http() {
    Tracing grpc =
        tracing(
            provider("OpenTelemetryConfig", GRPC + ",'serviceName':'web.shop'"),
            "'requestIdExtension':{'typedConfig':{'@type':"
                + "'type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig',"
                + "'packTraceReason':false,'useRequestIdForTraceSampling':false}},");
    assertThat(grpc)
        .isEqualTo(
            new Tracing(
                new Tracing.Sampling(10_000, 10_000, 10_000),
                false,
                false,
                256,
                List.of(),
                new Tracing.Otlp(
                    "outbound|1||otel",
                    "outbound_.1_._.otel",
                    "web.shop",
                    "",
                    Duration.ofSeconds(5),
                    Map.of())));
    Tracing http =
        tracing(
            provider(
                "OpenTelemetryConfig",
                "'httpService':{'httpUri':{'uri':'http://otel:4318/v1/traces','cluster':'c','timeout':'2s'},"
                    + "'requestHeadersToAdd':[{'header':{'key':'X-Key','value':'k'},'appendAction':'OVERWRITE_IF_EXISTS_OR_ADD'}]}"),
            "");
    assertThat(Objects.requireNonNull(http).collector())
        .isEqualTo(
            new Tracing.Otlp(
                "c", "otel:4318", "", "/v1/traces", Duration.ofSeconds(2), Map.of("x-key", "k")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`'verbose':true,` | ZIPKIN | verbose",
        "`'randomSampling':{'value':101},` | ZIPKIN | random_sampling.value",
        "`'customTags':[{'tag':'a'}],` | ZIPKIN | custom_tags[0].type",
        "`` | 'sharedSpanContext':true | shared_span_context",
        "`` | 'collectorEndpointVersion':'HTTP_PROTO' | collector_endpoint_version",
        "`` | 'splitSpansForRequest':true | split_spans_for_request",
        "`` | 'collectorEndpoint':'spans' | collector_endpoint",
        "`` | 'collectorEndpoint':'/a b' | collector_endpoint",
        "`` | 'collectorHostname':'a b' | collector_hostname",
        "`` | 'collectorCluster':'' | collector_cluster"
      })
  void what_is_not_carried_out_is_refused_by_name(String tracing, String zipkin, String field) {
    String fields = zipkin.equals("ZIPKIN") ? ZIPKIN : merged(zipkin);
    assertThat(compile(tracing + provider("ZipkinConfig", fields), "").rejections())
        .singleElement()
        .satisfies(r -> assertThat(r.field()).contains(field));
  }

  private static String merged(String field) {
    String name = field.substring(0, field.indexOf(':'));
    return ZIPKIN.replaceAll(name + ":('[^']*'|false)", field)
        + (ZIPKIN.contains(name) ? "" : "," + field);
  }

  @Test
  void other_providers_samplers_and_detectors_are_refused_by_name() {
    assertThat(compile(provider("DatadogConfig", "'collectorCluster':'c','serviceName':'s'"), ""))
        .satisfies(c -> assertThat(c.rejections().getFirst().reason()).contains("DatadogConfig"));
    assertThat(
            compile(
                    provider(
                        "OpenTelemetryConfig",
                        GRPC
                            + ",'sampler':{'name':'s','typedConfig':{'@type':'type.googleapis.com/envoy.extensions.tracers.opentelemetry.samplers.v3.AlwaysOnSamplerConfig'}}"),
                    "")
                .rejections()
                .getFirst()
                .field())
        .contains("sampler");
  }
}
