package dev.weft.snapshot;

import static dev.weft.snapshot.IstioObjects.object;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.snapshot.Mistakes.Case;
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
            "spec.accessLogging[0].providers[0].name"));
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
