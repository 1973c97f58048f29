package dev.weft.translate;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/**
 * Filters that decide who may come in.
 *
 * @param custom for HTTP, before tokens are looked at
 * @param http for HTTP
 * @param network for bytes
 */
record AuthzFilters(List<HttpFilter> custom, List<HttpFilter> http, List<Filter> network) {
  AuthzFilters {
    custom = List.copyOf(custom);
    http = List.copyOf(http);
    network = List.copyOf(network);
  }
}
