package dev.weft.translate;

import dev.weft.config.EnvoyFilter.ChainMatch;
import dev.weft.config.EnvoyFilter.ListenerMatch;
import dev.weft.config.EnvoyFilter.Position;
import dev.weft.config.TypedConfig;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/** A change of the HTTP filters of some chains. */
sealed interface FilterPatch {
  /** Where it happens. */
  ListenerMatch at();

  /**
   * A filter more.
   *
   * @param anchor the name of the filter that the position is about; empty for none
   * @param packed the configuration as proxies read it
   */
  record Add(
      ListenerMatch at,
      Position position,
      String anchor,
      String name,
      TypedConfig config,
      PackedConfig packed)
      implements FilterPatch {}

  /** Filters less, of those that were added. */
  record Remove(ListenerMatch at, String name) implements FilterPatch {}

  /**
   * Further configuration of filters that were added.
   *
   * @param config a part of one
   */
  record Merge(ListenerMatch at, String name, TypedConfig config) implements FilterPatch {}

  /** Whether something changes in a listener. */
  default boolean concerns(String listener, int port) {
    return concerns(at(), listener, port);
  }

  /** Whether a listener is meant. */
  static boolean concerns(ListenerMatch at, String listener, int port) {
    return (at.listener().isEmpty() || at.listener().equals(listener))
        && (at.port() == 0 || at.port() == port);
  }

  /**
   * Those that change a chain, of those that change its listener.
   *
   * @param match the connections that the chain says it is for
   */
  static List<FilterPatch> of(List<FilterPatch> listener, String chain, FilterChainMatch match) {
    return listener.stream().filter(patch -> isFor(patch.at().chain(), chain, match)).toList();
  }

  private static boolean isFor(ChainMatch at, String chain, FilterChainMatch match) {
    return (at.name().isEmpty() || at.name().equals(chain))
        && (at.port() == 0 || at.port() == match.getDestinationPort().getValue())
        && (at.serverName().isEmpty() || match.getServerNamesList().contains(at.serverName()))
        && (at.transport().isEmpty() || at.transport().equals(match.getTransportProtocol()))
        && match.getApplicationProtocolsList().containsAll(at.protocols());
  }

  /**
   * The filters of a chain with those that are added. The mesh's own stay where they are, and the
   * router last. What is merged comes after all else, as in Istio.
   *
   * @param own the mesh's own, the router last
   */
  static List<HttpFilter> apply(List<HttpFilter> own, List<FilterPatch> patches) {
    PatchedFilters filters = new PatchedFilters(own);
    for (FilterPatch patch : patches) {
      switch (patch) {
        case Add add -> filters.add(add);
        case Remove remove -> filters.remove(remove.name());
        case Merge merge -> {}
      }
    }
    for (FilterPatch patch : patches) {
      if (patch instanceof Merge merge) {
        filters.merge(merge);
      }
    }
    return filters.all();
  }
}
