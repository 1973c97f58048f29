package dev.weft.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.ObjectParser;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Side;
import dev.weft.config.TraceSettings;
import dev.weft.config.TraceTag;
import dev.weft.snapshot.TraceMerge.Traced;
import dev.weft.types.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of which requests spans are made, of what the mesh and objects say. */
class TracesTest {
  private static final String PROVIDERS =
      "'extensionProviders':[{'name':'z','zipkin':{'service':'z.t','port':1,'maxTagLength':7}},"
          + "{'name':'o','opentelemetry':{'service':'o.t','port':2}}]";
  private static final String PROXIES =
      "'defaultConfig':{'tracing':{'zipkin':{'address':'a.t:3'},'sampling':20,"
          + "'maxPathTagLength':9,'customTags':{'mesh':{'literal':{'value':'x'}}}}}";

  private static TraceSettings mesh(String fields) {
    return MeshSettingsParser.read(
            Json.parseObject(("{" + fields + "}").replace('\'', '"')),
            Map.of(),
            MeshSettings.defaults())
        .settings()
        .traces();
  }

  private static List<Telemetry> holding(String... entries) {
    return Stream.of(entries)
        .map(
            entry ->
                (Telemetry)
                    ObjectParser.parse(
                            ConfigKind.TELEMETRY,
                            Json.parseObject(
                                ("{'metadata':{'name':'t','namespace':'shop'},'spec':{'tracing':["
                                        + entry
                                        + "]}}")
                                    .replace('\'', '"')))
                        .value()
                        .orElseThrow())
        .toList();
  }

  private static Optional<Traced> client(String mesh, String... entries) {
    return TraceMerge.traces(mesh(mesh), holding(entries), Side.CLIENT);
  }

  private static String provider(Optional<Traced> traced) {
    return traced.map(t -> t.provider().name()).orElse("none");
  }

  @Test
  void an_address_of_the_mesh_holds_until_somebody_speaks_of_traces() {
    Traced traced = client(PROXIES).orElseThrow();
    assertThat(traced.provider().host()).isEqualTo("a.t");
    assertThat(traced.sampling()).isEqualTo(20);
    assertThat(traced.maxPathLength()).isEqualTo(9);
    assertThat(traced.tags()).containsOnlyKeys("mesh");
    assertThat(client(PROXIES, "{}")).isEmpty();
    assertThat(client("'enableTracing':false," + PROXIES)).isEmpty();
  }

  @Test
  void a_provider_is_named_by_an_object_or_is_the_usual_one() {
    assertThat(client(PROVIDERS)).isEmpty();
    assertThat(provider(client(PROVIDERS, "{'providers':[{'name':'Z'}]}"))).isEqualTo("z");
    String usual = PROVIDERS + ",'defaultProviders':{'tracing':['o']}";
    assertThat(provider(client(usual))).isEqualTo("o");
    assertThat(provider(client(usual, "{'providers':[{'name':'z'}]}"))).isEqualTo("z");
    assertThat(provider(client(usual, "{'providers':[{'name':'unknown'}]}"))).isEqualTo("none");
  }

  @Test
  void narrower_scopes_come_last_and_leave_what_they_do_not_name() {
    Traced traced =
        client(
                PROVIDERS + "," + PROXIES,
                "{'providers':[{'name':'z'}],'randomSamplingPercentage':5,"
                    + "'customTags':{'a':{'literal':{'value':'1'}}}}",
                "{'enableIstioTags':false,'useRequestIdForTraceSampling':false}",
                "{'randomSamplingPercentage':0,'customTags':{'b':{'literal':{'value':'2'}}}}")
            .orElseThrow();
    assertThat(traced.provider().name()).isEqualTo("z");
    assertThat(traced.sampling()).isZero();
    assertThat(traced.istioTags()).isFalse();
    assertThat(traced.byRequestId()).isFalse();
    assertThat(traced.tags()).containsOnly(Map.entry("b", new TraceTag.Literal("2")));
    assertThat(traced.maxPathLength()).isEqualTo(7);
  }

  @Test
  void a_side_is_turned_off_and_on_again() {
    String[] entries = {
      "{'providers':[{'name':'z'}]}", "{'match':{'mode':'SERVER'},'disableSpanReporting':true}"
    };
    assertThat(TraceMerge.traces(mesh(PROVIDERS), holding(entries), Side.SERVER)).isEmpty();
    assertThat(provider(client(PROVIDERS, entries))).isEqualTo("z");
    List<Telemetry> again = holding(entries[0], entries[1], "{'disableSpanReporting':false}");
    assertThat(TraceMerge.traces(mesh(PROVIDERS), again, Side.SERVER)).isPresent();
  }
}
