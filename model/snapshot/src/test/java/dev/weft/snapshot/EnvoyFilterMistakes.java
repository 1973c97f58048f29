package dev.weft.snapshot;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.Context;
import dev.weft.config.EnvoyFilter.ListenerMatch;
import dev.weft.config.EnvoyFilter.MergeFilter;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.Position;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import dev.weft.config.EnvoyFilter.Where;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectParser;
import dev.weft.config.PolicyTarget;
import dev.weft.config.TypedConfig;
import dev.weft.snapshot.Mistakes.Case;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Mistakes in EnvoyFilter objects, each with the code that it is reported by. */
final class EnvoyFilterMistakes {
  private static final Where ANYWHERE = new Where(Context.ANY, "");

  private EnvoyFilterMistakes() {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "an EnvoyFilter for pods that are not there",
            w -> w.put(filter("lost", Map.of("app", "nobody"), add("", "own"))),
            "IST0127",
            "spec.workloadSelector.labels"),
        new Case(
            "an anchor that is nowhere",
            w -> w.put(filter("lost", Map.of(), add("envoy.filters.http.lua", "own"))),
            "IST0101",
            "spec.configPatches"),
        new Case(
            "a filter that nobody added is taken away",
            w ->
                w.put(
                    filter("lost", Map.of(), new RemoveFilter(ANYWHERE, ListenerMatch.ANY, "own"))),
            "IST0101",
            "spec.configPatches"),
        new Case(
            "an anchor of another EnvoyFilter",
            w -> {
              w.put(filter("first", Map.of(), add("", "limit")));
              w.put(filter("second", Map.of(), add("limit", "own")));
            },
            "IST0151",
            "spec.priority"),
        new Case(
            "what is merged is of another type",
            w -> {
              w.put(filter("first", Map.of(), add("", "own")));
              w.put(filter("second", Map.of(), limit("own")));
            },
            "filter-not-merged",
            "spec.configPatches"),
        ofRoutes("REPLACE", "IST0152"),
        ofRoutes("ADD", "IST0153"),
        ofRoutes("REMOVE", "IST0154"));
  }

  private static Case ofRoutes(String operation, String code) {
    Map<String, ?> patch =
        Map.of("applyTo", "HTTP_ROUTE", "patch", Map.of("operation", operation, "value", Map.of()));
    Map<String, ?> tree =
        Map.of(
            "metadata",
            Map.of("name", "routes", "namespace", "shop"),
            "spec",
            Map.of("configPatches", List.of(patch)));
    return new Case(
        operation + " of routes",
        w -> w.put(ObjectParser.parse(ConfigKind.ENVOY_FILTER, tree)),
        code,
        "spec.configPatches[0].patch.operation");
  }

  private static Patch limit(String name) {
    return new MergeFilter(
        ANYWHERE,
        ListenerMatch.ANY,
        name,
        new TypedConfig(TypedConfig.Type.LOCAL_RATE_LIMIT, Map.of()));
  }

  private static Patch add(String anchor, String name) {
    return new AddFilter(
        ANYWHERE,
        ListenerMatch.ANY,
        Position.AFTER,
        anchor,
        name,
        new TypedConfig(TypedConfig.Type.HEADER_MUTATION, Map.of()));
  }

  private static ConfigObject filter(String name, Map<String, String> labels, Patch patch) {
    return new EnvoyFilter(
        ObjectMeta.of(ConfigKind.ENVOY_FILTER, "shop", name),
        new PolicyTarget(labels, false),
        0,
        List.of(patch));
  }
}
