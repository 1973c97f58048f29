package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.AccessLog.Format;
import dev.weft.types.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What proxies tell of traffic, as people write it. */
class TelemetryParserTest {
  private static Map<String, ?> json(String text) {
    return Json.parseObject(text.replace('\'', '"'));
  }

  private static Parsed parse(String spec) {
    return ObjectParser.parse(
        ConfigKind.TELEMETRY,
        json("{'metadata':{'name':'t','namespace':'shop'},'spec':" + spec + "}"));
  }

  private static MeshSettingsParser.Read mesh(String mesh) {
    return MeshSettingsParser.read(json(mesh), Map.of(), MeshSettings.defaults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'accessLogging':[{'providers':[{'name':''}]}]} |"
            + " ERROR | spec.accessLogging[0].providers[0].name | extensionProviders",
        "{'accessLogging':[{'match':{'mode':'BOTH'}}]} |"
            + " ERROR | spec.accessLogging[0].match.mode | CLIENT_AND_SERVER",
        "{'accessLogging':[{'filter':{'expression':'request.path.matches(1)'}}]} |"
            + " WARNING | spec.accessLogging[0].filter.expression | everything is logged",
        "{'metrics':[{'overrides':[{'match':{'metric':'REQUESTS'}}]}]} |"
            + " ERROR | spec.metrics[0].overrides[0].match.metric | REQUEST_COUNT",
        "{'metrics':[{'overrides':[{'match':{'customMetric':'a','metric':'REQUEST_COUNT'}}]}]} |"
            + " ERROR | spec.metrics[0].overrides[0].match.customMetric | keep one",
        "{'metrics':[{'overrides':[{'tagOverrides':{'a':{'value':'request.host'}}}]}]} |"
            + " WARNING | spec.metrics[0].overrides[0].tagOverrides.a.value | stays as it is",
        "{'metrics':[{'overrides':[{'tagOverrides':{'a':{}}}]}]} |"
            + " ERROR | spec.metrics[0].overrides[0].tagOverrides.a.value | REMOVE",
        "{'metrics':[{'overrides':[{'tagOverrides':{'a-b':{'operation':'REMOVE'}}}]}]} |"
            + " ERROR | spec.metrics[0].overrides[0].tagOverrides.a-b | name of a label",
        "{'tracing':[{'randomSamplingPercentage':101}]} |"
            + " ERROR | spec.tracing[0].randomSamplingPercentage | from 0.0 to 100.0",
        "{'tracing':[{'randomSamplingPercentage':'NaN'}]} |"
            + " ERROR | spec.tracing[0].randomSamplingPercentage | from 0.0 to 100.0",
        "{'tracing':[{'providers':[{'name':'a'},{'name':'b'}]}]} |"
            + " WARNING | spec.tracing[0].providers | to a",
        "{'tracing':[{'disableContextPropagation':true}]} |"
            + " WARNING | spec.tracing[0].disableContextPropagation | in any case",
        "{'tracing':[{'customTags':{'a':{'formatter':{'value':'%PROTOCOL%'}}}}]} |"
            + " WARNING | spec.tracing[0].customTags.a.formatter | do not get the tag",
        "{'tracing':[{'customTags':{'a':{'literal':{}}}}]} |"
            + " ERROR | spec.tracing[0].customTags.a.literal.value | a text",
        "{'tracing':[{'customTags':{'a':{'header':{'name':'a b'}}}}]} |"
            + " ERROR | spec.tracing[0].customTags.a.header.name | cannot be",
        "{'tracing':[{'customTags':{'a':{'environment':{}}}}]} |"
            + " ERROR | spec.tracing[0].customTags.a.environment.name | a variable",
        "{'selector':{'matchLabels':{'a':'b'}},'targetRefs':[{'name':'x'}]} |"
            + " ERROR | spec.selector | keep one"
      })
  void what_cannot_be_carried_out_is_named_with_its_field(
      String spec, Diagnostic.Severity severity, String path, String message) {
    assertThat(parse(spec).diagnostics())
        .anySatisfy(
            d -> {
              assertThat(d.severity()).isEqualTo(severity);
              assertThat(d.path()).isEqualTo(path);
              assertThat(d.message()).contains(message);
            });
  }

  @Test
  void traces_are_read_with_what_is_left_as_it_was() {
    Parsed parsed =
        parse(
            "{'tracing':[{'providers':[{'name':'zipkin'}],'match':{'mode':'SERVER'},"
                + "'randomSamplingPercentage':12.5,'useRequestIdForTraceSampling':false,"
                + "'enableIstioTags':false,'disableSpanReporting':true,'customTags':{"
                + "'a':{'literal':{'value':'x'}},"
                + "'b':{'header':{'name':'X-User','defaultValue':'nobody'}},"
                + "'c':{'environment':{'name':'HOME'}}}},{}]}");
    assertThat(parsed.diagnostics()).isEmpty();
    assertThat(((Telemetry) parsed.value().orElseThrow()).tracing())
        .containsExactly(
            new Telemetry.Tracing(
                Telemetry.Mode.SERVER,
                "zipkin",
                true,
                12.5,
                Map.of(
                    "a", new TraceTag.Literal("x"),
                    "b", new TraceTag.Header("X-User", "nobody"),
                    "c", new TraceTag.Environment("HOME", "")),
                false,
                false),
            new Telemetry.Tracing(
                Telemetry.Mode.CLIENT_AND_SERVER, "", null, null, Map.of(), null, null));
  }

  @Test
  void files_of_the_mesh_are_providers_with_formats_of_their_own() {
    MeshSettingsParser.Read read =
        mesh(
            "{'accessLogFormat':'istio-json','extensionProviders':["
                + "{'name':'als','envoyHttpAls':{'service':'x','port':1}},"
                + "{'name':'plain','envoyFileAccessLog':{}},"
                + "{'name':'text','envoyFileAccessLog':{'path':'/a','logFormat':{'text':'x'}}},"
                + "{'name':'labels','envoyFileAccessLog':{'logFormat':{'labels':{'a':'%PROTOCOL%'}}}}"
                + "]}");
    assertThat(read.diagnostics()).isEmpty();
    LogProviders providers = read.settings().logProviders();
    assertThat(providers.byName())
        .isEqualTo(
            Map.of(
                "envoy", new AccessLog("/dev/stdout", new Format.IstioJson()),
                "plain", new AccessLog("/dev/stdout", new Format.Text()),
                "text", new AccessLog("/a", new Format.CustomText("x")),
                "labels",
                    new AccessLog(
                        "/dev/stdout", new Format.CustomJson(Map.of("a", "%PROTOCOL%")))));
    assertThat(providers.find("ENVOY")).isPresent();
    assertThat(providers.find("als")).isEmpty();
  }

  @Test
  void the_provider_that_every_mesh_has_may_be_written_anew() {
    assertThat(
            mesh("{'extensionProviders':[{'name':'envoy','envoyFileAccessLog':{'path':'/a'}}]}")
                .settings()
                .logProviders()
                .byName())
        .isEqualTo(Map.of("envoy", new AccessLog("/a", new Format.Asm())));
  }

  @Test
  void formats_that_proxies_refuse_and_defaults_that_are_no_files_are_errors() {
    MeshSettingsParser.Read read =
        mesh(
            "{'defaultProviders':{'accessLogging':['als','envoy']},'extensionProviders':["
                + "{'name':'bad','envoyFileAccessLog':{'logFormat':{'text':'%NOTHING%'}}},"
                + "{'name':'worse','envoyFileAccessLog':{'logFormat':{'labels':{'a':'%B%'}}}}]}");
    assertThat(read.diagnostics())
        .extracting(Diagnostic::path)
        .containsExactly(
            "mesh.extensionProviders[0].envoyFileAccessLog.logFormat.text",
            "mesh.extensionProviders[1].envoyFileAccessLog.logFormat.labels.a",
            "mesh.defaultProviders.accessLogging");
    assertThat(read.settings().logProviders().defaults()).isEqualTo(List.of("envoy"));
  }
}
