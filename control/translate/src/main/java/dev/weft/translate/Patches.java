package dev.weft.translate;

import dev.weft.config.EnvoyFilter;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.Context;
import dev.weft.config.EnvoyFilter.MergeFilter;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import java.util.ArrayList;
import java.util.List;

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
                  add.config(),
                  PackedConfig.of(add.config())));
      case RemoveFilter remove -> filters.add(new FilterPatch.Remove(remove.at(), remove.name()));
      case MergeFilter merge ->
          filters.add(new FilterPatch.Merge(merge.at(), merge.name(), merge.config()));
      case ConfigureRoutes configure ->
          routes.add(new RoutePatch(configure.at(), configure.level(), PackedConfig.of(configure)));
    }
  }

  /** Those of filters in a listener. */
  List<FilterPatch> of(String listener, int port) {
    return filters.stream().filter(patch -> patch.concerns(listener, port)).toList();
  }
}
