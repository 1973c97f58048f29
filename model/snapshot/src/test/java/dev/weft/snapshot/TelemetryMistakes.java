package dev.weft.snapshot;

import static dev.weft.snapshot.IstioObjects.object;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.snapshot.Mistakes.Case;
import dev.weft.types.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Mistakes in Telemetry objects, each with the code that it is reported by. */
final class TelemetryMistakes {
  private TelemetryMistakes() {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "two Telemetries for a namespace",
            w -> {
              w.put(telemetry("first", Map.of(), "envoy"));
              w.put(telemetry("second", Map.of(), "envoy"));
            },
            "IST0160",
            "spec.selector"),
        new Case(
            "two Telemetries for a pod",
            w -> {
              w.put(telemetry("all", Map.of(), "envoy"));
              w.put(telemetry("first", Map.of("app", "cart"), "envoy"));
              w.put(telemetry("second", Map.of("app", "cart"), "envoy"));
            },
            "IST0159",
            "spec.selector"),
        new Case(
            "a Telemetry for pods that are not there",
            w -> w.put(telemetry("lost", Map.of("app", "nobody"), "envoy")),
            "IST0127",
            "spec.selector.matchLabels"),
        new Case(
            "a log that nobody can write",
            w -> w.put(telemetry("lost", Map.of(), "als")),
            "IST0101",
            "spec.accessLogging[0].providers[0].name"),
        new Case(
            "spans for a provider that is none",
            w -> w.put(traces("als")),
            "IST0101",
            "spec.tracing[0].providers[0].name"),
        new Case(
            "spans for a service that is none",
            w -> {
              w.settings(mesh("'extensionProviders':[" + ZIPKIN + "]"));
              w.put(traces("zipkin"));
            },
            "IST0101",
            "spec.tracing[0].providers[0].name"),
        new Case(
            "spans of the whole mesh for a service that is none",
            w ->
                w.settings(
                    mesh(
                        "'defaultProviders':{'tracing':['zipkin']},'extensionProviders':["
                            + ZIPKIN
                            + "]")),
            "IST0101",
            "mesh.defaultProviders.tracing"),
        new Case(
            "an address for spans that is nobody's",
            w ->
                w.settings(
                    mesh("'defaultConfig':{'tracing':{'zipkin':{'address':'z.nowhere:1'}}}")),
            "IST0101",
            "mesh.defaultConfig.tracing.zipkin.address"));
  }

  private static final String ZIPKIN =
      "{'name':'zipkin','zipkin':{'service':'z.nowhere','port':1}}";

  private static MeshSettings mesh(String fields) {
    return MeshSettingsParser.read(
            Json.parseObject(("{" + fields + "}").replace('\'', '"')),
            Map.of(),
            MeshSettings.defaults())
        .settings();
  }

  private static ConfigObject traces(String provider) {
    return object(
        ConfigKind.TELEMETRY,
        "traced",
        Map.of("tracing", List.of(Map.of("providers", List.of(Map.of("name", provider))))));
  }

  private static ConfigObject telemetry(String name, Map<String, String> labels, String provider) {
    return object(
        ConfigKind.TELEMETRY,
        name,
        Map.of(
            "selector",
            Map.of("matchLabels", labels),
            "accessLogging",
            List.of(Map.of("providers", List.of(Map.of("name", provider))))));
  }
}
