package dev.weft.proxy.xds;

import dev.weft.routing.ClusterChoice;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RouteSource;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TcpPipeline;
import dev.weft.runtime.Tracing;
import java.util.Set;
import java.util.TreeSet;

/** The clusters that listeners and routes lead to. */
final class ClusterNames {
  private ClusterNames() {}

  static Set<String> of(RuntimeConfig config) {
    Set<String> names = new TreeSet<>();
    for (Listener listener : config.listeners().values()) {
      listener.allChains().forEach(chain -> add(chain, names));
    }
    config.routeTables().values().forEach(table -> add(table, names));
    return names;
  }

  private static void add(FilterChain chain, Set<String> names) {
    switch (chain.pipeline()) {
      case TcpPipeline tcp -> add(tcp.clusters(), names);
      case HttpPipeline http -> {
        for (HttpFilter filter : http.filters()) {
          if (filter instanceof HttpFilter.ExternalAccess external) {
            names.add(external.authorizer().cluster());
          }
        }
        Tracing tracing = http.tracing();
        if (tracing != null) {
          names.add(tracing.collector().cluster());
        }
        if (http.routes() instanceof RouteSource.Inline inline) {
          add(inline.table(), names);
        }
      }
    }
  }

  private static void add(RouteTable table, Set<String> names) {
    table.virtualHosts().stream()
        .flatMap(host -> host.routes().stream())
        .forEach(
            route -> {
              if (route.action() instanceof RouteAction.Forward forward) {
                add(forward.clusters(), names);
                forward.mirrors().forEach(mirror -> names.add(mirror.cluster()));
              }
            });
  }

  private static void add(ClusterChoice choice, Set<String> names) {
    switch (choice) {
      case ClusterChoice.Single single -> names.add(single.cluster());
      case ClusterChoice.Weighted weighted ->
          weighted.clusters().forEach(cluster -> names.add(cluster.cluster()));
      // Only requests know.
      case ClusterChoice.ByHeader byHeader -> {}
    }
  }
}
