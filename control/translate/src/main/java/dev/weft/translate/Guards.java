package dev.weft.translate;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands before everything else of a chain where traffic comes in: tokens are verified, then
 * it is decided who may come in.
 */
record Guards(List<HttpFilter> http, List<Filter> network) {
  static final Guards NONE = new Guards(List.of(), List.of());

  Guards {
    http = List.copyOf(http);
    network = List.copyOf(network);
  }

  static Guards of(AuthzInputs authz, JwtInputs jwt) {
    AuthzFilters access = AuthzTranslator.translate(authz);
    List<HttpFilter> http = new ArrayList<>(access.custom());
    http.addAll(JwtTranslator.translate(jwt));
    http.addAll(access.http());
    return new Guards(http, access.network());
  }
}
