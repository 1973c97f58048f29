package dev.weft.translate;

import dev.weft.config.VirtualService.HeaderChanges;
import dev.weft.config.VirtualService.HeaderOperations;
import dev.weft.types.HeaderText;
import dev.weft.types.SubstitutionFormat;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.ArrayList;
import java.util.List;

/** Headers that a route sets, adds and removes. */
final class RouteHeaders {
  private RouteHeaders() {}

  static void route(Route.Builder route, HeaderOperations operations) {
    route
        .addAllRequestHeadersToAdd(additions(operations.request()))
        .addAllRequestHeadersToRemove(operations.request().remove())
        .addAllResponseHeadersToAdd(additions(operations.response()))
        .addAllResponseHeadersToRemove(operations.response().remove());
  }

  static void cluster(WeightedCluster.ClusterWeight.Builder cluster, HeaderOperations operations) {
    cluster
        .addAllRequestHeadersToAdd(additions(operations.request()))
        .addAllRequestHeadersToRemove(operations.request().remove())
        .addAllResponseHeadersToAdd(additions(operations.response()))
        .addAllResponseHeadersToRemove(operations.response().remove());
  }

  /** Setting the header {@code Host} means the authority; empty where it is not set. */
  static String authority(HeaderOperations operations) {
    return operations.request().set().entrySet().stream()
        .filter(e -> isAuthority(e.getKey()))
        .map(java.util.Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static boolean isAuthority(String header) {
    return header.equalsIgnoreCase("host") || header.equals(":authority");
  }

  private static List<HeaderValueOption> additions(HeaderChanges changes) {
    List<HeaderValueOption> options = new ArrayList<>();
    changes
        .set()
        .forEach(
            (name, value) -> {
              if (!isAuthority(name)) {
                options.add(option(name, value, HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
              }
            });
    changes
        .add()
        .forEach(
            (name, value) ->
                options.add(option(name, value, HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
    return options;
  }

  /**
   * @throws IllegalArgumentException for what a proxy would refuse
   */
  private static HeaderValueOption option(String name, String value, HeaderAppendAction action) {
    if (!HeaderText.isName(name) || !HeaderText.isValue(value)) {
      throw new IllegalArgumentException("'" + name + ": " + value + "' is no header");
    }
    SubstitutionFormat.parse(value);
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(action)
        .build();
  }
}
