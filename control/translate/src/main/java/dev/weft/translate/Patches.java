package dev.weft.translate;

import dev.weft.config.EnvoyFilter;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.Context;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import dev.weft.config.TypedConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What EnvoyFilters change of one kind of a proxy's traffic.
 *
 * @param filters in the order in which they are applied
 * @param routes later ones count
 */
record Patches(List<FilterPatch> filters, List<RoutePatch> routes) {
  static final Patches NONE = new Patches(List.of(), List.of());

  Patches {
    filters = List.copyOf(filters);
    routes = List.copyOf(routes);
  }

  /** Those for what a proxy sends on to services. */
  static Patches of(ProxyView view) {
    return of(
        view.snapshot().envoyFilters().of(view.at().envoyFilters()),
        view.at().role().calls(),
        view.at().version());
  }

  /**
   * Those for some traffic.
   *
   * @param holding the objects that hold for the proxy, in order
   * @param version that the proxy announces
   */
  static Patches of(List<EnvoyFilter> holding, Context traffic, String version) {
    if (holding.isEmpty()) {
      return NONE;
    }
    List<FilterPatch> filters = new ArrayList<>();
    List<RoutePatch> routes = new ArrayList<>();
    for (EnvoyFilter object : holding) {
      for (Patch patch : object.patches()) {
        if (patch.where().holds(traffic, version)) {
          try {
            add(patch, filters, routes);
          } catch (IllegalArgumentException e) {
            // It got past those who look when an object is applied; everything else goes on.
            continue;
          }
        }
      }
    }
    return new Patches(filters, routes);
  }

  private static void add(Patch patch, List<FilterPatch> filters, List<RoutePatch> routes) {
    switch (patch) {
      case AddFilter add ->
          filters.add(
              new FilterPatch.Add(
                  add.at(),
                  add.position(),
                  add.anchor(),
                  add.name(),
                  PackedConfig.of(add.config())));
      case RemoveFilter remove -> filters.add(new FilterPatch.Remove(remove.at(), remove.name()));
      case ConfigureRoutes configure ->
          routes.add(
              new RoutePatch(configure.at(), configure.level(), packed(configure.configs())));
    }
  }

  private static Map<String, PackedConfig> packed(Map<String, TypedConfig> configs) {
    Map<String, PackedConfig> packed = new LinkedHashMap<>();
    configs.forEach((name, config) -> packed.put(name, PackedConfig.of(config)));
    return packed;
  }

  /** Those of filters in a listener. */
  List<FilterPatch> of(String listener, int port) {
    return filters.stream().filter(patch -> patch.concerns(listener, port)).toList();
  }
}
