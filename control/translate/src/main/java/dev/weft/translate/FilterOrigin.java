package dev.weft.translate;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.ObjectRef;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which object added an HTTP filter.
 *
 * @param filter its name
 */
public record FilterOrigin(ObjectRef object, String filter) {

  /**
   * Of the filters that a proxy's calls pass, each once, in the order of the objects.
   *
   * @param listener the name of one that takes calls
   * @param port that it is for
   */
  public static List<FilterOrigin> of(
      MeshSnapshot snapshot, ProxyNode node, String listener, int port) {
    ProxyView view = ProxyView.of(snapshot, node);
    if (view.at().envoyFilters().isEmpty()) {
      return List.of();
    }
    Set<String> names = names(snapshot, node, listener);
    Set<FilterOrigin> origins = new LinkedHashSet<>();
    for (EnvoyFilter object : snapshot.envoyFilters().of(view.at().envoyFilters())) {
      object.patches().stream()
          .filter(patch -> patch.where().holds(node.role().calls(), node.version()))
          .filter(patch -> patch instanceof AddFilter)
          .map(AddFilter.class::cast)
          .filter(add -> FilterPatch.concerns(add.at(), listener, port))
          .filter(add -> names.contains(add.name()))
          .forEach(add -> origins.add(new FilterOrigin(object.ref(), add.name())));
    }
    return List.copyOf(origins);
  }

  private static Set<String> names(MeshSnapshot snapshot, ProxyNode node, String listener) {
    Set<String> names = new HashSet<>();
    VersionedResource resource =
        new Translation().resources(snapshot, node).of(XdsType.LISTENER).get(listener);
    try {
      if (resource != null) {
        Listener message = resource.body().unpack(Listener.class);
        for (FilterChain chain : message.getFilterChainsList()) {
          for (Filter filter : chain.getFiltersList()) {
            if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
              filter
                  .getTypedConfig()
                  .unpack(HttpConnectionManager.class)
                  .getHttpFiltersList()
                  .forEach(http -> names.add(http.getName()));
            }
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a listener of our own that cannot be read", e);
    }
    return names;
  }
}
