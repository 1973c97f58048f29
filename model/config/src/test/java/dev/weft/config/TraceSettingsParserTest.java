package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.types.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mesh says of traces. */
class TraceSettingsParserTest {
  private static MeshSettingsParser.Read mesh(String mesh) {
    return MeshSettingsParser.read(
        Json.parseObject(mesh.replace('\'', '"')), Map.of(), MeshSettings.defaults());
  }

  private static MeshSettingsParser.Read provider(String fields) {
    return mesh("{'extensionProviders':[" + fields + "]}");
  }

  @Test
  void a_mesh_that_says_nothing_traces_nothing() {
    assertThat(mesh("{'enableTracing':true}").settings().traces()).isEqualTo(TraceSettings.NONE);
  }

  @Test
  void providers_are_read_by_their_kinds() {
    MeshSettingsParser.Read read =
        mesh(
            "{'defaultProviders':{'tracing':['Z']},'extensionProviders':["
                + "{'name':'z','zipkin':{'service':'t/zipkin.t.svc.cluster.local','port':9411,"
                + "'maxTagLength':64,'enable64bitTraceId':true,'path':'/spans'}},"
                + "{'name':'grpc','opentelemetry':{'service':'otel.t','port':4317}},"
                + "{'name':'http','opentelemetry':{'service':'otel.t','port':4318,'http':{"
                + "'path':'v1/traces','timeout':'2s','headers':[{'name':'X-Key','value':'k'}]}}},"
                + "{'name':'file','envoyFileAccessLog':{}}]}");
    assertThat(read.diagnostics()).isEmpty();
    TraceSettings traces = read.settings().traces();
    TraceProvider zipkin =
        new TraceProvider(
            "z", "zipkin.t.svc.cluster.local", 9411, 64, new TraceProvider.Zipkin("/spans", true));
    assertThat(traces.usual()).isEqualTo(zipkin);
    assertThat(traces.byName())
        .containsOnly(
            Map.entry("z", zipkin),
            Map.entry(
                "grpc", new TraceProvider("grpc", "otel.t", 4317, 0, new TraceProvider.OtlpGrpc())),
            Map.entry(
                "http",
                new TraceProvider(
                    "http",
                    "otel.t",
                    4318,
                    0,
                    new TraceProvider.OtlpHttp(
                        "/v1/traces", Duration.ofSeconds(2), Map.of("x-key", "k")))));
  }

  @Test
  void what_proxies_are_told_holds_where_tracing_is_on() {
    String proxies =
        "'defaultConfig':{'tracing':{'zipkin':{'address':'zipkin.istio-system:9411'},"
            + "'sampling':50,'maxPathTagLength':99,'enableIstioTags':false,"
            + "'customTags':{'a':{'literal':{'value':'x'}}}}}";
    MeshSettingsParser.Read read = mesh("{" + proxies + "}");
    assertThat(read.diagnostics()).isEmpty();
    TraceSettings traces = read.settings().traces();
    assertThat(Objects.requireNonNull(traces.address()).host()).isEqualTo("zipkin.istio-system");
    assertThat(traces.sampling()).isEqualTo(50);
    assertThat(traces.maxPathLength()).isEqualTo(99);
    assertThat(traces.istioTags()).isFalse();
    assertThat(traces.tags()).containsOnly(Map.entry("a", new TraceTag.Literal("x")));
    assertThat(mesh("{'enableTracing':false," + proxies + "}").settings().traces().address())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name':'a','datadog':{'service':'x','port':1}} | extensionProviders[0].datadog",
        "{'name':'a','skywalking':{}} | extensionProviders[0].skywalking",
        "{'name':'a','zipkin':{'port':1}} | extensionProviders[0].zipkin.service",
        "{'name':'a','zipkin':{'service':'x'}} | extensionProviders[0].zipkin.port",
        "{'name':'a','zipkin':{'service':'x','port':1,'path':'a b'}} | "
            + "extensionProviders[0].zipkin.path",
        "{'name':'a','zipkin':{'service':'x','port':1,'traceContextOption':'USE_B3'}} | "
            + "extensionProviders[0].zipkin.traceContextOption",
        "{'name':'a','opentelemetry':{'service':'x','port':1,'grpc':{}}} | "
            + "extensionProviders[0].opentelemetry.grpc",
        "{'name':'a','opentelemetry':{'service':'x','port':1,'resourceDetectors':{}}} | "
            + "extensionProviders[0].opentelemetry.resourceDetectors",
        "{'name':'a','opentelemetry':{'service':'x','port':1,'dynatraceSampler':{}}} | "
            + "extensionProviders[0].opentelemetry.dynatraceSampler",
        "{'name':'a','opentelemetry':{'service':'x','port':1,'http':{'timeout':'0s'}}} | "
            + "extensionProviders[0].opentelemetry.http.timeout",
        "{'name':'a','opentelemetry':{'service':'x','port':1,'http':{'headers':"
            + "[{'name':'k','envName':'K'}]}}} | "
            + "extensionProviders[0].opentelemetry.http.headers[0].envName"
      })
  void what_is_not_carried_out_is_named(String provider, String path) {
    assertThat(provider(provider).diagnostics())
        .extracting(Diagnostic::path)
        .containsExactly("mesh." + path);
  }

  @Test
  void a_default_that_is_none_is_named() {
    MeshSettingsParser.Read read = mesh("{'defaultProviders':{'tracing':['x','y']}}");
    assertThat(read.diagnostics())
        .extracting(Diagnostic::path)
        .containsExactly("mesh.defaultProviders.tracing", "mesh.defaultProviders.tracing");
    assertThat(read.settings().traces().usual()).isNull();
  }

  @Test
  void an_address_that_is_none_and_a_sampling_of_zero_are_named() {
    MeshSettingsParser.Read read =
        mesh(
            "{'defaultConfig':{'tracing':{'zipkin':{'address':'zipkin'},'sampling':0,"
                + "'lightstep':{},'tlsSettings':{}}}}");
    assertThat(read.diagnostics())
        .extracting(Diagnostic::path)
        .containsExactlyInAnyOrder(
            "mesh.defaultConfig.tracing.zipkin.address",
            "mesh.defaultConfig.tracing.sampling",
            "mesh.defaultConfig.tracing.lightstep",
            "mesh.defaultConfig.tracing.tlsSettings");
    assertThat(read.settings().traces().sampling()).isEqualTo(1);
  }
}
