package dev.weft.proxy.xds;

import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RouteSource;
import dev.weft.runtime.RuntimeConfig;
import java.util.Set;
import java.util.TreeSet;

/** The route tables that listeners ask for. */
final class RouteNames {
  private RouteNames() {}

  static Set<String> of(RuntimeConfig config) {
    Set<String> names = new TreeSet<>();
    for (Listener listener : config.listeners().values()) {
      listener.allChains().forEach(chain -> add(chain, names));
    }
    return names;
  }

  private static void add(FilterChain chain, Set<String> names) {
    if (chain.pipeline() instanceof HttpPipeline http
        && http.routes() instanceof RouteSource.ByName byName) {
      names.add(byName.name());
    }
  }
}
